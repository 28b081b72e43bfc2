// F10: the clock jumps an hour ahead and an hour back, shakes by half a second, and is put right
// while the server is dead. Numbers order what happened, not times; leases, limits and time-outs do
// not hold for the hour by which the clock was wrong.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { storedEvents } from '../support/client.mjs';
import { Load, long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';
import { Server } from '../support/server.mjs';

const hour = 3_600_000;
const work = long ? 5_000 : 500; // of everybody, under each clock

/** The server reads from a file by how many milliseconds its clock is wrong. */
async function wronglyTimed() {
  const server = await Server.create();
  const file = path.join(server.data, 'clock-error');
  const error = (ms) => writeFileSync(file, String(ms));
  error(0);
  server.options.env = { RUBRICON_CLOCK_ERROR: file };
  return { server: await server.start(), error };
}

/** In no chat do times go back, although the clock did. The latest of all. */
async function latestTime(load) {
  let latest = 0;
  for (const chatId of load.chatIds) {
    const times = (await storedEvents(load.devices[0], chatId)).events.map((event) => Date.parse(event.at));
    assert.ok(times.every((time, n) => n === 0 || time >= times[n - 1]), 'the times of a chat go back');
    latest = Math.max(latest, times.at(-1));
  }
  return latest;
}

test('F10: the clock jumps by an hour, and back, also while the server is dead', { timeout: 600_000 }, async (context) => {
  const { server, error } = await wronglyTimed();
  const load = (await new Load(server, { pace: 200 }).prepare()).start();
  for (const ms of [hour, 0, -hour, 0]) {
    error(ms);
    const jumped = performance.now();
    await load.signInAgain(); // an hour ahead every token has expired; an hour back they are not valid yet
    await load.level(jumped);
    await wait(work);
  }
  for (const ms of [hour, -hour]) {
    error(ms);
    await load.signInAgain();
    await wait(work);
    await server.kill();
    const dead = performance.now();
    error(0);
    await server.start();
    await load.signInAgain();
    await load.level(dead);
  }
  await load.stop();
  const { messages, recoveries } = await load.check();
  assert.ok(await latestTime(load) > Date.now() + hour / 2, 'the clock was never ahead');
  load.close();
  await server.destroy();
  report(context, { fault: 'F10', scenario: 'the clock jumps by an hour, ahead, back, and while the server is dead', messages, recoveries, mustMs: 5_000 });
});

test('F10: the clock shakes by half a second: nobody is refused, nothing is late', { timeout: 600_000 }, async (context) => {
  const { server, error } = await wronglyTimed();
  const load = (await new Load(server, { pace: 200 }).prepare()).start();
  for (let n = 0; n < (long ? 200 : 60); n += 1) {
    error(n % 2 === 0 ? 500 : -500);
    await wait(50);
  }
  error(0);
  await load.level(performance.now());
  await load.stop();
  assert.equal(load.unauthenticated, 0, 'a token that was just given was refused');
  const { messages, recoveries } = await load.check();
  await latestTime(load);
  load.close();
  await server.destroy();
  report(context, { fault: 'F10', scenario: 'the clock shakes, ±500 ms every 50 ms', messages, recoveries, mustMs: 5_000 });
});
