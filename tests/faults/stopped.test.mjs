// F2 and F4: the process stands still (SIGSTOP) for longer than its leases and goes on. What it then
// believes of leases and fences is out of date; nothing comes of it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { metric } from '../support/crowd.mjs';
import { Load, long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';
import { Server } from '../support/server.mjs';

const leaseMs = 30_000; // of a worker
// Longer than the outbox lease; the long version also longer than a worker's.
const pauses = long ? [35_000, 8_000, 35_000] : [8_000];

/** Asks the server's database while the server stands still. Nothing where the server holds its lock. */
function ask(server, sql) {
  const { status, stdout } = spawnSync('sqlite3', [path.join(server.data, 'rubricon.db'), sql], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

/** Stops the process while it answers a question, and not in the middle of a write: the job. */
async function stopWhileAnswering(server) {
  const state = () => /\) (\S)/.exec(readFileSync(`/proc/${server.child.pid}/stat`, 'utf8'))[1];
  for (;;) {
    server.child.kill('SIGSTOP');
    while (state() !== 'T') await wait(1);
    const job = ask(server, "BEGIN IMMEDIATE; SELECT hex(id) FROM ai_jobs WHERE state = 'running' LIMIT 1; ROLLBACK");
    if (job) return job;
    server.child.kill('SIGCONT');
    await wait(10);
  }
}

/** What another worker does that takes the job when its lease has passed, and dies of it at once. */
function takeOver(server, job) {
  const past = long ? `AND lease_until < ${Date.now()}` : ''; // the short version does not wait for that
  return ask(server, `UPDATE ai_jobs SET attempt = attempt + 1, fence = fence + 1, lease_until = 0
    WHERE id = x'${job}' AND state = 'running' ${past} RETURNING hex(id)`);
}

test('F2, F4: stopped past its leases in the middle of an answer, it goes on without a second one', { timeout: 600_000 }, async (context) => {
  const server = await (await Server.create()).start();
  const load = (await new Load(server).prepare()).start();
  const stale = () => metric(server, 'rubricon_worker_jobs_total', 'result="stale"');
  const jobs = [];
  for (const pause of pauses) {
    await load.level(performance.now()); // it is under way
    load.recoveries.pop();
    const job = await stopWhileAnswering(server);
    await wait(pause);
    const taken = !long || pause > leaseMs;
    if (taken) assert.equal(takeOver(server, job), job, 'the lease of the answer that is being written has passed');
    server.child.kill('SIGCONT');
    await load.level(performance.now());
    if (taken) jobs.push(job);
    while ((await stale()) < jobs.length) await wait(50); // what it made of the job is thrown away
  }
  await load.stop();
  const { messages, recoveries } = await load.check();
  assert.equal(await stale(), jobs.length);
  for (const job of jobs) assert.match(ask(server, `SELECT state, attempt FROM ai_jobs WHERE id = x'${job}'`), /^done\|[3-9]$/);
  load.close();
  await server.destroy();
  report(context, { fault: 'F2, F4', scenario: `SIGSTOP for ${Math.max(...pauses) / 1000} s in the middle of an answer, SIGCONT`, messages, recoveries, mustMs: 5_000,
    note: `answers thrown away because the job had been taken over: ${jobs.length}` });
});

test('F2: a second server on the same data is refused', { timeout: 60_000 }, async () => {
  const server = await (await Server.create()).start();
  const second = new Server(server.data, {}, 0);
  await assert.rejects(second.start(), /ended before it was ready/);
  await server.destroy();
});
