// F2 and F4: the process stands still (SIGSTOP) for longer than its leases and goes on. What it then
// believes of leases and fences is out of date; nothing comes of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Load, long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';
import { Server } from '../support/server.mjs';

// Longer than the outbox lease; the long version also longer than a worker's 30 s.
const pauses = long ? [35_000, 8_000, 35_000] : [8_000];

test('F2, F4: stopped past its leases, it goes on without a second answer', { timeout: 600_000 }, async (context) => {
  const server = await (await Server.create()).start();
  const load = (await new Load(server).prepare()).start();
  for (const pause of pauses) {
    await wait(1_000);
    server.child.kill('SIGSTOP');
    await wait(pause);
    server.child.kill('SIGCONT');
    await load.level(performance.now());
  }
  await load.stop();
  const { messages, recoveries } = await load.check();
  load.close();
  await server.destroy();
  report(context, { fault: 'F2', scenario: `SIGSTOP for ${Math.max(...pauses) / 1000} s, SIGCONT`, messages, recoveries, mustMs: 5_000 });
});

test('F2: a second server on the same data is refused', { timeout: 60_000 }, async () => {
  const server = await (await Server.create()).start();
  const second = new Server(server.data, {}, 0);
  await assert.rejects(second.start(), /ended before it was ready/);
  await server.destroy();
});
