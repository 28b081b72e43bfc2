// F3 and F14: a crowd loses its server at once and comes back. The long version has 1,000 sockets
// and 10,000 sockets on the release build, and holds the bounds of the design; the short version has
// fewer, and holds everything but the time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Device } from '../support/client.mjs';
import { Crowd } from '../support/crowd.mjs';
import { long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';
import { Server } from '../support/server.mjs';

const socketsEach = 20; // as many as a user may have

/** So many people, each with a chat without AI and all their sockets in it. */
async function gather(server, people) {
  const crowd = new Crowd(server, 50); // the server limits each address to 200 connections a second
  const chats = [];
  for (let n = 0; n < people; n += 1) {
    const device = await Device.register(server, `person ${n}`, `127.0.2.${1 + (n % 40)}`);
    const chatId = await device.createChat(`chat ${n}`, { ai: 'off' });
    crowd.add(socketsEach, device.token, chatId);
    chats.push({ device, chatId });
  }
  crowd.go(people * socketsEach); // a thousand a second
  return { crowd, chats };
}

/** One message in every chat; the crowd is level when each socket has its own. */
async function postEverywhere({ crowd, chats }) {
  for (const { device, chatId } of chats) {
    const { seq } = await device.postUntilStored(chatId, 'here again?');
    crowd.target(chatId, seq);
  }
}

async function storm(context, { fault, people, mustMs }) {
  const server = await (await Server.create()).start();
  const gathered = await gather(server, people);
  const { crowd } = gathered;
  const sockets = people * socketsEach;
  await crowd.until((status) => status.live === sockets);
  await postEverywhere(gathered);
  await crowd.until((status) => status.level === sockets);
  let recovery = { max: -1 }; // of the worst round, over all sockets
  const rounds = long ? 3 : 1;
  for (let round = 0; round < rounds; round += 1) {
    await server.kill();
    crowd.mark();
    await server.start();
    const posting = postEverywhere(gathered); // what is new and what was missed arrive together
    await crowd.until((status) => status.live === sockets);
    const { p50, p99, max } = await crowd.until((status) => status.level === sockets);
    await posting;
    if (max > recovery.max) recovery = { n: sockets, p50, p99, max };
  }
  const { violations, refusals, anew } = await crowd.until((status) => status.level === sockets);
  assert.equal(violations, 0, 'an event was lost, twice or out of order');
  assert.deepEqual(anew, [], 'whoever missed a message or two was to read the whole anew');
  const errors = Object.keys(refusals).filter((code) => /^5/.test(code) && code !== '503');
  assert.deepEqual(errors, [], 'only 503 with Retry-After, if any');
  await crowd.close();
  await server.destroy();
  report(context, { fault, scenario: `kill -9 with ${sockets} sockets`, messages: people * (1 + rounds), recovery, mustMs, note: `refused meanwhile: ${JSON.stringify(refusals)}` });
}

test('F3: a thousand sockets lose their server', { timeout: 600_000 }, (context) => storm(context, { fault: 'F3', people: long ? 50 : 10, mustMs: 5_000 }));

if (long) {
  test('F14: ten thousand sockets lose their server at once', { timeout: 900_000 }, (context) => storm(context, { fault: 'F14', people: 500, mustMs: 60_000 }));
}
