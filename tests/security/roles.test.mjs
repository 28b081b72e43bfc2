// S31: what each role in a chat may do, for every case of cases.mjs: a viewer, an editor, an owner and somebody who
// was removed ask for it, in a chat of its own that another owns. What is refused changes nothing.
// tests: src/adapters/sqlite/access.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Device } from '../support/client.mjs';
import { Server } from '../support/server.mjs';
import { parts } from '../support/tokens.mjs';
import { attempt, events, nothing, operations, roles, routes } from './cases.mjs';

let server;
let ann; // whose chats they are
let bob; // a member whom owners may remove
let eve; // nobody yet, whom owners may add
let devices; // by role

before(async () => {
  const env = { RUBRICON_USER_REQUESTS_PER_SECOND: '10000', RUBRICON_ADDRESS_REQUESTS_PER_SECOND: '100000', RUBRICON_SOCKET_EVENTS_PER_SECOND: '1000' };
  server = await (await Server.create({ env })).start();
  const register = async (name, n) => Device.register(server, name, `127.0.0.${n + 2}`);
  const [first, second, third, ...others] = await Promise.all(['ann', 'bob', 'eve', ...roles].map(register));
  [ann, bob, eve, devices] = [first, second, third, Object.fromEntries(roles.map((role, n) => [role, others[n]]))];
  await Promise.all([ann, ...others].map((device) => device.connect()));
});
after(async () => {
  for (const device of [ann, ...Object.values(devices)]) device.close();
  await server.destroy();
});

const ok = ({ status, body }) => assert.ok(status < 300, JSON.stringify(body));
const invite = async (chat, { account }, role) => ok(await ann.rest('POST', `/api/chat/${chat}/members`, { email: account.email, role }));

/** A chat in which everybody was an editor, follows it and has written, before they got their roles. */
async function sharedChat() {
  const chat = await ann.createChat('theirs', { ai: 'off' });
  const rubric = routes.putRubric.body({ chat });
  ok(await ann.rest('PUT', `/api/chat/${chat}/rubric`, rubric, { 'if-match': '"0"' }));
  await invite(chat, bob, 'viewer');
  const ids = {};
  for (const role of roles) {
    const device = devices[role];
    await invite(chat, device, 'editor');
    assert.equal((await device.join(chat)).ok, true);
    const { body: message } = await device.post(chat, role);
    ids[role] = { chat, message: message.id, seq: message.seq, user: bob.user.id, session: parts(ann.token).claims.sid, token: ann.token, email: eve.account.email,
      upload: nothing().upload };
  }
  await ann.join(chat);
  await invite(chat, devices.viewer, 'viewer');
  await invite(chat, devices.owner, 'owner');
  const gone = new Promise((resolve) => devices.removed.socket.once('member-removed', resolve));
  ok(await ann.rest('DELETE', `/api/chat/${chat}/members/${devices.removed.user.id}`));
  await gone;
  return { chat, ids };
}

/** All that a refused request could have changed. */
async function seenByAnn(chat) {
  const [view, stored, sessions] = await Promise.all(['', '/events?after=0&limit=500'].map((path) => ann.rest('GET', `/api/chat/${chat}${path}`)).concat(ann.rest('GET', '/api/me/sessions')));
  return JSON.stringify([view, stored, sessions].map(({ status, body }) => [status, { ...body, traceId: '' }]));
}

const outcomeOf = ({ status, body }) => (status < 300 ? 'allowed' : body.code);

for (const operation of operations) {
  const { may, deleted } = routes[operation.id] ?? {};
  if (!may) continue; // names nobody's things; isolation.test.mjs sees to it that those that do have one
  test(`S31: ${operation.method} ${operation.pattern} does for each role in the chat what that role may`, { timeout: 60_000 }, async () => {
    const { chat, ids } = await sharedChat();
    const { version } = (await ann.rest('GET', `/api/chat/${chat}/rubric`)).body;
    if (deleted) ok(await ann.rest('DELETE', `/api/chat/${chat}`));
    let changes = 0;
    const got = {};
    for (const role of ['removed', 'viewer', 'editor', 'owner']) { // who may most is last: it may be gone afterwards
      const seen = await seenByAnn(chat);
      const outcome = outcomeOf(await attempt(server, operation, ids[role], devices[role].token, version + changes));
      got[role] = outcome;
      if (outcome === 'allowed') changes += 1;
      else if (may[role] !== 'allowed') assert.equal(await seenByAnn(chat), seen, `refused to ${role}, and done`);
    }
    assert.deepEqual(got, may);
  });
}

for (const id of ['editMessage', 'deleteMessage']) {
  test(`S31: ${id} is for the author alone, whatever the role`, { timeout: 60_000 }, async () => {
    const { chat } = await sharedChat();
    const message = (await ann.post(chat, 'of ann')).body.id;
    const operation = operations.find((each) => each.id === id);
    for (const role of roles) {
      const answer = await attempt(server, operation, { chat, message }, devices[role].token);
      assert.equal(outcomeOf(answer), role === 'removed' ? 'not_found' : 'forbidden', role);
    }
  });
}

for (const [name, { may, payload, silent }] of Object.entries(events)) {
  test(`S31: the event ${name} does for each role in the chat what that role may`, { timeout: 60_000 }, async () => {
    const { chat, ids } = await sharedChat();
    const typed = new Set();
    const note = (event) => event.chatId === chat && typed.add(event.userId);
    ann.socket.on('typing', note);
    const got = {};
    for (const role of roles) {
      const { socket } = devices[role];
      if (silent) socket.emit(name, payload(ids[role]));
      else got[role] = (await socket.emitWithAck(name, payload(ids[role]))).error?.code ?? 'allowed';
    }
    if (silent) {
      const allowed = Object.values(may).filter((each) => each === 'allowed');
      await Promise.race([ann.until(() => typed.size >= allowed.length), wait(5_000)]);
      await wait(300); // and nobody else
      for (const role of roles) got[role] = typed.has(devices[role].user.id) ? 'allowed' : 'not_found';
    }
    ann.socket.off('typing', note);
    assert.deepEqual(got, may);
  });
}
