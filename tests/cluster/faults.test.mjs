// F1 to F7 on the real engines: any process, the broker, Redis and the database die under load, and nothing is lost,
// nothing comes twice, everything is in order.
// tests: src/app/engines.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { metric } from '../support/crowd.mjs';
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

// The log is looked at once a second then.
test('while RabbitMQ is away messages arrive within 2 s, and whoever is removed is out within 2 s', { timeout: 240_000 }, async () => {
  const [ann, bob] = [await Device.register(cluster), await Device.register(cluster)];
  await Promise.all([ann.connect(), bob.connect()]);
  const chatId = await ann.createChat();
  await ann.rest('POST', `/api/chat/${chatId}/members`, { email: bob.account.email, role: 'editor' });
  await Promise.all([ann.join(chatId), bob.join(chatId)]);
  await cluster.services.rabbitmq.kill();
  for (const gateway of cluster.gateways) {
    await cluster.until(async () => (await metric(gateway, 'rubricon_rabbitmq_live', 'kind="events"')) === 0);
  }
  const quickly = async (what, happened) => {
    const begun = performance.now();
    await happened;
    assert.ok(performance.now() - begun < 2_000, what);
  };
  const heard = (device, content) => device.until(() => device.messages(chatId).some((each) => each.content === content));
  await ann.post(chatId, 'for both');
  await quickly('a message arrives', Promise.all([heard(ann, 'for both'), heard(bob, 'for both')]));
  const gone = new Promise((resolve) => bob.socket.once('member-removed', resolve));
  assert.equal((await ann.rest('DELETE', `/api/chat/${chatId}/members/${bob.user.id}`)).status, 204);
  await quickly('whoever is removed is out', gone);
  await ann.post(chatId, 'for one');
  await heard(ann, 'for one');
  assert.ok(!bob.messages(chatId).some((each) => each.content === 'for one'));
  assert.deepEqual([ann.violations, bob.violations], [[], []]);
  for (const device of [ann, bob]) device.close();
  await cluster.services.rabbitmq.restart();
});

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
