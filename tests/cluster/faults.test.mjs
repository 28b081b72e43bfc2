// F1 to F7 on the real engines: any process, the broker, Redis and the database die, forget or stand still under load, and
// nothing is lost, nothing comes twice, everything is in order.
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

async function slowestOf(times, act) {
  let slowest = 0;
  for (let n = 0; n < times; n += 1) {
    const begun = performance.now();
    await act();
    slowest = Math.max(slowest, performance.now() - begun);
  }
  return slowest;
}

/** Every gateway and every worker listens to the broker, and the broker knows of it. */
async function listenedTo() {
  const consumers = await cluster.services.rabbitmq.evaluate('list_to_tuple([proplists:get_value(consumers, rabbit_amqqueue:info(Q, [consumers])) || Q <- rabbit_amqqueue:list(), binary:match(element(4, proplists:get_value(name, rabbit_amqqueue:info(Q, [name]))), <<"dead">>) =:= nomatch])');
  const counts = /\{([\d, ]+)\}/.exec(consumers)?.[1].split(',').map(Number) ?? [];
  return counts.length === 1 + cluster.processes.filter(({ name }) => !name.startsWith('worker')).length && counts.every((count) => count > 0);
}

for (const role of ['apis', 'gateways', 'workers']) {
  test(`kill -9 of each of the ${role}`, { timeout: 180_000 }, (context) =>
    under(context, { fault: role === 'apis' ? 'F1' : role === 'gateways' ? 'F3' : 'F4', scenario: `cluster: kill -9 of each of the ${role}`, mustMs: 5_000 }, {
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

test('RabbitMQ loses every queue and exchange', { timeout: 240_000 }, (context) =>
  under(context, { fault: 'F5', scenario: 'cluster: RabbitMQ loses every queue and exchange', mustMs: 30_000 }, {
    times: long ? 5 : 1,
    pace: 100,
    fault: async () => {
      await cluster.services.rabbitmq.evaluate('[rabbit_amqqueue:delete(Q, false, false, <<"test">>) || Q <- rabbit_amqqueue:list()], [rabbit_exchange:delete(rabbit_misc:r(<<"/">>, exchange, N), false, <<"test">>) || N <- [<<"rubricon.events">>, <<"rubricon.jobs.dead">>]], ok');
      await cluster.until(listenedTo, 40_000);
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

test('Redis forgets everything', { timeout: 180_000 }, (context) =>
  under(context, { fault: 'F7', scenario: 'cluster: Redis forgets everything', mustMs: 10_000 }, {
    times: long ? 10 : 2,
    fault: async () => assert.equal(await cluster.services.redis.command('FLUSHALL'), 'OK'),
  }));

// MISSION part 2: who is there is known to all servers, and who is not any more is gone within a minute.
test('who is there is known again within a minute, and whose gateway was killed is gone', { timeout: 180_000 }, async (context) => {
  const ann = await Device.register(cluster);
  const chatId = await ann.createChat('', { ai: 'off' });
  const present = () => cluster.services.redis.command('ZRANGE', `chat:${chatId}:presence`, '0', '-1');
  const people = async () => (await present()).split('\n').filter(Boolean).length;
  const at = async (gateway) => {
    const device = new Device(gateway, ann.account);
    device.adopt(ann);
    await device.connect({ reconnection: false });
    await device.join(chatId);
    return device;
  };
  const [here, there] = [await at(cluster.gateways[0]), await at(cluster.gateways[1])];
  await cluster.until(async () => (await people()) === 2);
  await cluster.gateways[1].kill();
  const killed = performance.now();
  await cluster.until(async () => (await people()) === 1, 75_000); // a minute, and a slow machine
  const gone = performance.now() - killed;
  assert.equal(await cluster.services.redis.command('FLUSHALL'), 'OK');
  const forgotten = performance.now();
  await cluster.until(async () => (await people()) === 1, 60_000);
  context.diagnostic(`gone after ${Math.round(gone / 1_000)} s, there again after ${Math.round((performance.now() - forgotten) / 1_000)} s`);
  for (const device of [here, there]) device.close();
  await cluster.gateways[1].start();
});

test('Redis stands still and goes on', { timeout: 240_000 }, (context) =>
  under(context, { fault: 'F7', scenario: 'cluster: Redis stands still for 30 s', mustMs: 10_000 }, {
    fault: async () => {
      await cluster.services.redis.kill('SIGSTOP');
      await wait(long ? 30_000 : 3_000);
      await cluster.services.redis.kill('SIGCONT');
    },
  }));

test('Redis has no room and stores nothing', { timeout: 180_000 }, (context) =>
  under(context, { fault: 'F7', scenario: 'cluster: Redis refuses to store (maxmemory, noeviction)', mustMs: 10_000 }, {
    fault: async () => {
      assert.equal(await cluster.services.redis.command('CONFIG', 'SET', 'maxmemory', '1'), 'OK');
      assert.match(await cluster.services.redis.command('SET', 'x', 'y'), /OOM/);
      await wait(long ? 20_000 : 2_000);
      assert.equal(await cluster.services.redis.command('CONFIG', 'SET', 'maxmemory', '0'), 'OK');
    },
  }));

test('PostgreSQL ends every connection', { timeout: 180_000 }, (context) =>
  under(context, { fault: 'F6', scenario: 'cluster: every connection to PostgreSQL is ended', mustMs: 10_000 }, {
    times: long ? 10 : 3,
    fault: async () => {
      const ended = await cluster.services.postgres.ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
      assert.ok(Number(ended) > 4, `${ended} connections`);
    },
  }));

// Somebody's transaction, forgotten in a console: writes to the chat are refused meanwhile, and to no other.
test('a transaction holds one chat, and no other waits', { timeout: 240_000 }, (context) =>
  under(context, { fault: 'F6', scenario: 'cluster: a transaction holds one chat', mustMs: 10_000 }, {
    pace: long ? 400 : 40, // every question is answered afterwards, those of a chat one by one
    fault: async () => {
      const ann = await Device.register(cluster);
      const [held, free] = [await ann.createChat('held', { ai: 'off' }), await ann.createChat('free', { ai: 'off' })];
      const holding = cluster.services.postgres.ask(`BEGIN; SELECT 1 FROM chats WHERE id = '${held}' FOR UPDATE; SELECT pg_sleep(${long ? 60 : 6}); COMMIT`);
      await cluster.until(async () => (await cluster.services.postgres.ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'BEGIN; SELECT 1 FROM chats%' AND wait_event = 'PgSleep'")) === '1');
      const refused = ann.post(held, 'to the one that is held', 'held');
      const slowest = await slowestOf(20, () => ann.postUntilStored(free, 'to the other'));
      assert.ok(slowest < 1_000, `a post to another chat took ${slowest} ms`);
      const { status, headers } = await refused;
      assert.equal(status, 503);
      assert.ok(Number(headers.get('retry-after')) >= 1);
      await holding;
      assert.equal((await ann.postUntilStored(held, 'to the one that is held', 'held')).seq, 2);
    },
  }));

test('PostgreSQL is restarted', { timeout: 240_000 }, (context) =>
  under(context, { fault: 'F6', scenario: 'cluster: PostgreSQL is ended in good order and started again', mustMs: 30_000 }, {
    times: long ? 5 : 1,
    fault: async () => {
      await cluster.services.postgres.halt();
      await cluster.services.postgres.restart();
    },
  }));

test('PostgreSQL is killed and comes back', { timeout: 240_000 }, (context) =>
  under(context, { fault: 'F6', scenario: 'cluster: kill -9 of PostgreSQL, started again', mustMs: 30_000 }, {
    fault: async () => {
      await cluster.services.postgres.kill();
      await cluster.services.postgres.restart();
    },
  }));
