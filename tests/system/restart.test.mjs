// SIGTERM drains: sockets are told, the process ends by itself with 0, and a restart has everything.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Device, storedEvents } from '../support/client.mjs';
import { Server } from '../support/server.mjs';

let server;
before(async () => (server = await (await Server.create()).start()));
after(() => server.destroy());

test('a restart loses nothing and the same socket goes on', { timeout: 120_000 }, async () => {
  const device = await Device.register(server);
  await device.connect();
  const chatId = await device.createChat();
  await device.join(chatId);
  await device.post(chatId, '你好');
  await device.until(() => device.messages(chatId).length === 2);

  const told = new Promise((resolve) => device.socket.once('server-draining', resolve));
  const stopped = server.stop();
  assert.ok((await told).afterMs >= 0);
  await stopped;
  await server.start();

  await device.postUntilStored(chatId, '還在嗎');
  await device.until(() => device.messages(chatId).length === 4);
  const { events } = await storedEvents(device, chatId);
  assert.deepEqual(device.chats.get(chatId).events.map((event) => event.seq), events.map((event) => event.seq));
  assert.deepEqual(device.violations, []);

  // The refresh family and the keys survived as well.
  assert.equal((await device.rest('GET', '/api/me')).status, 200);
  device.close();
});

test('readiness goes off before the listener does, and health answers', { timeout: 60_000 }, async () => {
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);

  // Sockets are let go one after the other; while they are, the listener still answers.
  const devices = [];
  for (let user = 0; user < 3; user += 1) {
    const first = await Device.register(server);
    devices.push(first);
    while (devices.length < 20 * (user + 1)) devices.push(Object.assign(new Device(server, first.account), { token: first.token }));
  }
  await Promise.all(devices.map((device) => device.connect({ reconnection: false })));
  const told = new Promise((resolve) => devices[0].socket.once('server-draining', resolve));
  const stopped = server.stop();
  await told;
  const [ready, health] = await Promise.all([fetch(`${server.url}/readyz`), fetch(`${server.url}/healthz`)]);
  assert.equal(ready.status, 503);
  assert.equal((await ready.json()).status, 'draining');
  assert.equal(health.status, 200);
  await stopped;
  for (const device of devices) device.close();
  await server.start();
});

test('an official client that comes before the server is ready comes in by itself', { timeout: 60_000 }, async () => {
  // So many that some of them knock in the tenth of a second before what was revoked is known.
  const first = await Device.register(server);
  const devices = Array.from({ length: 16 }, () => Object.assign(new Device(server, first.account), { token: first.token }));
  await Promise.all(devices.map((device) => device.connect({ reconnectionDelayMax: 100 })));
  const gone = devices.map((device) => new Promise((resolve) => device.socket.once('disconnect', resolve)));
  await server.kill();
  await Promise.all(gone);
  server.options.env = { RUBRICON_FAILPOINT: 'gateway.before_ready:throw@1' };
  const back = devices.map((device) => new Promise((resolve) => device.socket.once('connect', resolve)));
  await server.start();
  await Promise.all(back);
  server.options.env = {};
  for (const device of devices) device.close();
});

test('a second process on the same data is refused with the reason', { timeout: 60_000 }, async () => {
  const second = new Server(server.data, {}, 0);
  await assert.rejects(second.start(), /held by process \d+: one process at a time/);
});
