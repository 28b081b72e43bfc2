// Two of each role on PostgreSQL, RabbitMQ and Redis, behind nginx: one system to whoever uses it.
// tests: src/app/engines.cpp src/app/redis_engine.cpp src/app/world.cpp src/app/compose.cpp src/app/http_submitter.cpp src/app/key_shelf.cpp src/app/histories.cpp src/app/offline_database.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { parts } from '../support/tokens.mjs';
import { ask } from '../support/http.mjs';

let cluster;
before(async () => (cluster = await (await Cluster.create()).start()), { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 60_000 });

/** A device whose socket is on that gateway: it goes there directly, and asks the api through the entrance. */
async function on(gateway, device) {
  const here = new Device({ url: cluster.url }, device.account);
  here.adopt({ accessToken: device.token, user: device.user });
  const direct = new Device({ url: cluster.gateways[gateway].url }, device.account);
  direct.adopt({ accessToken: device.token, user: device.user });
  await direct.connect();
  return direct;
}

async function shared(owner, other) {
  const chatId = await owner.createChat('shared', { ai: 'off' });
  const { status } = await owner.rest('POST', `/api/chat/${chatId}/members`, { email: other.account.email, role: 'editor' });
  assert.ok(status < 300);
  return chatId;
}

test('a chat shared by two users on two gateways works in both directions', { timeout: 60_000 }, async () => {
  const [ann, bob] = [await Device.register(cluster), await Device.register(cluster)];
  const chatId = await shared(ann, bob);
  const [one, two] = [await on(0, ann), await on(1, bob)];
  assert.ok((await one.join(chatId)).ok && (await two.join(chatId)).ok);
  for (let n = 0; n < 20; n += 1) await (n % 2 ? bob : ann).postUntilStored(chatId, `message ${n}`);
  for (const device of [one, two]) {
    await device.until(() => device.messages(chatId).length === 20);
    assert.deepEqual(device.messages(chatId).map((message) => message.content), Array.from({ length: 20 }, (_, n) => `message ${n}`));
    assert.deepEqual(device.violations, []);
    device.close();
  }
});

test('typing and presence cross gateways, the text of an answer crosses from a worker', { timeout: 60_000 }, async () => {
  const [ann, bob] = [await Device.register(cluster), await Device.register(cluster)];
  const chatId = await shared(ann, bob);
  const [one, two] = [await on(0, ann), await on(1, bob)];
  const heard = (socket, name, wanted = () => true) => new Promise((resolve) => socket.on(name, (payload) => wanted(payload) && resolve(payload)));
  const typing = heard(two.socket, 'typing');
  const both = heard(one.socket, 'presence', ({ userIds }) => userIds.length === 2);
  await one.join(chatId);
  await two.join(chatId);
  await both;
  one.socket.emit('typing', { chatId });
  assert.equal((await typing).userId, ann.user.id);
  const asking = await ann.createChat();
  await one.join(asking);
  const delta = heard(one.socket, 'ai-delta');
  await ann.postUntilStored(asking, '請為八年級的議論文設計評分規準，5 個等級，總分 100');
  assert.equal((await delta).chatId, asking);
  await one.until(() => one.messages(asking).some((message) => message.role === 'AI'));
  one.close();
  two.close();
});

test('polling reaches the gateway that has the session, through the entrance', { timeout: 60_000 }, async () => {
  const ann = await Device.register(cluster);
  const chatId = await ann.createChat('', { ai: 'off' });
  const devices = [];
  const names = new Set();
  for (let n = 0; n < 8; n += 1) {
    const device = await ann.another();
    await device.connect({ transports: ['polling'], upgrade: false });
    names.add(device.socket.io.engine.id.slice(0, 2));
    await device.join(chatId);
    devices.push(device);
  }
  assert.deepEqual([...names].sort(), ['g1', 'g2']);
  await ann.postUntilStored(chatId, 'by polling');
  for (const device of devices) {
    await device.until(() => device.messages(chatId).length === 1);
    device.close();
  }
});

test('an upgrade from polling to WebSocket goes to the same gateway', { timeout: 60_000 }, async () => {
  const ann = await Device.register(cluster);
  for (let n = 0; n < 4; n += 1) {
    const device = await ann.another();
    await device.connect({ transports: ['polling', 'websocket'] });
    await cluster.until(() => device.socket.io.engine.transport.name === 'websocket');
    device.close();
  }
});

test('an old client sends by socket: the gateway hands it to an api as the user', { timeout: 60_000 }, async () => {
  const ann = await Device.register(cluster);
  const chatId = await ann.createChat('', { ai: 'off' });
  const one = await on(0, ann);
  await one.join(chatId);
  const sent = await one.socket.emitWithAck('send-msg', { chatId, content: 'by socket' });
  assert.equal(sent.ok, true, JSON.stringify(sent));
  await one.until(() => one.messages(chatId).length === 1);
  const refused = await one.socket.emitWithAck('send-msg', { chatId: ann.user.id, content: 'x' });
  assert.equal(refused.error.code, 'not_found');
  one.close();
});

test('a session that ends closes its sockets on every gateway, and its token counts with no api', { timeout: 60_000 }, async () => {
  const ann = await Device.register(cluster);
  const sockets = [await on(0, ann), await on(1, ann)];
  const closed = sockets.map(({ socket }) => new Promise((resolve) => socket.once('server-closing', resolve)));
  const began = Date.now();
  assert.equal((await ann.rest('POST', '/api/auth/logout', {})).status, 204);
  for (const reason of await Promise.all(closed)) assert.equal(reason.code, 'session_revoked');
  assert.ok(Date.now() - began < 2_000);
  for (const api of cluster.apis) {
    await cluster.until(async () => (await fetch(`${api.url}/api/me`, { headers: { authorization: `Bearer ${ann.token}` } })).status === 401, 2_000);
  }
});

test('keys are shared and rotated without anybody noticing', { timeout: 60_000 }, async () => {
  const ann = await Device.register(cluster);
  const keyIds = async (server) => (await (await fetch(`${server.url}/.well-known/jwks.json`)).json()).keys.map((key) => key.kid);
  const before = await keyIds(cluster.apis[0]);
  assert.deepEqual(await keyIds(cluster.apis[1]), before);
  const { status, stderr } = cluster.command('keys', 'rotate');
  assert.equal(status, 0, stderr);
  for (const api of cluster.apis) await cluster.until(async () => (await keyIds(api)).length === 2 && (await keyIds(api))[0] !== before[0]);
  assert.equal((await ann.rest('GET', '/api/me')).status, 200, 'the old token counts on');
  // Published first, so that every process knows it; then it signs.
  let fresh = await ann.another();
  await cluster.until(async () => parts((fresh = await ann.another()).token).header.kid !== before[0], 20_000);
  for (const each of [ann, fresh]) {
    for (const gateway of [0, 1]) (await on(gateway, each)).close();
    for (const api of cluster.apis) assert.equal((await fetch(`${api.url}/api/me`, { headers: { authorization: `Bearer ${each.token}` } })).status, 200);
  }
});

test('each process says how it is, and the entrance refuses what is too large', { timeout: 60_000 }, async () => {
  for (const server of cluster.processes) {
    for (const path of ['/healthz', '/readyz']) assert.equal((await fetch(server.url + path)).status, 200, `${server.name} ${path}`);
  }
  assert.equal((await fetch(`${cluster.workers[0].url}/api/me`)).status, 404);
  assert.equal((await fetch(`${cluster.gateways[0].url}/api/me`)).status, 404);
  assert.equal((await fetch(`${cluster.apis[0].url}/socket.io/?EIO=4&transport=polling`)).status, 404);
  // It answers when it has read the head, and closes; whoever goes on sending may miss the answer.
  const { status } = await ask({ port: cluster.port }, 'POST', '/api/chat/messages', { headers: { 'content-length': 2 << 20, 'content-type': 'application/json' } });
  assert.equal(status, 413);
});

test('operators have their commands on the shared database, while everything runs', { timeout: 120_000 }, async () => {
  const ann = await Device.register(cluster);
  const chatId = await ann.createChat('', { ai: 'off' });
  await ann.postUntilStored(chatId, 'kept');
  for (const command of [['verify'], ['events', 'rebuild'], ['migrate']]) {
    const { status, stdout, stderr } = cluster.command(...command);
    assert.equal(status, 0, `${command.join(' ')}: ${stdout}${stderr}`);
  }
  const { stdout } = cluster.command('events', 'tail', chatId);
  assert.ok(stdout.includes('"kept"'));
  const added = cluster.command('user', 'add', 'lin@school.example', '林老師', { input: 'correct horse battery\n' });
  assert.equal(added.status, 0, added.stderr);
  const { status } = await ann.rest('POST', '/api/auth/login', { email: 'lin@school.example', password: 'correct horse battery' });
  assert.equal(status, 200);
});
