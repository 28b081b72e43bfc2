// The namespace /admin of the Socket.IO Admin UI: the official client says what the UI says.
// tests: src/gateway/admin_namespace.cpp
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { io } from 'socket.io-client';
import { Device, storedEvents } from '../support/client.mjs';
import { metric } from '../support/crowd.mjs';
import { Server } from '../support/server.mjs';

let server, admin, teacher;
before(async () => {
  server = await (await Server.create({ args: ['--admin-ui', 'on'] })).start();
  admin = await Device.register(server, 'Admin'); // the first account
  teacher = await Device.register(server);
});
after(() => server.destroy());

const open = (auth, on = server) => io(`${on.url}/admin`, { auth, forceNew: true, reconnection: false, transports: ['websocket'] });
const credentials = (device) => ({ username: device.account.email, password: device.account.password });
const first = (socket, name) => new Promise((resolve) => socket.once(name, resolve));

/** Everything that a view was told, in order; several events may come at once. */
class View {
  constructor(auth, on = server) {
    this.socket = open(auth, on);
    this.told = [];
    this.socket.onAny((name, ...args) => this.told.push({ name, args }));
  }

  /** The first argument of the `n`th event of that name, from 1. */
  async nth(name, n = 1) {
    for (;;) {
      const found = this.told.filter((event) => event.name === name);
      if (found.length >= n) return found[n - 1].args[0];
      await new Promise((resolve) => this.socket.once(name, resolve));
    }
  }

  /** The next numbers, which come every two seconds. */
  tick() {
    return this.nth('server_stats', 1 + this.told.filter((event) => event.name === 'server_stats').length);
  }

  close() {
    this.socket.disconnect();
  }
}
/** The message of the refusal: the UI shows its form where it is exactly this. */
async function refusal(auth, on = server) {
  const socket = open(auth, on);
  const [error] = await once(socket, 'connect_error');
  return error.message;
}

test('by name and password: a session, the features, and numbers every two seconds', { timeout: 60_000 }, async () => {
  await teacher.connect();
  const chatId = await teacher.createChat();
  await teacher.join(chatId);
  const ui = new View(credentials(admin));
  const sessionId = await ui.nth('session');
  assert.match(sessionId, /^[-\w]{32}$/);
  assert.deepEqual(await ui.nth('config'), { supportedFeatures: ['AGGREGATED_EVENTS'] }, 'read-only, for production');
  const now = await ui.nth('server_stats');
  assert.deepEqual(Object.keys(now), ['serverId', 'hostname', 'pid', 'uptime', 'clientsCount', 'pollingClientsCount', 'aggregatedEvents', 'namespaces']);
  assert.equal(now.clientsCount, 2);
  assert.equal(now.pollingClientsCount, 0);
  assert.equal(now.pid, server.child.pid);
  assert.deepEqual(now.namespaces, [{ name: '/', socketsCount: 1 }, { name: '/admin', socketsCount: 1 }]);
  await teacher.post(chatId, 'a secret of a student');
  const other = await teacher.another();
  await other.connect();
  for (const device of [teacher, other]) device.close();
  const [one, another] = [await ui.nth('server_stats', 2), await ui.nth('server_stats', 3)]; // the first came with the login
  assert.ok(another.uptime - one.uptime > 1.5, `numbers after ${another.uptime - one.uptime} s`);
  const seen = new Set();
  for (let n = 2; !['rawConnection', 'rawDisconnection', 'packetsIn', 'packetsOut', 'bytesIn', 'bytesOut'].every((type) => seen.has(type)); n += 1) {
    const { aggregatedEvents, uptime } = await ui.nth('server_stats', n);
    assert.ok(uptime > now.uptime);
    for (const event of aggregatedEvents) {
      assert.equal(event.timestamp % 1_000, 0);
      assert.ok(event.count > 0);
      if (event.type === 'rawDisconnection') assert.equal(event.subType, 'transport close');
      seen.add(event.type);
    }
  }
  const all = JSON.stringify(ui.told);
  for (const secret of ['student', chatId, teacher.user.id, teacher.account.email, teacher.token]) assert.ok(!all.includes(secret));

  // What the UI keeps is enough to come back.
  ui.close();
  const again = new View({ sessionId });
  assert.ok((await again.nth('config')).supportedFeatures);
  again.close();
});

test('whatever the UI could ask for is not done', { timeout: 60_000 }, async () => {
  const own = await (await Server.create({ args: ['--admin-ui', 'on'] })).start(); // nobody else's sockets come or go
  const [chief, device, stranger] = [await Device.register(own), await Device.register(own), await Device.register(own)];
  await Promise.all([device.connect(), stranger.connect()]);
  const chatId = await device.createChat('kept', { ai: 'off' });
  await device.join(chatId);
  await device.post(chatId, 'said before');
  await device.until(() => device.messages(chatId).length === 1);
  const [ui, other] = [new View(credentials(chief), own), new View(credentials(chief), own)];
  await Promise.all([ui.nth('server_stats'), other.nth('server_stats')]);
  // These follow within a second or two: one room of the chat, one of each user.
  const gauges = () => Promise.all(['rooms', 'sockets'].map((name) => metric(own, `rubricon_gateway_${name}`)));
  while (`${await gauges()}` !== '3,2') await ui.tick();
  const heard = [];
  for (const each of [device, stranger]) each.socket.onAny((...event) => heard.push(event));
  const state = async () => ({
    users: await Promise.all([chief, device, stranger].map(async (each) => (await each.rest('GET', '/api/me')).body)),
    chats: await Promise.all([chief, device, stranger].map(async (each) => (await each.rest('GET', '/api/chat')).body)),
    chat: (await device.rest('GET', `/api/chat/${chatId}`)).body,
    events: await storedEvents(device, chatId),
    sessions: await Promise.all([device, stranger].map(async (each) => (await each.rest('GET', '/api/me/sessions')).body.sessions.map(({ id, current }) => ({ id, current })))),
    sockets: [device, stranger].map(({ socket }) => [socket.id, socket.connected]),
    gauges: await gauges(),
  });
  const before_ = await state();

  // What the Admin UI can ask a server for, of everybody, a room, a user and a socket; and what its server says itself.
  const forged = { chatId, seq: 99, epoch: 1, id: chatId, content: 'forged', role: 'USER', time: '2026-01-01T00:00:00.000Z' };
  for (const nsp of ['/', '/admin']) {
    for (const filter of [undefined, `chat:${chatId}`, chatId, `user:${device.user.id}`, device.socket.id, { rooms: [chatId] }]) {
      for (const [name, payload] of [['new-msg', forged], ['chat-deleted', forged], ['member-removed', { ...forged, userId: device.user.id }],
        ['server-closing', { code: 'forged', comeBack: false }], ['server_stats', { serverId: 'forged' }]]) ui.socket.emit('emit', nsp, filter, name, payload);
      ui.socket.emit('join', nsp, `chat:${chatId}`, filter);
      ui.socket.emit('join', nsp, chatId, stranger.socket.id);
      ui.socket.emit('leave', nsp, `chat:${chatId}`, filter);
      ui.socket.emit('leave', nsp, `user:${device.user.id}`, filter);
      ui.socket.emit('_disconnect', nsp, true, filter);
    }
    await ui.tick();
  }
  for (const name of ['socketsJoin', 'socketsLeave', 'disconnectSockets', 'serverSideEmit', 'session', 'send-msg', 'join-chat', 'auth']) {
    ui.socket.emit(name, '/', chatId, forged);
  }
  await ui.tick();

  assert.deepEqual(await state(), before_);
  assert.deepEqual(heard, [], 'nobody was told anything');
  // Whoever was in a room still is, and whoever was not is not.
  await device.post(chatId, 'said after');
  await device.until(() => device.messages(chatId).length === 2);
  assert.deepEqual(device.messages(chatId).map((each) => each.content), ['said before', 'said after']);
  assert.deepEqual([heard.map(([name]) => name), device.violations], [['new-msg'], []]);
  assert.ok(ui.socket.connected && other.socket.connected, 'the views go on as well');
  assert.ok(!JSON.stringify([ui.told, other.told]).includes('forged'));
  for (const each of [ui, other, device, stranger]) each.close();
  await own.destroy();
});

test('by the access token of an administrator', { timeout: 60_000 }, async () => {
  const ui = new View({ token: admin.token });
  await ui.nth('server_stats');
  assert.deepEqual(ui.told.map((event) => event.name), ['config', 'server_stats'], 'and no session that would outlive the token');
  ui.close();
});

test('nobody else gets in, and all hear the same', { timeout: 60_000 }, async () => {
  for (const auth of [
    {}, { token: '' }, { token: 'a.b.c' }, { token: teacher.token }, { token: 7 }, { sessionId: '0123456789abcdef' }, { sessionId: '' },
    credentials(teacher), { username: admin.account.email, password: 'wrong password' }, { username: 'nobody@school.example', password: 'wrong password' },
    { username: 'x', password: 'y' }, { username: admin.account.email }, { username: 'x'.repeat(1_000), password: 'y' },
  ]) assert.equal(await refusal(auth), 'invalid credentials', JSON.stringify(auth));
});

test('guessing is throttled together with guesses at the REST door', { timeout: 60_000 }, async () => {
  const own = await (await Server.create({ args: ['--admin-ui', 'on'] })).start();
  try {
    const chief = await Device.register(own, 'Chief');
    const { email } = chief.account;
    for (let n = 0; n < 10; n += 1) assert.equal(await refusal({ username: email, password: `guess ${n} of many` }, own), 'invalid credentials');
    assert.equal(await refusal(credentials(chief), own), 'invalid credentials', 'the right one is not looked at any more');
    const { status } = await chief.rest('POST', '/api/auth/login', { email, password: chief.account.password });
    assert.equal(status, 429);
  } finally {
    await own.destroy();
  }
});

/** Seconds until the server sends that view away; the promise of S5 is 2. */
async function secondsUntilClosed(ui, end) {
  const gone = first(ui, 'disconnect');
  const begun = performance.now();
  await end();
  assert.equal(await gone, 'io server disconnect');
  return (performance.now() - begun) / 1000;
}

test('a revoked session loses the view within 2 s', { timeout: 60_000 }, async () => {
  const { email, password } = admin.account;
  const login = await admin.rest('POST', '/api/auth/login', { email, password });
  const device = Object.assign(new Device(server, admin.account), { token: login.body.accessToken });
  const ui = open({ token: device.token });
  await first(ui, 'server_stats');
  const cookie = login.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  const seconds = await secondsUntilClosed(ui, async () => assert.ok((await device.rest('POST', '/api/auth/logout', {}, { cookie })).status < 300));
  assert.ok(seconds < 2, `${seconds} s`);
  assert.equal(await refusal({ token: device.token }), 'invalid credentials');
});

test('a sign-in by password is listed among the sessions of its user, and ends there', { timeout: 60_000 }, async () => {
  const listed = async () => (await admin.rest('GET', '/api/me/sessions')).body.sessions.map((each) => each.id);
  const known = await listed();
  const ui = open(credentials(admin));
  const sessionId = await first(ui, 'session');
  const added = (await listed()).filter((id) => !known.includes(id));
  assert.equal(added.length, 1);
  const seconds = await secondsUntilClosed(ui, async () => assert.equal((await admin.rest('DELETE', `/api/me/sessions/${added[0]}`)).status, 204));
  assert.ok(seconds < 2, `${seconds} s`);
  assert.equal(await refusal({ sessionId }), 'invalid credentials');
});

test('a new password closes the admin view, and its sessionId is refused', { timeout: 60_000 }, async () => {
  const ui = open(credentials(admin));
  const sessionId = await first(ui, 'session');
  const { password } = admin.account;
  const newPassword = `${password} and more`;
  const seconds = await secondsUntilClosed(ui, async () => assert.equal((await admin.rest('PUT', '/api/me/password', { password, newPassword })).status, 204));
  admin.account.password = newPassword;
  assert.ok(seconds < 2, `${seconds} s`);
  assert.equal(await refusal({ sessionId }), 'invalid credentials');
  const again = new View(credentials(admin));
  assert.notEqual(await again.nth('session'), sessionId);
  again.close();
});

test('it is off unless asked for', { timeout: 60_000 }, async () => {
  const plain = await (await Server.create()).start();
  try {
    assert.equal(await refusal({ username: 'a', password: 'b' }, plain), 'Invalid namespace');
  } finally {
    await plain.destroy();
  }
});
