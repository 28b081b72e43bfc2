// F5, F12, F13, F14, F16, F18 on the real engines: what the broker delivers is late, repeated, shuffled or nonsense; a crowd
// loses its gateway; sessions end in mid-stream; a transaction of old stands open in the database.
// tests: src/adapters/rabbitmq/consumer.cpp src/outbox/relay.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { Crowd, metric } from '../support/crowd.mjs';
import { Load, long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';

let cluster;
before(async () => (cluster = await (await Cluster.create()).start()), { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 120_000 });

const sum = async (servers, ...what) => (await Promise.all(servers.map((server) => metric(server, ...what)))).reduce((a, b) => a + b);

/** Load, the fault, then every rule. `fault` returns a note. */
async function under(context, { fault, scenario, mustMs = 10_000, pace = 100, disturb }) {
  const load = await new Load(cluster, { pace }).prepare();
  load.start();
  await wait(400);
  const note = await disturb(load);
  await load.level(performance.now());
  await load.stop();
  const { messages, recoveries } = await load.check();
  load.close();
  report(context, { fault, scenario: `cluster: ${scenario}`, messages, recoveries, mustMs, note });
}

test('F5: RabbitMQ is short of memory and takes nothing', { timeout: 1_200_000 }, (context) =>
  under(context, { fault: 'F5', scenario: 'RabbitMQ short of memory blocks publishers', mustMs: 30_000,
    disturb: async (load) => {
      const { rabbitmq } = cluster.services;
      const relays = [...cluster.apis, ...cluster.workers];
      await rabbitmq.evaluate('vm_memory_monitor:set_vm_memory_high_watermark(0.00001)');
      await cluster.until(async () => (await sum(relays, 'rubricon_rabbitmq_blocked')) > 0);
      const stored = load.sent.length;
      await wait(long ? 60_000 : 7_000); // longer than a confirm is waited for
      assert.ok(load.sent.length > stored, 'messages are stored all the same');
      await rabbitmq.evaluate('vm_memory_monitor:set_vm_memory_high_watermark(0.4)');
      await cluster.until(async () => (await sum(relays, 'rubricon_rabbitmq_blocked')) === 0);
      return `${load.sent.length - stored} messages stored meanwhile`;
    } }));

test('F12: every event is published again and again, in any order', { timeout: 240_000 }, (context) =>
  under(context, { fault: 'F12', scenario: 'each event of the chats published 3 times more, shuffled',
    disturb: async (load) => {
      const chats = load.chatIds.map((id) => `'${id}'`).join(',');
      const before = await sum(cluster.apis, 'rubricon_outbox_published_total') + await sum(cluster.workers, 'rubricon_outbox_published_total');
      let repeated = 0;
      for (let round = 0; round < (long ? 30 : 3); round += 1) {
        repeated += Number(await cluster.services.postgres.ask(`WITH again AS (INSERT INTO outbox (stream, kind, seq, at, created_at)
          SELECT stream, 0, seq, created_at, now() FROM events, generate_series(1, 3) WHERE stream IN (${chats}) ORDER BY random() RETURNING 1)
          SELECT count(*) FROM again`));
        await wait(300);
      }
      assert.ok(repeated > 30);
      await cluster.until(async () => (await sum(cluster.apis, 'rubricon_outbox_published_total')) + (await sum(cluster.workers, 'rubricon_outbox_published_total')) >= before + repeated);
      return `${repeated} repetitions`;
    } }));

test('F13: messages that nobody can read are put aside, and hold up nobody', { timeout: 240_000 }, (context) =>
  under(context, { fault: 'F13', scenario: 'unreadable events and jobs in the broker',
    disturb: async (load) => {
      const unreadable = async () => (await sum(cluster.gateways, 'rubricon_rabbitmq_unreadable_total')) + (await sum(cluster.workers, 'rubricon_rabbitmq_unreadable_total'));
      const before = await unreadable();
      const { rabbitmq } = cluster.services;
      for (const body of ['not json', '{}', '']) {
        await rabbitmq.evaluate(`rabbit_basic:publish(rabbit_misc:r(<<"/">>, exchange, <<"rubricon.events">>), <<"chat.${load.chatIds[0]}">>, [], <<"${body.replaceAll('"', '\\"')}">>)`);
        await rabbitmq.evaluate(`rabbit_basic:publish(rabbit_misc:r(<<"/">>, exchange, <<>>), <<"rubricon.jobs">>, [], <<"${body.replaceAll('"', '\\"')}">>)`);
      }
      // Each event reaches both gateways, each job one worker.
      await cluster.until(async () => (await unreadable()) - before >= 9);
      const dead = () => rabbitmq.evaluate('{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<"rubricon.jobs.dead">>)), proplists:get_value(messages, rabbit_amqqueue:info(Q, [messages]))');
      await cluster.until(async () => Number(/\{ok, (\d+)\}/.exec(await dead())[1]) >= 3); // the jobs
      return `${(await unreadable()) - before} put aside and counted`;
    } }));

test('F14: a crowd over two gateways loses one of them', { timeout: 600_000 }, async (context) => {
  const people = long ? 50 : 6;
  const each = 20; // as many as a user may have
  const crowd = new Crowd(cluster, 20);
  const chats = [];
  for (let n = 0; n < people; n += 1) {
    const device = await Device.register(cluster, `person ${n}`);
    const chatId = await device.createChat(`chat ${n}`, { ai: 'off' });
    crowd.add(each, device.token, chatId);
    chats.push({ device, chatId });
  }
  const sockets = people * each;
  const post = async () => {
    for (const { device, chatId } of chats) crowd.target(chatId, (await device.postUntilStored(chatId, 'here again?')).seq);
  };
  crowd.go(sockets * 2);
  await crowd.until((status) => status.live === sockets);
  await post();
  await crowd.until((status) => status.level === sockets);
  // A gateway counts its sockets once a tick.
  let spread;
  await cluster.until(async () => {
    spread = await Promise.all(cluster.gateways.map((gateway) => metric(gateway, 'rubricon_gateway_sockets')));
    return spread.reduce((a, b) => a + b) >= sockets;
  });
  assert.ok(spread.every((count) => count > sockets / 10), `on the gateways: ${spread}`);
  await cluster.gateways[0].kill();
  crowd.mark();
  await post();
  const { p50, p99, max, violations, refusals } = await crowd.until((status) => status.level === sockets);
  await cluster.gateways[0].start();
  await crowd.close();
  assert.equal(violations, 0, 'an event was lost, twice or out of order');
  report(context, { fault: 'F14', scenario: `cluster: ${sockets} sockets on two gateways lose one`, messages: chats.length * 2,
    recovery: { n: sockets, p50, p99, max }, mustMs: 5_000, note: `${spread.join(' and ')} sockets on the gateways; refused meanwhile: ${JSON.stringify(refusals)}` });
});

test('F16: sessions end in mid-stream: sockets on both gateways are gone, the others hear everything', { timeout: 240_000 }, (context) =>
  under(context, { fault: 'F16', scenario: 'sessions revoked under load',
    disturb: async (load) => {
      let slowest = 0;
      for (let n = 0; n < (long ? 20 : 3); n += 1) {
        const leaving = await load.devices[0].another();
        const sockets = [];
        for (const gateway of cluster.gateways) {
          const device = new Device({ url: gateway.url }, leaving.account);
          device.adopt(leaving);
          await device.connect();
          assert.ok((await device.join(load.chatIds[0])).ok);
          sockets.push(device);
        }
        const gone = sockets.map(({ socket }) => new Promise((resolve) => socket.once('server-closing', resolve)));
        const begun = performance.now();
        assert.equal((await leaving.rest('POST', '/api/auth/logout', {})).status, 204);
        for (const reason of await Promise.all(gone)) assert.equal(reason.code, 'session_revoked');
        slowest = Math.max(slowest, performance.now() - begun);
        for (const device of sockets) device.close();
      }
      assert.ok(slowest < 2_000, `${slowest} ms`);
      return `revoked: closed on both gateways after ${Math.round(slowest)} ms (2,000 at most)`;
    } }));

/** The statement with which relays claim, as the server was asked it. */
async function claimStatement({ postgres }) {
  let text = '';
  await cluster.until(async () => (text = await postgres.ask("SELECT query FROM pg_stat_activity WHERE query LIKE 'WITH free AS%' LIMIT 1")) !== '');
  assert.match(text, /FOR UPDATE SKIP LOCKED[^]*RETURNING[^]*ORDER BY o\.id$/, 'whole');
  return text;
}

test('F18: a transaction of old stands open while the outbox turns over', { timeout: 1_200_000 }, (context) =>
  under(context, { fault: 'F18', scenario: 'an old snapshot held open over 25,000 rows of the outbox that are gone', pace: 60,
    disturb: async () => {
      const { postgres } = cluster.services;
      const held = postgres.ask(`BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM outbox; SELECT pg_sleep(${long ? 60 : 6}); COMMIT`);
      await cluster.until(async () => (await postgres.ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'BEGIN ISOLATION%' AND wait_event = 'PgSleep'")) === '1');
      // Nobody sees them, and no vacuum takes them away while the transaction is open: what 200 messages a second leave in
      // a minute. A claim walks over them, and takes longer in proportion.
      await postgres.ask(`BEGIN; INSERT INTO outbox (stream, kind, seq, at, created_at) SELECT gen_random_uuid(), 0, 1, now(), now()
        FROM generate_series(1, 25000); DELETE FROM outbox WHERE seq = 1 AND created_at = now(); COMMIT`);
      await postgres.ask('VACUUM outbox');
      const claim = await claimStatement(cluster.services);
      const times = [];
      let over = false;
      held.finally(() => (over = true));
      while (!over) {
        const plan = await postgres.ask(`BEGIN; PREPARE claim AS ${claim}; EXPLAIN (ANALYZE, FORMAT JSON)
          EXECUTE claim (now(), now() + interval '1 hour', now() + interval '4 s', 500); ROLLBACK`);
        times.push(JSON.parse(/\[[^]*\]/.exec(plan)[0])[0]['Execution Time']);
        await wait(50);
      }
      await held;
      const p99 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)];
      assert.ok(!long || p99 < 50, `the outbox is claimed in ${p99} ms at p99`);
      return `the relays' claim takes ${p99.toFixed(1)} ms at p99 (50 at most)`;
    } }));
