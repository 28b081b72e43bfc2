// F1 to F5 on the real engines at their worst moments: one of two processes kills itself, or stands still for longer than
// what it has claimed, at every named place on a message's way, and the other goes on without it; the broker dies while
// what it was given is not confirmed.
// tests: src/app/engines.cpp src/outbox/relay.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Cluster } from '../support/cluster.mjs';
import { metric } from '../support/crowd.mjs';
import { Load, long, random } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';

let cluster;
before(async () => (cluster = await (await Cluster.create()).start()), { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 120_000 });

async function startWith(server, failpoint) {
  const { env } = server.options;
  server.options.env = { ...env, RUBRICON_FAILPOINT: failpoint };
  // A place may be passed before the process says that it is ready.
  await server.start().catch((error) => assert.match(error.message, /SIGKILL/));
  server.options.env = env;
}

// Fault of docs/guarantees.md → who dies, where, and at which pass at the latest.
const faults = {
  F1: { role: 'apis', places: { 'api.before_begin': 8, 'api.after_idem': 8, 'api.after_seq': 8, 'api.before_commit': 8, 'api.after_commit': 8, 'api.before_reply': 8 } },
  F2: { role: 'apis', places: { 'relay.after_select': 6, 'relay.after_publish': 6, 'relay.before_delete': 6 } },
  F3: { role: 'gateways', places: { 'gateway.after_consume': 8, 'gateway.mid_fanout': 30, 'gateway.mid_join': 4 } },
  F4: { role: 'workers', places: { 'worker.after_claim': 4, 'worker.mid_stream': 4, 'worker.before_answer_commit': 4, 'worker.after_answer_commit': 4 } },
};

for (const [fault, { role, places }] of Object.entries(faults)) {
  test(`${fault}: one of the ${role} kills itself at ${Object.keys(places).join(', ')}`, { timeout: 900_000 }, async (context) => {
    const seed = Number(process.env.RUBRICON_SEED ?? Date.now() % 2 ** 31);
    context.diagnostic(`RUBRICON_SEED=${seed}`);
    const next = random(seed);
    const load = (await new Load(cluster, { pace: 200 }).prepare()).start();
    for (let round = 0; round < (long ? 4 : 1); round += 1) {
      for (const [place, most] of Object.entries(places)) {
        const [dying, other] = round % 2 === 0 ? cluster[role] : cluster[role].toReversed();
        await dying.kill();
        await startWith(dying, `${place}:kill@${1 + Math.floor(next() * most)}`);
        if (role === 'gateways') await other.kill(); // every socket comes to the one that is to die
        await dying.ended();
        const dead = performance.now();
        if (role === 'gateways') await other.start();
        await load.level(dead); // without the one that died
        await dying.start();
      }
    }
    await load.stop();
    const { messages, recoveries } = await load.check();
    load.close();
    report(context, { fault, scenario: `cluster: one of the ${role} kills itself at ${Object.keys(places).join(', ')}`, messages, recoveries, mustMs: 5_000 });
  });
}

const claimed = async () => Number(await cluster.services.postgres.ask('SELECT count(*) FROM outbox WHERE claimed_until IS NOT NULL'));

/** Load, while a process stands still at a failpoint for so long; `meanwhile` sees to it that another one goes on. */
async function standingStill(context, { still, place, pause, meanwhile, ...row }) {
  const load = (await new Load(cluster, { pace: 200 }).prepare()).start();
  await still.kill();
  await startWith(still, `${place}:pause=${pause}@3`);
  await meanwhile();
  await load.level(performance.now());
  await load.stop();
  const { messages, recoveries } = await load.check();
  load.close();
  await still.stop();
  await still.start();
  report(context, { ...row, messages, recoveries, mustMs: 5_000 });
}

test('F2: a relay stands still past its claim, and another one publishes what it had', { timeout: 300_000 }, (context) => {
  const pause = long ? 35_000 : 8_000;
  const [, still] = cluster.apis;
  const answers = () => fetch(`${still.url}/healthz`, { signal: AbortSignal.timeout(500) }).then(() => true, () => false);
  return standingStill(context, { fault: 'F2', scenario: `cluster: a relay stands still for ${pause / 1_000} s with rows that it has claimed`, still, place: 'relay.after_select', pause,
    meanwhile: async () => {
      await cluster.until(async () => !(await answers()));
      const stopped = performance.now();
      await cluster.until(async () => (await claimed()) > 0); // what it had, or what another has now
      await cluster.until(async () => (await cluster.services.postgres.ask('SELECT count(*) FROM outbox')) === '0', 5_000);
      assert.ok(performance.now() - stopped < pause - 1_000, 'it still stands still');
      await cluster.until(answers, pause + 10_000);
    } });
});

test('F4: a worker stands still past its lease, and what it makes of the question is thrown away', { timeout: 300_000 }, (context) => {
  const pause = long ? 45_000 : 12_000; // the lease is of 30 s
  const { postgres } = cluster.services;
  const [still] = cluster.workers;
  // The other worker is done with each of its jobs within a moment.
  const heldFor = (seconds) => postgres.ask(`SELECT id FROM ai_jobs WHERE state = 'running' AND lease_until < now() + interval '${30 - seconds} s' LIMIT 1`);
  return standingStill(context, { fault: 'F4', scenario: `cluster: a worker stands still for ${pause / 1_000} s in the middle of an answer`, note: 'its answer was thrown away', still, place: 'worker.mid_stream', pause,
    meanwhile: async () => {
      let job;
      await cluster.until(async () => (job = await heldFor(3)) !== '');
      if (!long) await postgres.ask(`UPDATE ai_jobs SET lease_until = now() - interval '1 s' WHERE id = '${job}' AND state = 'running'`);
      await cluster.until(async () => (await postgres.ask(`SELECT state FROM ai_jobs WHERE id = '${job}'`)) === 'done', 45_000);
      await cluster.until(async () => (await metric(still, 'rubricon_worker_jobs_total', 'result="stale"')) >= 1, pause + 10_000);
    } });
});

test('F5: RabbitMQ is killed while what it was given is not confirmed', { timeout: 600_000 }, async (context) => {
  const load = (await new Load(cluster, { pace: 300 }).prepare()).start(); // every question is to be answered afterwards
  const { rabbitmq } = cluster.services;
  for (let round = 0; round < (long ? 3 : 1); round += 1) {
    await wait(400);
    await rabbitmq.kill('SIGSTOP');
    await cluster.until(async () => (await claimed()) > 0); // given to a broker that says nothing
    await rabbitmq.kill();
    await rabbitmq.restart();
    await load.level(performance.now());
  }
  await load.stop();
  const { messages, recoveries } = await load.check();
  load.close();
  report(context, { fault: 'F5', scenario: 'cluster: kill -9 of RabbitMQ while confirms are outstanding', messages, recoveries, mustMs: 30_000 });
});
