// A client of the old system finds its way: its events, its shapes, plus `auth: {token}`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { io } from 'socket.io-client';
import { Device } from '../support/client.mjs';
import { Server } from '../support/server.mjs';

let server;
before(async () => (server = await (await Server.create()).start()));
after(() => server.destroy());

test('connect, join-user, join-chat, send-msg, new-msg as before', { timeout: 60_000 }, async () => {
  const teacher = await Device.register(server);
  const chatId = await teacher.createChat();
  const socket = io(server.url, {
    transports: ['websocket', 'polling'], timeout: 10_000, forceNew: true, auth: { token: teacher.token },
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  assert.equal((await socket.emitWithAck('join-user', teacher.user.id)).ok, true);
  assert.equal((await socket.emitWithAck('join-chat', chatId)).ok, true);

  const received = [];
  const both = new Promise((resolve) => socket.on('new-msg', (m) => received.push(m) === 2 && resolve()));
  const ack = await socket.emitWithAck('send-msg', { chatId, content: '你好', userId: teacher.user.id });
  assert.equal(ack.ok, true);
  await both;
  assert.equal(received[0].id, ack.id);
  assert.equal(received[0].seq, ack.seq);
  for (const field of ['id', 'role', 'content', 'time']) assert.ok(received[0][field], field);
  assert.equal(received[1].role, 'AI');

  const { body } = await teacher.rest('GET', '/api/chat');
  assert.equal(body.chats[0].id, chatId);
  assert.equal(body.chats[0].msgs.length, 1);
  socket.disconnect();
});

test('send-msg with the same clientId is stored once', { timeout: 60_000 }, async () => {
  const teacher = await Device.register(server);
  await teacher.connect();
  const chatId = await teacher.createChat();
  const message = { chatId, content: 'once', clientId: 'k1' };
  const [first, second] = [await teacher.socket.emitWithAck('send-msg', message), await teacher.socket.emitWithAck('send-msg', message)];
  assert.deepEqual(second, first);
  teacher.close();
});

test('nobody else can be named: join-user and send-msg are forbidden', { timeout: 60_000 }, async () => {
  const [teacher, other] = [await Device.register(server), await Device.register(server)];
  await teacher.connect();
  const chatId = await teacher.createChat();
  assert.equal((await teacher.socket.emitWithAck('join-user', other.user.id)).error.code, 'forbidden');
  const forged = await teacher.socket.emitWithAck('send-msg', { chatId, content: 'x', userId: other.user.id });
  assert.equal(forged.error.code, 'forbidden');
  const foreign = await other.createChat();
  assert.equal((await teacher.socket.emitWithAck('send-msg', { chatId: foreign, content: 'x' })).error.code, 'not_found');
  teacher.close();
});

test('without a good token there is no connection, and the reason is machine-readable', { timeout: 60_000 }, async () => {
  for (const auth of [undefined, {}, { token: '' }, { token: 'nonsense' }, { token: 7 }]) {
    const socket = io(server.url, { transports: ['websocket'], forceNew: true, reconnection: false, auth });
    const error = await new Promise((resolve) => socket.once('connect_error', resolve));
    assert.equal(error.data?.code, 'unauthenticated', JSON.stringify(auth));
    socket.disconnect();
  }
});
