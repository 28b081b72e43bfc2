// The cluster behind PgBouncer, which hands out its few connections by transaction: nothing is kept in a session, and the
// pooler may die under load like everything else.
// tests: src/adapters/postgres/connection.cpp src/adapters/postgres/secret_table.cpp src/app/histories.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Cluster } from '../support/cluster.mjs';
import { Load, long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';

const poolSize = 6; // of tools/services/pgbouncer

let cluster;
before(async () => (cluster = await (await Cluster.create({ pooled: true })).start()), { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 120_000 });

/** Of each connection that the pooler has to the server: the processes whose transactions were seen on it. */
async function watch(load) {
  const seen = new Map();
  let most = 0;
  while (!load.stopping) {
    const answer = await cluster.services.postgres.ask("SELECT pid, application_name FROM pg_stat_activity WHERE application_name ~ '^(api|gateway|worker)-'");
    const rows = answer.split('\n').map((row) => row.split('|'));
    most = Math.max(most, rows.length);
    for (const [pid, name] of rows) seen.set(pid, (seen.get(pid) ?? new Set()).add(name));
  }
  return { shared: [...seen.values()], most };
}

const asked = async (command) => (await cluster.pooler.ask(command, cluster.pooler.console)).split('\n').map((row) => row.split('|'));

test('a few connections are shared by the transactions of all processes', { timeout: 180_000 }, async (context) => {
  const load = (await new Load(cluster, { pace: 100 }).prepare()).start();
  const watching = watch(load);
  await wait(long ? 20_000 : 3_000);
  const clients = (await asked('SHOW CLIENTS')).filter((row) => row.includes('postgres')).length;
  await load.stop();
  const { shared, most } = await watching;
  const { messages } = await load.check();
  load.close();
  assert.ok(most <= poolSize, `${most} connections to the server`);
  assert.ok(clients > poolSize, `${clients} connections to the pooler`);
  assert.equal(new Set(shared.flatMap((names) => [...names])).size, cluster.processes.length, 'every process was there');
  assert.ok(shared.some((names) => names.size > 2), 'and none had a connection for itself');
  context.diagnostic(`${messages} messages, ${clients} connections to the pooler, ${most} to the server, shared by ${shared.map((names) => names.size)} processes`);
});

// What one of them had left in a session would be in the way of the next.
test('the commands that look after a database go through it, too', { timeout: 60_000 }, async () => {
  const load = (await new Load(cluster, { pace: 100 }).prepare()).start();
  for (const command of [['doctor'], ['verify'], ['verify'], ['events', 'rebuild'], ['events', 'rebuild']]) {
    const { status, stdout, stderr } = await cluster.commandMeanwhile(...command);
    assert.equal(status, 0, `${command.join(' ')}: ${stdout}${stderr}`);
  }
  await load.stop();
  load.close();
});

test('nothing is left in a session for whoever has it next', { timeout: 60_000 }, async () => {
  const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'client_min_messages', 'synchronous_commit', 'TimeZone'];
  const settings = `SELECT ${names.map((name) => `current_setting('${name}')`).join(', ')}, (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')`;
  const untouched = await cluster.services.postgres.ask(settings);
  // All of its connections at once, so that each answers.
  const answers = await Promise.all(Array.from({ length: poolSize }, () => cluster.pooler.ask(`BEGIN; SELECT pg_sleep(0.5); ${settings}; COMMIT`)));
  for (const answer of answers) assert.equal(answer.split('\n').at(-2), untouched);
});

/** Load, a death and a return a few times, then every rule. */
async function killed(context, { scenario, service, times }) {
  const load = (await new Load(cluster, { pace: 100 }).prepare()).start();
  for (let n = 0; n < times; n += 1) {
    await wait(400);
    await service.kill();
    await wait(long ? 3_000 : 500);
    await service.restart();
    await load.level(performance.now());
  }
  await load.stop();
  const { messages, recoveries } = await load.check();
  load.close();
  report(context, { fault: 'F6', scenario: `cluster: kill -9 of ${scenario}, started again`, messages, recoveries, mustMs: 10_000 });
}

test('F6: the pooler is killed and comes back', { timeout: 240_000 }, (context) =>
  killed(context, { scenario: 'a pooler in transaction mode', service: cluster.pooler, times: long ? 10 : 2 }));

if (long) {
  test('F6: PostgreSQL is killed behind the pooler and comes back', { timeout: 240_000 }, (context) =>
    killed(context, { scenario: 'PostgreSQL behind a pooler in transaction mode', service: cluster.services.postgres, times: 3 }));
}
