// Limits count over all processes: what a teacher sends through one api is what the other has counted, and sockets at one
// gateway with those at the other; and each counts alone where Redis is away.
// Before them the entrance bounds what one address may ask.
// tests: deploy/nginx.conf src/api/rate_limits.cpp src/adapters/redis/rate_buckets.cpp src/app/redis_engine.cpp src/gateway/connection_quota.cpp
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { createClient } from 'redis';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { checkResponse } from '../support/contract.mjs';
import { metric } from '../support/crowd.mjs';
import { long } from '../support/fault_load.mjs';

const burst = 40; // messages of a user at once, 20 a second afterwards
let cluster;
before(async () => (cluster = await (await Cluster.create({ workers: 1 })).start()), { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 60_000 });

/** The same account as it asks each api, past the entrance. */
async function atEach(account) {
  return cluster.apis.map((api) => {
    const device = new Device({ url: api.url }, account.account);
    device.adopt(account);
    return device;
  });
}

/** A socket of the account at that gateway, past the entrance. */
async function socketAt(gateway, account) {
  const device = new Device({ url: gateway.url }, account.account);
  device.adopt(account);
  await device.connect();
  return device;
}

/** A connection that is kept. */
class Kept {
  static async open(port, localAddress) {
    const kept = new Kept();
    kept.socket = connect({ host: '127.0.0.1', port, localAddress });
    await once(kept.socket, 'connect');
    return kept;
  }

  /** What is answered: status, head and body. */
  get(path) {
    return new Promise((resolve, reject) => {
      let text = '';
      const ended = () => reject(new Error(`the connection ended after: ${text}`));
      const take = (chunk) => {
        text += chunk;
        const [head, body] = text.split('\r\n\r\n');
        if (body === undefined || Buffer.byteLength(body) < Number(/^content-length: (\d+)/im.exec(head)[1])) return;
        this.socket.off('data', take).off('close', ended);
        resolve({ status: Number(head.split(' ')[1]), head, body });
      };
      this.socket.on('data', take).once('close', ended);
      this.socket.write(`GET ${path} HTTP/1.1\r\nhost: rubricon\r\n\r\n`);
    });
  }
}

/** So many messages at once, by turns: how many were stored, and how many refused with the time to wait. */
async function send(devices, chatId, count) {
  const answers = await Promise.all(Array.from({ length: count }, (_, n) => devices[n % devices.length].post(chatId, `message ${n}`, `${Math.random()}-${n}`)));
  const refused = answers.filter(({ status }) => status === 429);
  for (const { headers, body } of refused) {
    assert.equal(body.code, 'rate_limited');
    assert.ok(Number(headers.get('retry-after')) >= 1);
  }
  return { stored: answers.filter(({ status }) => status === 201).length, refused: refused.length };
}

test('two apis count the messages of one teacher together', { timeout: 60_000 }, async () => {
  const teacher = await Device.register(cluster);
  const chatId = await teacher.createChat('', { ai: 'off' });
  const begun = performance.now();
  const { stored, refused } = await send(await atEach(teacher), chatId, 3 * burst);
  const most = burst + 20 * (performance.now() - begun) / 1_000 + 1;
  assert.ok(stored >= burst && stored <= most, `${stored} were stored, ${Math.floor(most)} may be`);
  assert.equal(stored + refused, 3 * burst);
});

test('two gateways count the sockets of one teacher together', { timeout: 180_000 }, async () => {
  const most = 20;
  const teacher = await Device.register(cluster);
  const redis = await createClient({ url: cluster.services.redis.url }).connect();
  const counted = () => redis.zCard(`connections:user:${teacher.user.id}`);
  const at = (n) => socketAt(cluster.gateways[n % 2], teacher);
  const devices = await Promise.all(Array.from({ length: most }, (_, n) => at(n)));
  await cluster.until(async () => (await counted()) === most);
  devices.pop().close();
  await cluster.until(async () => (await counted()) === most - 1);
  devices.push(await at(0));
  await cluster.until(async () => (await counted()) === most);
  const late = await at(1); // its gateway has half as many as there may be
  const { id } = late.socket;
  // Counted for the network after it was refused for the teacher.
  await cluster.until(async () => (await redis.zScore('connections:network:127.0.0.1', id)) !== null);
  assert.equal(await redis.zScore(`connections:user:${teacher.user.id}`, id), null);
  if (long) {
    const said = await new Promise((resolve) => late.socket.once('server-closing', resolve));
    assert.deepEqual(said, { code: 'too_many_connections', comeBack: false });
    assert.ok(devices.every(({ socket }) => socket.connected));
  }
  assert.equal(await counted(), most);
  for (const device of [...devices, late]) device.close();
  await redis.close();
});

test('without Redis each counts alone, and nobody waits for it', { timeout: 60_000 }, async () => {
  const local = async () => (await Promise.all(cluster.apis.map((api) => metric(api, 'rubricon_redis_limits_local_total')))).reduce((a, b) => a + b);
  await cluster.services.redis.kill();
  const teacher = await Device.register(cluster);
  const chatId = await teacher.createChat('', { ai: 'off' });
  const before = await local();
  const begun = performance.now();
  const { stored, refused } = await send(await atEach(teacher), chatId, 4 * burst);
  const took = performance.now() - begun;
  const most = 2 * (burst + 20 * took / 1_000 + 1);
  assert.ok(stored >= 2 * burst && stored <= most, `${stored} were stored, ${Math.floor(most)} may be`);
  assert.equal(stored + refused, 4 * burst);
  assert.ok((await local()) - before >= 4 * burst);
  await cluster.services.redis.restart();
});

test('the entrance refuses what one address asks beyond its burst, as the servers do, and nobody else', { timeout: 120_000 }, async (context) => {
  const from = '127.0.0.77';
  const most = 2_000; // at once, and 1,000 a second
  const count = 3_900; // each has its connection, so that no answer is waited for
  const all = [];
  while (all.length < count) all.push(...await Promise.all(Array.from({ length: 100 }, () => Kept.open(cluster.port, from))));
  const begun = performance.now();
  const asked = all.map((each) => each.get('/healthz'));
  const other = await fetch(`${cluster.url}/healthz`);
  const answers = await Promise.all(asked);
  const took = performance.now() - begun;
  const [served, refused] = [200, 429].map((status) => answers.filter((answer) => answer.status === status));
  context.diagnostic(`${served.length} served, ${refused.length} refused in ${Math.round(took)} ms`);
  assert.equal(served.length + refused.length, count);
  assert.ok(refused.length > 0 && served.length >= most && served.length <= most + took + 1, `${served.length} of ${count} were served in ${took} ms`);
  assert.equal(other.status, 200);
  for (const { head, body } of refused) {
    assert.match(head, /^content-type: application\/problem\+json\r$/im);
    assert.match(head, /^retry-after: 1\r?$/im);
    checkResponse('GET', '/api/me', 429, JSON.parse(body));
    assert.equal(JSON.parse(body).code, 'rate_limited');
  }
  const patient = all[answers.findIndex(({ status }) => status === 429)];
  await cluster.until(async () => (await patient.get('/healthz')).status === 200);
  for (const { socket } of all) socket.destroy();
});
