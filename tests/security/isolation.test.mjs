// S31: two tenants. Every route of contract/openapi.yaml and every event of contract/events.schema.json
// has a case in cases.mjs, so that a new one without a case fails: asked by somebody who may not, with ids
// that exist and with ids that never did, the two answers are the same to the byte, also where some of the
// ids are one's own. That they are the same work, and so take as long, is counted where it can be counted:
// ApiTest.OtherPeoplesChatsDoNotExistInAnyRoute.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Device } from '../support/client.mjs';
import { Server } from '../support/server.mjs';
import { parts } from '../support/tokens.mjs';
import { attempt, clientEvents, events, exempt, nothing, operations, roles, routes } from './cases.mjs';

const secret = 'SECRET-OF-ANN';

let server;
let ann; // the tenant with something to lose
let mallory; // the other one
let theirs; // what is Ann's
let mine; // what is Mallory's, for asking with some of each
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
  theirs = { chat, message, user: ann.user.id, session: parts(ann.token).claims.sid, token: ann.token,
    upload: nothing().upload }; // UploadRoutesTest has one that is another's
  const own = await mallory.createChat('', { ai: 'off' });
  mine = { chat: own, message: (await mallory.post(own, 'mine')).body.id, user: mallory.user.id };
  view = (await ann.rest('GET', `/api/chat/${chat}/rubric`)).body;
});
after(async () => {
  ann.close();
  mallory.close();
  await server.destroy();
});

/** All that a stranger could compare. */
function looks(answer) {
  const { date, ...headers } = answer.headers;
  assert.ok(date);
  return { status: answer.status, headers, text: answer.text.replace(/"traceId":"[0-9a-f]{32}"/, '') };
}

test('S31: every route and every event has a case', () => {
  assert.deepEqual(operations.map((each) => each.id).sort(), Object.keys(routes).sort(), 'a route of contract/openapi.yaml without a case, or a case without a route');
  assert.deepEqual([...clientEvents].sort(), Object.keys(events).sort(), 'an event of contract/events.schema.json without a case, or a case without an event');
  for (const each of [...Object.values(routes), ...Object.values(events)].filter(({ own, administrators }) => !own && !administrators)) {
    assert.deepEqual(Object.keys(each.may ?? {}), roles, 'a case says what each role gets');
    for (const outcome of Object.values(each.may)) assert.ok(['allowed', 'forbidden', 'not_found', 'assistant_off', 'nothing_to_stop'].includes(outcome), outcome);
  }
  const named = operations.filter((each) => each.names.length > 0);
  for (const { id } of named) assert.ok(!routes[id].own, `${id} names a thing that may be another's: compare it`);
  assert.ok(named.length >= 16);
  for (const name of Object.keys(exempt)) assert.ok(operations.some(({ fields }) => fields.includes(name)), `${name} is in no route any more`);
});

for (const operation of operations.filter(({ id }) => routes[id]?.administrators)) {
  test(`S31: ${operation.method} ${operation.pattern} is for administrators alone`, { timeout: 60_000 }, async () => {
    const { status, body } = await attempt(server, operation, nothing(), mallory.token);
    assert.deepEqual([status, body.code], [403, 'forbidden']);
    assert.notEqual((await attempt(server, operation, nothing(), ann.token)).status, 403, 'the first user is one');
  });
}

for (const operation of operations.filter(({ id }) => !routes[id]?.administrators)) {
  const { own } = routes[operation.id] ?? {};
  test(`S31: ${operation.method} ${operation.pattern} ${own ? `shows nothing of others: ${own}` : 'answers for ids of others as for ids that never were'}`, { timeout: 60_000 }, async () => {
    assert.ok(operation.id in routes, `${operation.id} has no case`);
    if (own) {
      const answer = await attempt(server, operation, theirs, (await mallory.another()).token); // which may sign out
      assert.ok(answer.status < 500);
      for (const each of [secret, theirs.chat, theirs.message, ann.user.id, ann.account.email, theirs.session]) assert.ok(!answer.text.includes(each), `${answer.status} ${answer.text}`);
      return;
    }
    const pairs = [[theirs, nothing]]; // ids of others, and what to compare them with
    if (operation.names.length > 1) {
      pairs.push([{ ...theirs, chat: mine.chat }, () => ({ ...nothing(), chat: mine.chat })], [{ ...mine, chat: theirs.chat }, nothing]);
    }
    for (const [ids, others] of pairs) {
      const [real, unreal] = [[], []];
      for (let n = 0; n < 3; n += 1) { // neither do they change where one asks again
        real.push(await attempt(server, operation, ids, mallory.token));
        unreal.push(await attempt(server, operation, others(), mallory.token));
      }
      assert.equal(real[0].status, 404);
      assert.equal(real[0].body.code, 'not_found');
      for (const each of [...real, ...unreal]) assert.deepEqual(looks(each), looks(real[0]));
    }
  });
}

for (const [name, { payload, codes, silent }] of Object.entries(events)) {
  test(`S31: the event ${name} does for a stranger what it does for nobody's ids`, { timeout: 60_000 }, async () => {
    let heard = 0;
    const count = () => (heard += 1);
    ann.socket.on('typing', count);
    const answers = [];
    for (const ids of [theirs, nothing()]) {
      if (silent) mallory.socket.emit(name, payload(ids));
      else answers.push(await mallory.socket.emitWithAck(name, payload(ids)));
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
