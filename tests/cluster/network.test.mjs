// F8: the network between the roles and the engines, and before the clients, is cut, stands still, is slow, or ends in
// mid-message. Nothing is lost, nothing comes twice, and what stood still is found out.
// tests: src/app/engines.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Cluster } from '../support/cluster.mjs';
import { metric } from '../support/crowd.mjs';
import { Load, long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';
import { TcpProxy } from '../support/tcp_proxy.mjs';

let cluster, entrance;
before(async () => {
  cluster = await (await Cluster.create({ proxied: true })).start();
  entrance = await TcpProxy.before(cluster.port);
}, { timeout: 180_000 });
after(async () => {
  await entrance?.close();
  await cluster?.destroy();
}, { timeout: 120_000 });

/** How many connections to the broker these processes have given up. */
const lost = (servers) => async () => {
  const each = ['consumer', 'publisher'].flatMap((part) => servers().map((server) => metric(server, 'rubricon_rabbitmq_losses_total', `role="${part}"`)));
  return (await Promise.all(each)).reduce((a, b) => a + b);
};

/**
 * Load through the entrance's proxy, the fault for a while, and every rule afterwards. Where it lasts long enough for
 * that, `found` must have grown before it is over: somebody noticed that nothing comes any more.
 */
async function under(context, { scenario, link, fault, ms, mustMs, slowOrEnding = false, found = undefined }) {
  const load = await new Load({ url: `http://127.0.0.1:${entrance.port}` }, { pace: long ? 600 : 100 }).prepare(); // every question is answered afterwards
  load.start();
  for (let round = 0; round < (long ? 3 : 1); round += 1) {
    await wait(400);
    const { felt } = link();
    const before = long && found ? await found(load) : 0;
    fault(link());
    await wait(ms);
    if (long && found) assert.ok((await found(load)) > before, 'what stood still was given up');
    if (slowOrEnding) assert.ok(link().felt > felt, 'the fault was felt');
    link().heal();
    await load.level(performance.now());
  }
  await load.stop();
  const { messages, recoveries } = await load.check();
  assert.ok(messages > 0);
  load.close();
  report(context, { fault: 'F8', scenario: `cluster: ${scenario}`, messages, recoveries, mustMs });
}

const short = (ms, longMs) => (long ? longMs : ms);
const faults = [
  { scenario: 'apis cut off from PostgreSQL', link: () => cluster.links.api.postgres, fault: (l) => l.cut(), ms: short(1_000, 10_000), mustMs: 10_000 },
  { scenario: 'no answer comes from PostgreSQL to the apis', link: () => cluster.links.api.postgres, fault: (l) => l.hold('back'), ms: short(3_000, 30_000), mustMs: 45_000 },
  { scenario: 'apis and RabbitMQ do not hear each other', link: () => cluster.links.api.rabbitmq, fault: (l) => l.hold(), ms: short(3_000, 40_000), mustMs: 45_000, found: lost(() => cluster.apis) },
  { scenario: 'gateways and RabbitMQ do not hear each other', link: () => cluster.links.gateway.rabbitmq, fault: (l) => l.hold(), ms: short(3_000, 40_000), mustMs: 45_000, found: lost(() => cluster.gateways) },
  { scenario: 'gateways cut off from Redis', link: () => cluster.links.gateway.redis, fault: (l) => l.cut(), ms: short(1_000, 10_000), mustMs: 10_000 },
  { scenario: 'workers cut off from PostgreSQL', link: () => cluster.links.worker.postgres, fault: (l) => l.cut(), ms: short(1_000, 10_000), mustMs: 10_000 },
  { scenario: '500 ± 300 ms between gateways and RabbitMQ', link: () => cluster.links.gateway.rabbitmq, fault: (l) => l.delay(500, 300), ms: short(2_000, 20_000), mustMs: 10_000, slowOrEnding: true },
  { scenario: '64 kB/s between gateways and RabbitMQ', link: () => cluster.links.gateway.rabbitmq, fault: (l) => l.throttle(64_000), ms: short(2_000, 20_000), mustMs: 10_000, slowOrEnding: true },
  { scenario: '64 kB/s between apis and PostgreSQL', link: () => cluster.links.api.postgres, fault: (l) => l.throttle(64_000), ms: short(2_000, 20_000), mustMs: 10_000, slowOrEnding: true },
  { scenario: 'connections from apis to PostgreSQL end after 20,000 bytes', link: () => cluster.links.api.postgres, fault: (l) => l.endAfter(20_000), ms: short(3_000, 20_000), mustMs: 10_000, slowOrEnding: true },
  { scenario: 'connections from gateways to RabbitMQ end after 5,000 bytes', link: () => cluster.links.gateway.rabbitmq, fault: (l) => l.endAfter(5_000), ms: short(3_000, 20_000), mustMs: 10_000, slowOrEnding: true },
  { scenario: 'clients cut off', link: () => entrance, fault: (l) => l.cut(), ms: short(1_000, 10_000), mustMs: 10_000 },
  { scenario: 'what clients are sent does not arrive', link: () => entrance, fault: (l) => l.hold('back'), ms: short(2_000, 50_000), mustMs: 45_000, found: (load) => load.timeouts },
];
for (const each of faults) test(`F8: ${each.scenario}`, { timeout: 600_000 }, (context) => under(context, each));
