// Limits count over all processes: what a teacher sends through one api is what the other has counted; and each counts alone
// where Redis is away.
// tests: src/api/rate_limits.cpp src/adapters/redis/rate_buckets.cpp src/app/redis_engine.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { metric } from '../support/crowd.mjs';

const burst = 40; // messages of a user at once, 20 a second afterwards
let cluster;
before(async () => (cluster = await (await Cluster.create({ gateways: 1, workers: 1 })).start()), { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 60_000 });

/** The same account as it asks each api, past the entrance. */
async function atEach(account) {
  return cluster.apis.map((api) => {
    const device = new Device({ url: api.url }, account.account);
    device.adopt(account);
    return device;
  });
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
