// S31: two tenants. Every route of contract/openapi.yaml and every event of contract/events.schema.json
// has a case here, so that a new one without a case fails: asked by somebody who may not, with ids that
// exist and with ids that never did, the two answers are the same to the byte. That they are the same work,
// and so take as long, is counted where it can be counted: ApiTest.OtherPeoplesChatsDoNotExistInAnyRoute.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'yaml';
import { Device } from '../support/client.mjs';
import { ask, bearer } from '../support/http.mjs';
import { Server } from '../support/server.mjs';
import { parts } from '../support/tokens.mjs';

const read = (name) => readFileSync(new URL(`../../contract/${name}`, import.meta.url), 'utf8');
const operations = Object.entries(parse(read('openapi.yaml')).paths).flatMap(([pattern, item]) =>
  Object.entries(item).filter(([method]) => method !== 'parameters').map(([method, operation]) => ({ id: operation.operationId, method: method.toUpperCase(), pattern })));
const clientEvents = Object.keys(JSON.parse(read('events.schema.json')).properties.client.properties);

const secret = 'SECRET-OF-ANN';
const rubric = (view) => view.rubric;

/** What of ids a tenant has, or never existed. */
const nothing = () => ({ chat: randomUUID().replace(/^(.{14})./, '$17'), message: randomUUID().replace(/^(.{14})./, '$17'), user: randomUUID().replace(/^(.{14})./, '$17'), session: randomUUID().replace(/^(.{14})./, '$17') });

/**
 * `body` and `query` make a good request out of ids; what names nobody else's things is `own`, and says
 * why it needs no comparison: it is looked at for what it shows of others instead.
 */
const routes = {
  register: { own: 'makes an account' }, login: { own: 'needs the password' },
  refresh: { own: 'needs the cookie' }, logout: { own: 'ends what its own token and cookie name' },
  getMe: { own: 'the token says who' }, updateMe: { own: 'the token says who', body: () => ({ name: 'Mallory' }) },
  listSessions: { own: 'the token says whose' }, endSession: {},
  changePassword: { own: 'the token says whose' }, listMyEvents: { own: 'the token says whose' },
  listChats: { own: 'lists what one is a member of', query: `?q=${secret}` }, createChat: { own: 'makes a chat', body: () => ({ title: 'x' }) },
  postMessage: { body: (ids) => ({ chatId: ids.chat, content: 'x' }) },
  getChat: {}, updateChat: { body: () => ({ title: 'x' }) }, deleteChat: {}, restoreChat: { body: () => ({}) },
  listMessages: { query: '?limit=10' }, editMessage: { body: () => ({ content: 'x' }) }, deleteMessage: {},
  listChatEvents: { query: '?after=0&limit=10' }, markRead: { body: () => ({ seq: 1 }) },
  listMembers: {}, addMember: { body: () => ({ email: 'mallory@evil.example', role: 'owner' }) }, removeMember: {},
  getRubric: {}, putRubric: { body: (_, view) => rubric(view) },
  getOpenapi: { own: 'the same for all' }, getJwks: { own: 'the same for all' },
  getHealth: { own: 'the same for all' }, getReadiness: { own: 'the same for all' },
};

/** An event's payload out of ids, and the code that a stranger gets; without an answer, nothing may reach the others. */
const events = {
  auth: { payload: (ids, ann) => ({ token: ids.theirs ? ann.token : 'x.y.z' }), codes: ['forbidden', 'unauthenticated'] },
  'join-user': { payload: (ids) => ids.user, codes: ['forbidden'] },
  'join-chat': { payload: (ids) => ({ chatId: ids.chat, epoch: 1, after: 0 }), codes: ['not_found'] },
  'leave-chat': { payload: (ids) => ids.chat, codes: [] },
  'send-msg': { payload: (ids) => ({ chatId: ids.chat, content: 'x' }), codes: ['not_found'] },
  typing: { payload: (ids) => ({ chatId: ids.chat }), silent: true },
};

let server;
let ann; // the tenant with something to lose
let mallory; // the other one
let theirs; // what is Ann's
let view; // her chat, as she sees it

before(async () => {
  const env = { RUBRICON_USER_REQUESTS_PER_SECOND: '10000', RUBRICON_ADDRESS_REQUESTS_PER_SECOND: '100000', RUBRICON_SOCKET_EVENTS_PER_SECOND: '1000' };
  server = await (await Server.create({ env })).start();
  [ann, mallory] = [await Device.register(server, secret), await Device.register(server, 'Mallory')];
  await Promise.all([ann.connect(), mallory.connect()]);
  const chat = await ann.createChat(secret);
  await ann.join(chat);
  const { body: { id: message } } = await ann.post(chat, `請為八年級的議論文設計評分規準，5 個等級，總分 100 ${secret}`);
  await ann.until(() => ann.chats.get(chat).events.some((event) => event.name === 'rubric-updated') && ann.messages(chat).length === 2);
  theirs = { chat, message, user: ann.user.id, session: parts(ann.token).claims.sid, theirs: true };
  view = (await ann.rest('GET', `/api/chat/${chat}/rubric`)).body;
});
after(async () => {
  ann.close();
  mallory.close();
  await server.destroy();
});

const fill = (pattern, ids) => pattern.replace(/\{(\w+)Id\}/g, (_, name) => {
  assert.ok(name in ids, `no id for {${name}Id} of ${pattern}: give this file one`);
  return ids[name];
});

async function attempt(operation, ids, { token } = mallory) {
  const { body, query = '' } = routes[operation.id];
  const options = { headers: { ...bearer(token), 'if-match': '"1"' } };
  const needsBody = ['POST', 'PUT', 'PATCH'].includes(operation.method);
  if (needsBody) options.body = body ? body(ids, view) : {};
  return ask(server, operation.method, fill(operation.pattern, ids) + query, options);
}

/** All that a stranger could compare. */
function looks(answer) {
  const { date, ...headers } = answer.headers;
  assert.ok(date);
  return { status: answer.status, headers, text: answer.text.replace(/"traceId":"[0-9a-f]{32}"/, '') };
}

test('S31: every route and every event has a case', () => {
  assert.deepEqual(operations.map((each) => each.id).sort(), Object.keys(routes).sort(), 'a route of contract/openapi.yaml without a case, or a case without a route');
  assert.deepEqual([...clientEvents].sort(), Object.keys(events).sort(), 'an event of contract/events.schema.json without a case, or a case without an event');
  const named = operations.filter((each) => each.pattern.includes('{') || routes[each.id].body?.(nothing(), {})?.chatId);
  for (const { id } of named) assert.ok(!routes[id].own, `${id} names a thing that may be another's: compare it`);
  assert.ok(named.length >= 16);
});

for (const operation of operations) {
  const { own } = routes[operation.id] ?? {};
  test(`S31: ${operation.method} ${operation.pattern} ${own ? `shows nothing of others: ${own}` : 'answers for ids of others as for ids that never were'}`, { timeout: 60_000 }, async () => {
    assert.ok(operation.id in routes, `${operation.id} has no case`);
    if (own) {
      const answer = await attempt(operation, theirs, await mallory.another()); // which may sign out
      assert.ok(answer.status < 500);
      for (const each of [secret, theirs.chat, theirs.message, ann.user.id, ann.account.email, theirs.session]) assert.ok(!answer.text.includes(each), `${answer.status} ${answer.text}`);
      return;
    }
    const [real, unreal] = [[], []];
    for (let n = 0; n < 3; n += 1) { // neither do they change where one asks again
      real.push(await attempt(operation, theirs));
      unreal.push(await attempt(operation, nothing()));
    }
    assert.equal(real[0].status, 404);
    for (const each of [...real, ...unreal]) assert.deepEqual(looks(each), looks(real[0]));
  });
}

for (const [name, { payload, codes, silent }] of Object.entries(events)) {
  test(`S31: the event ${name} does for a stranger what it does for nobody's ids`, { timeout: 60_000 }, async () => {
    let heard = 0;
    const count = () => (heard += 1);
    ann.socket.on('typing', count);
    const answers = [];
    for (const ids of [theirs, nothing()]) {
      if (silent) mallory.socket.emit(name, payload(ids, ann));
      else answers.push(await mallory.socket.emitWithAck(name, payload(ids, ann)));
    }
    if (silent) await wait(300);
    ann.socket.off('typing', count);
    assert.equal(heard, 0);
    if (silent) return;
    assert.deepEqual(answers.map((each) => each.error?.code).filter(Boolean), codes.length === 1 ? [codes[0], codes[0]] : codes);
    if (codes.length < 2) assert.deepEqual(answers[0], answers[1]);
    assert.ok(!JSON.stringify(answers).includes(secret));
  });
}

test('S31: after all that, nothing of the other tenant has changed', async () => {
  const { body } = await ann.rest('GET', `/api/chat/${theirs.chat}`);
  assert.equal(body.title, secret);
  assert.equal(body.members.length, 1);
  assert.equal(body.msgs.length, 2);
  assert.equal(body.rubric.version, view.version);
  assert.equal((await ann.rest('GET', '/api/me')).body.name, secret);
  assert.deepEqual(ann.violations, []);
});
