// F6: the primary dies, or its machine does, and a replica that has every acknowledged commit takes over. Every process
// knows both addresses and uses the one that can be written to.
// tests: src/adapters/postgres/pool.cpp src/adapters/postgres/hosts.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Cluster } from '../support/cluster.mjs';
import { Load, long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';

let cluster, primary, standby;
before(async () => {
  cluster = await (await Cluster.create({ standby: true })).start();
  [primary, standby] = [cluster.services.postgres, cluster.replica];
}, { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 120_000 });

/** From here on no commit is acknowledged that the standby does not have. */
async function commitOnBoth() {
  await primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'");
  await primary.ask('SELECT pg_reload_conf()');
  await cluster.until(async () => (await primary.ask("SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'")) === 'sync');
}

/** The standby becomes the primary; it was copied before the other one began to wait for it, and waits for nobody. */
async function promote() {
  assert.equal(await standby.ask('SELECT pg_promote()'), 't');
  [primary, standby] = [standby, primary];
  assert.equal(await primary.ask('SHOW synchronous_standby_names'), '');
}

/** Load; `die` ends the primary and says when; then its standby takes over, and it comes back as the standby's own. */
async function failOver(context, { scenario, times, pace, die }) {
  const load = (await new Load(cluster, { pace }).prepare()).start();
  for (let n = 0; n < times; n += 1) {
    await commitOnBoth();
    await wait(400);
    const gone = await die();
    const dead = performance.now();
    await promote();
    await load.level(dead);
    await gone?.(); // before it could be taken for the primary
    await standby.follow(primary);
  }
  await load.stop();
  const { messages, recoveries } = await load.check();
  load.close();
  report(context, { fault: 'F6', scenario: `cluster: ${scenario}, its synchronous replica takes over`, messages, recoveries, mustMs: 30_000, note: 'recovery: from the death, with the promotion' });
}

test('F6: the primary is killed and its synchronous replica takes over', { timeout: 300_000 }, (context) =>
  failOver(context, { scenario: 'kill -9 of the primary', times: long ? 6 : 2, pace: 100, die: () => primary.kill() }));

test('F6: the machine of the primary is gone and its synchronous replica takes over', { timeout: 300_000 }, (context) =>
  failOver(context, { scenario: 'the primary answers nothing', times: long ? 4 : 1, pace: 200, die: () => primary.freeze() }));
