// F18: a quarter ends under load: what comes after it lies in the next partition, nobody is refused, and another
// partition is made ahead.
// tests: src/adapters/postgres/migrations.cpp
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Cluster } from '../support/cluster.mjs';
import { Load, long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';

const now = new Date();
const nextQuarter = new Date(Date.UTC(now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3 + 3, 1));
const partitionOf = (table, date) => `${table}_${date.getUTCFullYear()}q${Math.floor(date.getUTCMonth() / 3) + 1}`;
const secondsBefore = long ? 60 : 15; // of the quarter's end, when everything runs

let cluster;
before(async () => {
  cluster = await Cluster.create();
  const error = path.join(cluster.folder, 'clock-error');
  for (const server of cluster.processes) server.options.env.RUBRICON_CLOCK_ERROR = error;
  cluster.setClock = (date) => writeFile(error, String(date - Date.now()));
  await cluster.setClock(nextQuarter - 600_000); // so near that tokens of then are good afterwards
  await cluster.start();
}, { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 60_000 });

test('F18: a quarter ends under load', { timeout: 600_000 }, async (context) => {
  const { postgres } = cluster.services;
  const [ending, beginning] = [partitionOf('events', new Date(nextQuarter - 1)), partitionOf('events', nextQuarter)];
  const count = async (table) => Number(await postgres.ask(`SELECT count(*) FROM ${table}`));
  const load = await new Load(cluster, { pace: 100 }).prepare();
  await cluster.setClock(nextQuarter - secondsBefore * 1_000);
  load.start();
  await cluster.until(async () => (await count(ending)) > 20);
  assert.equal(await count(beginning), 0);
  await cluster.until(async () => (await count(beginning)) > 20, (secondsBefore + 60) * 1_000);
  await load.level(performance.now());
  await load.stop();
  const { messages, recoveries } = await load.check();
  load.close();
  const ahead = partitionOf('messages', new Date(Date.UTC(nextQuarter.getUTCFullYear(), nextQuarter.getUTCMonth() + 6, 1)));
  await cluster.until(async () => (await postgres.ask(`SELECT to_regclass('${ahead}') IS NOT NULL`)) === 't', 90_000);
  report(context, { fault: 'F18', scenario: 'cluster: a quarter ends', messages, recoveries, mustMs: 10_000,
    note: `${await count(ending)} events before the end of the quarter, ${await count(beginning)} after it` });
});
