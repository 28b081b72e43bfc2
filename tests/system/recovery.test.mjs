// Connection state recovery with the official client and nothing else: it keeps no position of its
// own, and `socket.recovered` must say the truth about what it has heard.
// tests: src/gateway/recovery.cpp
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { io } from 'socket.io-client';
import { checkEvent } from '../support/contract.mjs';
import { Device } from '../support/client.mjs';
import { Server } from '../support/server.mjs';

let server;
before(async () => (server = await (await Server.create()).start()));
after(() => server.destroy());

/** An official client that writes down what it hears, and whether each of its connections was recovered. */
class Listener {
  constructor(on, device, options = {}) {
    this.heard = [];
    this.connections = [];
    this.socket = io(on.url, {
      auth: (give) => give({ token: device.token }),
      transports: ['websocket'],
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
      forceNew: true,
      ...options,
    });
    this.socket.on('connect', () => this.connections.push(this.socket.recovered));
    this.socket.onAny((name, payload) => {
      checkEvent(name, payload);
      if (payload.seq !== undefined && payload.chatId) this.heard.push(payload);
    });
  }

  seqs(chatId) {
    return this.heard.filter((event) => event.chatId === chatId).map((event) => event.seq);
  }

  async join(chatId) {
    const ack = await this.socket.emitWithAck('join-chat', { chatId });
    assert.equal(ack.ok, true, JSON.stringify(ack));
    return ack;
  }

  async until(predicate) {
    while (!predicate()) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** The network goes: no packet of the protocol says so. */
  drop() {
    this.socket.io.engine.close();
    return this.until(() => !this.socket.connected);
  }

  /** The same, and it does not come back before it is told to. */
  async stayAway() {
    this.socket.io.reconnection(false);
    await this.drop();
  }

  async comeBack() {
    const before = this.connections.length;
    this.socket.io.reconnection(true);
    this.socket.connect();
    await this.until(() => this.connections.length > before);
  }
}

/** A teacher whose assistant keeps out of it, a chat, and an official client in it. */
async function scene(options) {
  const teacher = await Device.register(server);
  const chatId = await teacher.createChat('', { ai: 'off' });
  const listener = new Listener(server, teacher, options);
  const { head } = await listener.join(chatId);
  return { teacher, chatId, listener, head };
}
const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
  test(`a dropped connection is recovered, by ${transports.join(' and ')}`, { timeout: 60_000 }, async () => {
    const { teacher, chatId, listener, head } = await scene({ transports });
    await teacher.post(chatId, 'heard');
    await listener.until(() => listener.heard.length === 1);
    const { id } = listener.socket;
    await listener.stayAway();
    for (const text of ['missed', 'missed, too']) await teacher.post(chatId, text);
    await listener.comeBack();
    await teacher.post(chatId, 'live');
    await listener.until(() => listener.seqs(chatId).at(-1) === head + 4);
    assert.deepEqual(listener.connections, [false, true]);
    assert.equal(listener.socket.id, id, 'the same socket, for everybody');
    assert.deepEqual(listener.seqs(chatId), numbers(head + 1, head + 4));
    listener.socket.disconnect();
  });
}

test('a server that is killed again and again recovers the same client each time', { timeout: 120_000 }, async () => {
  const { teacher, chatId, listener, head } = await scene();
  for (let round = 1; round <= 3; round += 1) {
    await server.kill();
    await server.start();
    await teacher.postUntilStored(chatId, `round ${round}`);
    await listener.until(() => listener.seqs(chatId).at(-1) === head + round);
  }
  assert.deepEqual(listener.connections, [false, true, true, true]);
  assert.deepEqual(listener.seqs(chatId), numbers(head + 1, head + 3));
  listener.socket.disconnect();
});

test('five hundred missed events are recovered, one more is refused', { timeout: 120_000 }, async () => {
  const { teacher, chatId, listener, head } = await scene();
  await listener.stayAway();
  const send = async (count) => {
    for (let n = 0; n < count; n += 1) assert.equal((await teacher.untilAllowed('POST', '/api/chat/messages', { chatId, content: `m${n}` })).status, 201);
  };
  await send(500);
  await listener.comeBack();
  await listener.until(() => listener.seqs(chatId).length === 500);
  assert.deepEqual(listener.seqs(chatId), numbers(head + 1, head + 500));
  await listener.stayAway();
  await send(501);
  await listener.comeBack();
  assert.deepEqual(listener.connections, [false, true, false]);
  // As at any first connection: it is in no chat.
  await teacher.post(chatId, 'not heard');
  await listener.join(chatId);
  assert.equal(listener.seqs(chatId).length, 500);
  listener.socket.disconnect();
});

test('in two chats it is not recovered, back in one it is', { timeout: 60_000 }, async () => {
  const { teacher, chatId, listener } = await scene();
  const other = await teacher.createChat('', { ai: 'off' });
  await listener.join(other);
  await teacher.post(chatId, 'heard in both');
  await listener.until(() => listener.heard.length === 1);
  await listener.stayAway();
  await listener.comeBack();
  assert.deepEqual(listener.connections, [false, false]);

  const { head } = await listener.join(other);
  await listener.join(chatId);
  await listener.socket.emitWithAck('leave-chat', chatId);
  await listener.stayAway();
  await teacher.post(chatId, 'not there any more');
  await teacher.post(other, 'missed');
  await listener.comeBack();
  await listener.until(() => listener.seqs(other).length === 1);
  assert.deepEqual(listener.connections, [false, false, true]);
  assert.deepEqual(listener.seqs(other), [head + 1]);
  assert.equal(listener.seqs(chatId).length, 1);
  listener.socket.disconnect();
});

test('a removed member is not recovered and hears nothing', { timeout: 60_000 }, async () => {
  const ann = await Device.register(server);
  const bob = await Device.register(server);
  const chatId = await ann.createChat('', { ai: 'off' });
  const path = `/api/chat/${chatId}/members`;
  assert.ok((await ann.rest('POST', path, { email: bob.account.email, role: 'editor' })).status < 300);
  const listener = new Listener(server, bob);
  await listener.join(chatId);
  await listener.stayAway();
  assert.ok((await ann.rest('DELETE', `${path}/${bob.user.id}`)).status < 300);
  await ann.post(chatId, 'without bob');
  await listener.comeBack();
  assert.deepEqual(listener.connections, [false, false]);
  assert.equal((await listener.socket.emitWithAck('join-chat', chatId)).error.code, 'not_found');
  assert.deepEqual(listener.heard, []);
  listener.socket.disconnect();
});

test('what one was given does not recover another', { timeout: 60_000 }, async () => {
  const { teacher, chatId, listener } = await scene();
  const thief = await Device.register(server);
  assert.ok((await teacher.rest('POST', `/api/chat/${chatId}/members`, { email: thief.account.email, role: 'viewer' })).status < 300);
  await listener.stayAway();
  const taken = { pid: listener.socket._pid, offset: listener.socket._lastOffset };
  assert.equal(typeof taken.offset, 'string');
  const other = io(server.url, { auth: { token: thief.token, ...taken }, forceNew: true, reconnection: false, transports: ['websocket'] });
  await once(other, 'connect');
  assert.notEqual(other._pid, taken.pid);
  other.disconnect();
  await listener.comeBack();
  assert.deepEqual(listener.connections, [false, true]);
  listener.socket.disconnect();
});

test('a revoked session is refused; signed in again, the user is recovered', { timeout: 60_000 }, async () => {
  const { teacher, listener } = await scene();
  const { email, password } = teacher.account;
  const login = await teacher.rest('POST', '/api/auth/login', { email, password });
  teacher.adopt(login.body);
  await listener.stayAway();
  const cookie = login.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  assert.ok((await teacher.rest('POST', '/api/auth/logout', {}, { cookie })).status < 300);
  listener.socket.connect();
  const [refused] = await once(listener.socket, 'connect_error');
  assert.equal(refused.data.code, 'session_revoked');
  teacher.adopt((await teacher.rest('POST', '/api/auth/login', { email, password })).body);
  await listener.comeBack();
  assert.deepEqual(listener.connections, [false, true], 'signed in again it is the same user in the same chat');
  listener.socket.disconnect();
});

test('after a restored backup nobody goes on in the old epoch', { timeout: 60_000 }, async () => {
  const { teacher, chatId, listener } = await scene();
  await teacher.post(chatId, 'heard');
  await listener.until(() => listener.heard.length === 1);
  await listener.stayAway();
  await server.stop();
  // What a restore does: the same numbers may mean other events from now on.
  const sql = spawnSync('sqlite3', [path.join(server.data, 'rubricon.db'), 'UPDATE chats SET epoch = epoch + 1'], { encoding: 'utf8' });
  assert.equal(sql.status, 0, sql.stderr);
  await server.start();
  await listener.comeBack();
  assert.deepEqual(listener.connections, [false, false]);
  listener.socket.disconnect();
});
