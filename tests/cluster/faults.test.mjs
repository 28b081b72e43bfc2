// F1 to F7 on the real engines: any process, the broker, Redis and the database die under load, and nothing is lost,
// nothing comes twice, everything is in order.
// tests: src/app/engines.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Cluster } from '../support/cluster.mjs';
import { Load, long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';

let cluster;
before(async () => (cluster = await (await Cluster.create()).start()), { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 120_000 });

/** Load, the fault a few times, then every rule against every follower and the stored log. */
async function under(context, row, { times = 1, pace = 40, fault }) {
  const load = await new Load(cluster, { pace }).prepare();
  load.start();
  for (let n = 0; n < times; n += 1) {
    await wait(400);
    const healed = await fault(n);
    await load.level(healed ?? performance.now());
  }
  await load.stop();
  const { messages, recoveries } = await load.check();
  assert.ok(messages > 0);
  load.close();
  report(context, { ...row, messages, recoveries });
}

for (const role of ['apis', 'gateways', 'workers']) {
  test(`kill -9 of each of the ${role}`, { timeout: 180_000 }, (context) =>
    under(context, { fault: role === 'apis' ? 'F1' : role === 'gateways' ? 'F3' : 'F4', scenario: `cluster: kill -9 of each of the ${role}`, mustMs: 10_000 }, {
      times: long ? 6 : 2,
      fault: async (n) => {
        const server = cluster[role][n % 2];
        await server.kill();
        const healed = performance.now();
        await server.start();
        return healed;
      },
    }));
}

test('RabbitMQ is killed and comes back', { timeout: 240_000 }, (context) =>
  under(context, { fault: 'F5', scenario: 'cluster: kill -9 of RabbitMQ, started again', mustMs: 30_000 }, {
    pace: 300, // it takes long to start, and every question is to be answered afterwards
    fault: async () => {
      await cluster.services.rabbitmq.kill();
      await wait(long ? 10_000 : 1_000);
      await cluster.services.rabbitmq.restart();
    },
  }));

test('Redis is killed and comes back empty', { timeout: 180_000 }, (context) =>
  under(context, { fault: 'F7', scenario: 'cluster: kill -9 of Redis, started again', mustMs: 10_000 }, {
    fault: async () => {
      await cluster.services.redis.kill();
      await wait(long ? 10_000 : 1_000);
      await cluster.services.redis.restart();
    },
  }));

test('PostgreSQL is killed and comes back', { timeout: 240_000 }, (context) =>
  under(context, { fault: 'F6', scenario: 'cluster: kill -9 of PostgreSQL, started again', mustMs: 30_000 }, {
    fault: async () => {
      await cluster.services.postgres.kill();
      await cluster.services.postgres.restart();
    },
  }));
