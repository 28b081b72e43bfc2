// F1, F2, F3, F4, F20: the process kills itself (SIGKILL) at every named place on a message's way,
// under load, and is started again. Whatever it was doing: nothing is lost, nothing is twice,
// nothing is out of order, and every question is answered once.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { Device } from '../support/client.mjs';
import { Load, long, random } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';
import { Server } from '../support/server.mjs';

// Fault of docs/guarantees.md → places, and the highest pass at which to die there.
const faults = {
  F1: { 'api.before_begin': 8, 'api.after_idem': 8, 'api.after_seq': 8, 'api.before_commit': 8, 'api.after_commit': 8, 'api.before_reply': 8 },
  F2: { 'relay.after_select': 6, 'relay.after_publish': 6, 'relay.before_delete': 6 },
  F3: { 'gateway.after_consume': 8, 'gateway.mid_fanout': 30, 'gateway.mid_join': 4 },
  F4: { 'worker.after_claim': 4, 'worker.mid_stream': 4, 'worker.before_answer_commit': 4, 'worker.after_answer_commit': 4 },
};
const rounds = long ? 8 : 1;

for (const [fault, places] of Object.entries(faults)) {
  test(`${fault}: killed at ${Object.keys(places).join(', ')}`, { timeout: 600_000 }, async (context) => {
    const seed = Number(process.env.RUBRICON_SEED ?? Date.now() % 2 ** 31);
    context.diagnostic(`RUBRICON_SEED=${seed}`);
    const next = random(seed);
    const server = await (await Server.create()).start();
    const load = (await new Load(server).prepare()).start();
    for (let round = 0; round < rounds; round += 1) {
      for (const [place, most] of Object.entries(places)) {
        const pass = 1 + Math.floor(next() * most);
        await server.kill(); // at whatever moment this is
        server.options.env = { RUBRICON_FAILPOINT: `${place}:kill@${pass}` };
        // A place may be passed before the server says that it is ready.
        await server.start().catch((error) => assert.match(error.message, /SIGKILL/));
        await server.ended();
        const dead = performance.now();
        server.options.env = {};
        await server.start();
        await load.level(dead);
      }
    }
    await load.stop();
    const { messages, recoveries } = await load.check();
    load.close();
    await server.destroy();
    report(context, { fault, scenario: `kill -9 at ${Object.keys(places).join(', ')}`, messages, recoveries, mustMs: 5_000 });
  });
}

test('F20: killed in the middle of a migration, it is made from the start', { timeout: 120_000 }, async (context) => {
  const server = await Server.create({ env: { RUBRICON_FAILPOINT: 'migrate.mid:kill' } });
  await assert.rejects(server.start(), /SIGKILL/);
  const dead = performance.now();
  server.options.env = {};
  await server.start();
  const teacher = await Device.register(server);
  const chatId = await teacher.createChat();
  assert.equal((await teacher.post(chatId, '你好')).status, 201);
  const recovery = performance.now() - dead;
  await server.destroy();
  report(context, { fault: 'F20', scenario: 'kill -9 at migrate.mid', messages: 1, recoveries: [recovery], mustMs: 5_000,
    note: 'recovery: until the first message is stored' });
});

/** What the first version of the schema did not have; a new migration fails here until it is taken back, too. */
const toFirstVersion = `DROP INDEX sessions_by_user; ALTER TABLE users DROP COLUMN disabled_at; DROP INDEX ai_jobs_failed;
  ALTER TABLE ai_jobs DROP COLUMN stopped; ALTER TABLE rubric_versions DROP COLUMN answered;
  DELETE FROM schema_migrations WHERE version > 1;`;

test('F20: data of the first version, killed in the middle of each migration: every message is there, in order', { timeout: 180_000 }, async (context) => {
  const server = await (await Server.create()).start();
  const load = (await new Load(server, { writers: 2, chats: 1 }).prepare()).start();
  while (load.sent.length < 20) await load.level(performance.now());
  await load.stop();
  const before = await load.check();
  await server.stop();
  const { status, stderr } = spawnSync('sqlite3', [path.join(server.data, 'rubricon.db'), toFirstVersion], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  for (const migration of [1, 2, 3, 4, 5]) {
    server.options.env = { RUBRICON_FAILPOINT: `migrate.mid:kill@${migration}` };
    await assert.rejects(server.start(), /SIGKILL/);
  }
  const dead = performance.now();
  server.options.env = {};
  await server.start();
  load.recoveries = [];
  load.start();
  await load.level(dead);
  await load.stop();
  const { messages, recoveries } = await load.check();
  assert.ok(messages > before.messages);
  load.close();
  await server.destroy();
  report(context, { fault: 'F20', scenario: 'data of the first version, kill -9 in each of the migrations', messages, recoveries, mustMs: 5_000 });
});

test('a server refuses a failpoint that it does not know, and says which it knows', async () => {
  const server = await Server.create({ env: { RUBRICON_FAILPOINT: 'api.nowhere:kill' } });
  await assert.rejects(server.start(), /no failpoint "api.nowhere".*worker.after_answer_commit/s);
  await server.destroy();
});
