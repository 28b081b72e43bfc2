// F11 on PostgreSQL: its disk is full for a while. Nothing is acknowledged that was not stored, and writing goes on by itself
// when there is room again, or, where the log itself had none and PostgreSQL died of it, when it is started again.
// tests: src/adapters/postgres/failure.cpp
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Cluster } from '../support/cluster.mjs';
import { Load, long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';
import { smallDatabaseDisk } from '../support/small_disk.mjs';

const disk = smallDatabaseDisk();
let cluster, postgres;
before(async () => {
  cluster = await (await Cluster.create({ disk })).start();
  postgres = cluster.services.postgres;
}, { timeout: 180_000 });
after(async () => {
  await cluster?.destroy();
  disk.close();
}, { timeout: 120_000 });

const lives = () => postgres.ask('SELECT 1').then(() => true, () => false);

/** Posts what cannot be packed until as many are refused as are wanted: there may be a little room still. */
async function postUntilRefused(load, wanted) {
  const [device] = load.devices;
  const tried = [];
  for (let refused = 0; refused < wanted; ) {
    const message = { device, chatId: load.chatIds[0], clientId: `full-${performance.now()}`, content: randomBytes(22_000).toString('base64'), invoked: performance.now() };
    tried.push(message);
    const { chatId, content, clientId } = message;
    const { status, headers } = await device.untilAllowed('POST', '/api/chat/messages', { chatId, content, clientId });
    if (status === 201) continue;
    assert.equal(status, 503);
    assert.ok(Number(headers.get('retry-after')) >= 1, 'says when to come back');
    refused += 1;
  }
  return tried;
}

/** Each key again: what was answered 201 is answered so once more, what was refused is stored now. */
async function postAgain(load, tried) {
  for (const message of tried) {
    const stored = await message.device.postUntilStored(message.chatId, message.content, message.clientId);
    load.sent.push({ ...message, ...stored, answered: performance.now() });
  }
}

/** Load; the disk is filled, `meanwhile` does what it likes, and there is room again. */
async function under(context, { scenario, times, meanwhile }) {
  const load = (await new Load(cluster, { pace: 200 }).prepare()).start();
  let refused = 0;
  let deaths = 0;
  for (let n = 0; n < times; n += 1) {
    await wait(400);
    await disk.fill(postgres);
    await meanwhile(load);
    const tried = await postUntilRefused(load, 3);
    refused += 3;
    const { status } = await load.devices[0].rest('GET', `/api/chat/${load.chatIds[0]}`);
    const dead = !(await lives());
    assert.ok(dead || status === 200, `reading goes on where PostgreSQL lives: ${status}`);
    await disk.free(postgres);
    const freed = performance.now();
    if (dead) await postgres.restart();
    if (dead) deaths += 1;
    await load.level(freed);
    await postAgain(load, tried);
  }
  await load.stop();
  const { messages, recoveries, anew } = await load.check({ anewAllowed: true }); // its messages are large: more than is replayed
  load.close();
  report(context, { fault: 'F11', scenario: `cluster: ${scenario} (${disk.kind})`, messages, recoveries, mustMs: 30_000,
    note: `${refused} writes refused, with Retry-After; PostgreSQL died ${deaths} times; told to read anew and did: ${anew}` });
}

test('F11: the disk of PostgreSQL is full', { timeout: 300_000 }, (context) =>
  under(context, { scenario: 'the disk of PostgreSQL is full', times: long ? 5 : 1, meanwhile: async () => {} }));

// It may not go on without its log, ends itself, and cannot start while there is no room.
if (disk.folder) {
  test('F11: the log of PostgreSQL has no room, and it dies of that', { timeout: 300_000 }, (context) =>
    under(context, {
      scenario: 'the log of PostgreSQL has no room and it dies',
      times: long ? 3 : 1,
      meanwhile: () => cluster.until(() => postgres.ask("SELECT pg_logical_emit_message(false, 'full', repeat('x', 4000000))").then(() => false, async () => !(await lives()))),
    }));
}
