// The gateway seen by official clients: who is there, who types, tokens that change and end, limits,
// and a server that goes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { io } from 'socket.io-client';
import WebSocket from 'ws';
import { Device } from '../support/client.mjs';
import { Server } from '../support/server.mjs';

let server;
before(async () => (server = await (await Server.create()).start()));
after(() => server.destroy());

const next = (socket, name, wanted = () => true) =>
  new Promise((resolve) => {
    const listener = (payload) => {
      if (!wanted(payload)) return;
      socket.off(name, listener);
      resolve(payload);
    };
    socket.on(name, listener);
  });

/** Two teachers in one chat, the second by long polling only. */
async function pair() {
  const [ann, bob] = [await Device.register(server, 'Ann'), await Device.register(server, 'Bob')];
  const chatId = await ann.createChat('shared');
  const added = await ann.rest('POST', `/api/chat/${chatId}/members`, { email: bob.account.email, role: 'editor' });
  assert.ok(added.status < 300, JSON.stringify(added.body));
  await ann.connect();
  await bob.connect({ transports: ['polling'], upgrade: false });
  return { ann, bob, chatId };
}

test('presence and typing reach the others, by each transport', { timeout: 60_000 }, async () => {
  const { ann, bob, chatId } = await pair();
  await ann.join(chatId);
  const together = next(ann.socket, 'presence', (p) => p.userIds.length === 2);
  await bob.join(chatId);
  assert.deepEqual((await together).userIds.toSorted(), [ann.user.id, bob.user.id].toSorted());

  const typing = next(bob.socket, 'typing');
  ann.socket.emit('typing', { chatId });
  assert.deepEqual(await typing, { chatId, userId: ann.user.id });

  const alone = next(ann.socket, 'presence', (p) => p.userIds.length === 1);
  bob.close();
  assert.deepEqual((await alone).userIds, [ann.user.id]);
  ann.close();
});

test('a removed member gets the event, and nothing after it', { timeout: 60_000 }, async () => {
  const { ann, bob, chatId } = await pair();
  await Promise.all([ann.join(chatId), bob.join(chatId)]);
  const gone = next(bob.socket, 'member-removed');
  const removed = await ann.rest('DELETE', `/api/chat/${chatId}/members/${bob.user.id}`);
  assert.ok(removed.status < 300, JSON.stringify(removed));
  assert.equal((await gone).userId, bob.user.id);
  await ann.post(chatId, 'among ourselves');
  await ann.until(() => ann.messages(chatId).length >= 2);
  assert.equal(bob.messages(chatId).length, 0);
  assert.equal((await bob.socket.emitWithAck('join-chat', chatId)).error.code, 'not_found');
  ann.close();
  bob.close();
});

test('what an answer streams is what it says in the end', { timeout: 60_000 }, async () => {
  const teacher = await Device.register(server);
  await teacher.connect();
  const chatId = await teacher.createChat();
  await teacher.join(chatId);
  let text = '';
  teacher.socket.on('ai-delta', (delta) => (text = text.slice(0, delta.off) + delta.text));
  await teacher.post(chatId, '請為八年級的議論文設計評分規準，5 個等級，總分 100');
  await teacher.until(() => teacher.messages(chatId).length === 2);
  const answer = teacher.messages(chatId)[1];
  assert.equal(answer.role, 'AI');
  assert.ok(text.length > 0, 'nothing was streamed');
  assert.equal(text, answer.content);
  assert.deepEqual(teacher.violations, []);
  teacher.close();
});

test('the list of every device follows a chat that only one has open', { timeout: 60_000 }, async () => {
  const teacher = await Device.register(server);
  const other = await teacher.another();
  await Promise.all([teacher.connect(), other.connect()]);
  const chatId = await teacher.createChat('議論文');
  const line = next(other.socket, 'chat-updated', (l) => l.lastMessage?.role === 'AI');
  await teacher.post(chatId, '你好');
  const { title, unread, updatedAt, lastMessage } = await line;
  assert.equal(title.length > 0, true);
  assert.ok(unread >= 1);
  assert.equal(updatedAt >= lastMessage.time, true);
  teacher.close();
  other.close();
});

test('a long absence ends in a resync, a shorter one in a replay', { timeout: 120_000 }, async () => {
  const teacher = await Device.register(server);
  await teacher.connect();
  const chatId = await teacher.createChat();
  for (let n = 1; n <= 6; n++) {
    const titles = Array.from({ length: 90 }, (_, i) =>
      teacher.untilAllowed('PATCH', `/api/chat/${chatId}`, { title: `t${n}-${i}` }));
    for (const { status } of await Promise.all(titles)) assert.equal(status, 200);
  }
  const { head, ...far } = await teacher.socket.emitWithAck('join-chat', { chatId, epoch: 1, after: 1 });
  assert.equal(far.resync, true);
  assert.equal(head, 541);
  teacher.chats.set(chatId, { epoch: 1, seq: 100, events: [] });
  const near = await teacher.socket.emitWithAck('join-chat', { chatId, epoch: 1, after: 100 });
  assert.equal(near.resync, undefined);
  await teacher.until(() => teacher.chats.get(chatId).seq === 541);
  assert.deepEqual(teacher.violations, []);
  teacher.close();
});

test('signing out ends the sockets of that sign-in and no others', { timeout: 60_000 }, async () => {
  const teacher = await Device.register(server);
  const other = await teacher.another();
  const { email, password } = teacher.account;
  const login = await teacher.rest('POST', '/api/auth/login', { email, password });
  teacher.adopt(login.body);
  const cookie = login.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  await Promise.all([teacher.connect(), other.connect()]);
  const ended = new Promise((resolve) => teacher.socket.once('disconnect', resolve));
  const notice = next(teacher.socket, 'server-closing');
  const begin = performance.now();
  assert.ok((await teacher.rest('POST', '/api/auth/logout', {}, { cookie })).status < 300);
  assert.equal(await ended, 'io server disconnect', 'the official client stays away then');
  assert.ok(performance.now() - begin < 2_000);
  assert.deepEqual(await notice, { code: 'session_revoked', comeBack: false });
  assert.equal(other.socket.connected, true);
  const again = io(server.url, { auth: { token: teacher.token }, forceNew: true, reconnection: false, transports: ['websocket'] });
  const error = await new Promise((resolve) => again.once('connect_error', resolve));
  assert.equal(error.data.code, 'session_revoked');
  other.close();
});

test('a user has twenty sockets, the twenty-first is told why not', { timeout: 60_000 }, async () => {
  const teacher = await Device.register(server);
  const open = () => io(server.url, { auth: { token: teacher.token }, forceNew: true, reconnection: false, transports: ['websocket'] });
  const sockets = Array.from({ length: 20 }, open);
  await Promise.all(sockets.map((s) => new Promise((resolve) => s.once('connect', resolve))));
  const error = await new Promise((resolve) => open().once('connect_error', resolve));
  assert.equal(error.data.code, 'too_many_connections');
  for (const socket of sockets) socket.disconnect();
});

test('a server that stops says so, and its clients come back to everything they missed', { timeout: 60_000 }, async () => {
  const own = await (await Server.create()).start();
  try {
    const teacher = await Device.register(own);
    const chatId = await teacher.createChat();
    const devices = [teacher, await teacher.another(), await teacher.another()];
    for (const device of devices) {
      await device.connect();
      await device.join(chatId);
    }
    const notices = devices.map((d) => next(d.socket, 'server-draining'));
    const reasons = devices.map((d) => new Promise((resolve) => d.socket.once('disconnect', resolve)));
    await own.stop();
    for (const { afterMs } of await Promise.all(notices)) assert.ok(afterMs >= 0 && afterMs < 30_000);
    for (const reason of await Promise.all(reasons)) assert.equal(reason, 'transport close');
    await own.start();
    await teacher.postUntilStored(chatId, 'after the restart');
    for (const device of devices) await device.until(() => device.messages(chatId).length === 2);
    for (const device of devices) assert.deepEqual(device.violations, []);
    for (const device of devices) device.close();
  } finally {
    await own.destroy();
  }
});

test('a message as long as for POST goes by socket, too, whatever its escapes take', { timeout: 60_000 }, async () => {
  const teacher = await Device.register(server);
  await teacher.connect();
  const chatId = await teacher.createChat();
  await teacher.join(chatId);
  const content = '\u0001'.repeat(30_000); // 180 KB of JSON
  const ack = await teacher.socket.emitWithAck('send-msg', { chatId, content });
  assert.equal(ack.ok, true, JSON.stringify(ack));
  await teacher.until(() => teacher.messages(chatId).length > 0);
  assert.equal(teacher.messages(chatId)[0].content, content);
  assert.equal((await teacher.socket.emitWithAck('send-msg', { chatId, content: 'x'.repeat(32_769) })).error.code, 'content_too_long');
  teacher.close();
});

test('an event that is too large is told so, and the official client stays away', { timeout: 60_000 }, async () => {
  const teacher = await Device.register(server);
  await teacher.connect();
  const notice = next(teacher.socket, 'server-closing');
  const ended = new Promise((resolve) => teacher.socket.once('disconnect', resolve));
  teacher.socket.emit('join-chat', 'x'.repeat(9_000));
  assert.deepEqual(await notice, { code: 'too_large', comeBack: false });
  assert.equal(await ended, 'io server disconnect');
  assert.equal(teacher.socket.active, false, 'it does not try again by itself');
  teacher.close();
});

test('frames that are no text or too large end their connection and no other', { timeout: 60_000 }, async () => {
  const { ann, bob, chatId } = await pair();
  await Promise.all([ann.join(chatId), bob.join(chatId)]);
  const raw = async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const connected = new Promise((resolve) => socket.on('message', (text) => {
      if (String(text).startsWith('0')) {
        assert.equal(JSON.parse(String(text).slice(1)).maxPayload, 262_144);
        socket.send(`40${JSON.stringify({ token: ann.token })}`);
      } else if (String(text).startsWith('40')) resolve();
    }));
    await connected;
    return { socket, closed };
  };
  const text = await raw();
  text.socket.send(Buffer.from('42["join-chat","\xff\xfe"]', 'latin1'), { binary: false });
  assert.equal(await text.closed, 1007);
  const large = await raw();
  large.socket.send(`42["send-msg",${JSON.stringify({ chatId, content: 'x'.repeat(262_144) })}]`);
  assert.equal(await large.closed, 1009);
  await ann.post(chatId, 'undisturbed');
  await bob.until(() => bob.messages(chatId).length > 0);
  assert.equal(bob.messages(chatId)[0].content, 'undisturbed');
  ann.close();
  bob.close();
});
