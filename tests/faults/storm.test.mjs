// F3 and F14: a crowd loses its server at once and comes back; in F14 from so few addresses that not all may connect
// at once. The long version has 1,000 sockets and 10,000 sockets on the release build, and holds the bounds of the
// design; the short version has fewer, and holds everything but the time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Device } from '../support/client.mjs';
import { Crowd, metric } from '../support/crowd.mjs';
import { long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';
import { Server } from '../support/server.mjs';

const socketsEach = 20; // as many as a user may have
const hotMembers = 50; // of the one chat that has half of the sockets
const connectsPerSecond = long ? 200 : 50; // as many as an address may make; 200 is what it may by default
const enoughAddresses = 50; // for ten thousand at once

/** So many people, each with a chat without AI and all their sockets in it. */
async function gather(server, people, addresses) {
  const crowd = new Crowd(server, addresses);
  const chats = [];
  for (let n = 0; n < people; n += 1) {
    const device = await Device.register(server, `person ${n}`, `127.0.2.${1 + (n % 40)}`);
    const chatId = await device.createChat(`chat ${n}`, { ai: 'off' });
    crowd.add(socketsEach, device.token, chatId);
    chats.push({ device, chatId });
  }
  return { crowd, chats, sockets: people * socketsEach };
}

/** As many sockets again, all in one chat. */
async function addHotChat(server, gathered) {
  const [owner, ...members] = gathered.chats.map(({ device }) => device);
  const chatId = await owner.createChat('hot', { ai: 'off' });
  const each = gathered.sockets / hotMembers;
  for (const device of members.slice(0, hotMembers)) {
    const { status } = await owner.untilAllowed('POST', `/api/chat/${chatId}/members`, { email: device.account.email, role: 'editor' });
    assert.ok(status < 300, `adding a member: ${status}`);
    gathered.crowd.add(each, device.token, chatId);
  }
  gathered.hot = { device: owner, chatId };
  gathered.sockets *= 2;
}

/** One message in each chat; the crowd is level when each socket has its own. */
async function post(crowd, chats) {
  for (const { device, chatId } of chats) {
    const { seq } = await device.postUntilStored(chatId, 'here again?');
    crowd.target(chatId, seq);
  }
}

/** Everybody is back and has everything: how long it took, and what the store was asked for it by the new server. */
async function crash(server, gathered) {
  const { crowd, chats, hot, sockets } = gathered;
  await server.kill();
  crowd.mark();
  await server.start();
  // What is new and what was missed arrive together; where there is a hot chat, everybody in it has missed the same.
  const posting = post(crowd, hot ? [hot] : chats);
  await crowd.until((status) => status.live === sockets);
  await posting;
  if (hot) await post(crowd, chats);
  const { p50, p99, max } = await crowd.until((status) => status.level === sockets);
  return { n: sockets, p50, p99, max, statements: await metric(server, 'rubricon_sqlite_read_statements'),
    replays: await metric(server, 'rubricon_gateway_resumes_total', 'kind="delta"'), reads: await metric(server, 'rubricon_gateway_replay_reads_total') };
}

/** Half of the sockets are in one chat and have missed the same: that is not read again for each of them. */
function assertShared({ n, statements, replays, reads }) {
  assert.ok(replays > n * 0.4, `only ${replays} of ${n} had missed something`);
  assert.ok(reads <= replays / 2, `the log was read ${reads} times for ${replays} who had missed the same`);
  // One for the right of each socket, two a read of the log, and what is asked for many users at once.
  assert.ok(statements <= n * 1.6, `${statements} statements for ${n} sockets`);
}

/** `crowded`: so many addresses they all come from. */
async function storm(context, { fault, people, crowded, hot, mustMs }) {
  const addresses = crowded ?? enoughAddresses;
  const env = { ...(hot && { RUBRICON_USER_SOCKETS: '1000' }), ...(crowded && { RUBRICON_ADDRESS_CONNECTS_PER_SECOND: `${connectsPerSecond}` }) };
  const server = await (await Server.create({ env })).start();
  const gathered = await gather(server, people, addresses);
  if (hot) await addHotChat(server, gathered);
  const { crowd, chats, sockets } = gathered;
  crowd.go(Math.max(sockets, (sockets / addresses / (0.8 * connectsPerSecond)) * 1_000)); // all are let in, a thousand a second at most
  await crowd.until((status) => status.live === sockets);
  await post(crowd, [...gathered.chats, ...(hot ? [gathered.hot] : [])]);
  const before = await crowd.until((status) => status.level === sockets);
  assert.deepEqual(before.refusals, {});
  const rounds = [];
  for (let round = 0; round < (long ? 3 : 1); round += 1) rounds.push(await crash(server, gathered));
  const { violations, refusals, anew } = await crowd.until((status) => status.level === sockets);
  assert.equal(violations, 0, 'an event was lost, twice or out of order');
  assert.deepEqual(anew, [], 'whoever missed a message or two was to read the whole anew');
  const errors = Object.keys(refusals).filter((code) => /^5/.test(code) && code !== '503');
  assert.deepEqual(errors, [], 'only 503 with Retry-After, if any');
  for (const each of hot ? rounds : []) assertShared(each);
  if (crowded) assert.ok(refusals['400'] > 0, 'all were let in at once'); // code 4, forbidden: again in a moment
  await crowd.close();
  await server.destroy();
  const { statements, replays, reads, ...recovery } = rounds.toSorted((a, b) => a.max - b.max).at(-1); // of the worst round
  report(context, { fault, scenario: `kill -9 with ${sockets} sockets${hot ? ', half of them in one chat' : ''}${crowded ? `, from ${crowded} addresses` : ''}`, messages: (chats.length + (hot ? 1 : 0)) * (1 + rounds.length), recovery, mustMs,
    note: `${statements} statements read, ${reads} reads of the log for ${replays} who had missed something; refused meanwhile: ${JSON.stringify(refusals)}` });
}

test('F3: a thousand sockets lose their server', { timeout: 600_000 },
  (context) => storm(context, { fault: 'F3', people: long ? 50 : 10, mustMs: 5_000 }));

test('F14: a crowd from so few addresses that not all may connect at once', { timeout: 900_000 },
  (context) => storm(context, { fault: 'F14', people: long ? 500 : 10, crowded: long ? 6 : 1, mustMs: 60_000 }));

if (long) {
  test('F14: ten thousand sockets lose their server at once, half of them in one chat', { timeout: 900_000 },
    (context) => storm(context, { fault: 'F14', people: 250, hot: true, mustMs: 60_000 }));
}
