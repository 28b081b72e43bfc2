// Several relays and several workers share their work: nobody does twice what another does, and nobody has it all.
// tests: src/outbox/relay.cpp src/worker/worker.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { metric } from '../support/crowd.mjs';
import { Load } from '../support/fault_load.mjs';

let cluster;
before(async () => (cluster = await (await Cluster.create({ proxied: true })).start()), { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 120_000 });

test('twenty questions in twenty chats keep both workers busy', { timeout: 120_000 }, async () => {
  const ann = await Device.register(cluster);
  const chats = [];
  for (let n = 0; n < 20; n += 1) chats.push(await ann.createChat(`chat ${n}`));
  const answered = () => Promise.all(cluster.workers.map((worker) => metric(worker, 'rubricon_worker_jobs_total', 'result="answered"')));
  await Promise.all(chats.map((chatId) => ann.postUntilStored(chatId, '請為八年級的議論文設計評分規準，5 個等級，總分 100')));
  await cluster.until(async () => (await answered()).reduce((a, b) => a + b) === 20, 60_000);
  assert.ok((await answered()).every((count) => count >= 5), `answered: ${await answered()}`);
});

test('a broker that takes seconds to confirm is given each event once, and all in order', { timeout: 240_000 }, async (context) => {
  const relays = [...cluster.apis, ...cluster.workers];
  const slow = [cluster.links.api.rabbitmq, cluster.links.worker.rabbitmq];
  const published = async () => (await Promise.all(relays.map((relay) => metric(relay, 'rubricon_outbox_published_total')))).reduce((a, b) => a + b);
  const stored = async () => Number(await cluster.services.postgres.ask('SELECT count(*) FROM events'));
  const waiting = async () => Number(await cluster.services.postgres.ask('SELECT count(*) FROM outbox'));
  const load = await new Load(cluster, { pace: 200 }).prepare();
  await cluster.until(async () => (await waiting()) === 0);
  const before = { published: await published(), stored: await stored() };
  for (const link of slow) link.delay(1_000, 200); // there and back: more than two seconds
  load.start();
  await wait(10_000);
  await load.stop();
  for (const link of slow) link.heal();
  const { messages } = await load.check();
  load.close();
  await cluster.until(async () => (await waiting()) === 0);
  const events = (await stored()) - before.stored;
  const times = (await published()) - before.published;
  context.diagnostic(`${messages} messages, ${events} events, published ${times} times`);
  assert.ok(events > messages && times >= events);
  assert.ok(times <= events * 1.1, `${events} events were published ${times} times`);
});
