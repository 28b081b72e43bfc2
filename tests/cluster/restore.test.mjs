// F17: a dump that is older than what clients have seen is restored, command by command as docs/operators.md says: nobody
// takes the new messages for the lost ones that had their numbers.
// tests: src/app/new_epoch.cpp src/adapters/postgres/epochs.cpp
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { report } from '../support/fault_report.mjs';
import { binary, environment } from '../support/server.mjs';

const page = readFileSync(new URL('../../docs/operators.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('On PostgreSQL your own backups do'), page.indexOf('## Settings'));
const [dump, ...goBack] = [...section.matchAll(/^ {4}(\S.*)$/gm)].map(([, command]) => command);

let cluster;
const home = mkdtempSync(path.join(tmpdir(), 'rubricon-restore-'));
before(async () => {
  cluster = await (await Cluster.create({ workers: 1 })).start();
  mkdirSync(path.join(home, 'backup'));
}, { timeout: 180_000 });
after(async () => {
  await cluster?.destroy();
  rmSync(home, { recursive: true });
}, { timeout: 60_000 });

function shell(command) {
  const here = command.replace(/^rubricon /, `'${binary}' `);
  const { status, stderr } = spawnSync('bash', ['-c', here], { cwd: home, encoding: 'utf8', env: { ...environment, ...cluster.apis[0].options.env } });
  assert.equal(status, 0, `${command}: ${stderr}`);
}

const contents = (device, chatId) => device.messages(chatId).map(({ content }) => content);

test('F17: an older state is restored under clients that are ahead', { timeout: 240_000 }, async (context) => {
  const teacher = await Device.register(cluster);
  const chatId = await teacher.createChat('kept', { ai: 'off' });
  await teacher.connect();
  await teacher.join(chatId, 0);
  for (let n = 0; n < 20; n += 1) await teacher.postUntilStored(chatId, `before ${n}`);
  shell(dump);
  const lost = [];
  for (let n = 0; n < 5; n += 1) lost.push((await teacher.postUntilStored(chatId, `after the dump ${n}`)).seq);
  await teacher.until(() => teacher.chats.get(chatId).seq >= lost.at(-1));

  await Promise.all(cluster.processes.map((server) => server.stop()));
  for (const command of goBack) shell(command);
  await cluster.apis[0].start();
  await Promise.all(cluster.processes.slice(1).map((server) => server.start()));
  const back = performance.now();
  await teacher.until(() => teacher.chats.get(chatId).resync);
  const recovery = performance.now() - back;
  const { seq } = await teacher.postUntilStored(chatId, 'in the new epoch');
  assert.equal(seq, lost[0], 'the number that had been another message');
  await teacher.until(() => contents(teacher, chatId).includes('in the new epoch'));

  const newcomer = await teacher.another();
  await newcomer.connect();
  assert.equal((await newcomer.join(chatId)).resync, true, 'a position of the old epoch is never taken for one of the new');
  const { body } = await newcomer.rest('GET', `/api/chat/${chatId}/messages?limit=100`);
  assert.deepEqual(body.msgs.map(({ content }) => content), [...Array.from({ length: 20 }, (_, n) => `before ${n}`), 'in the new epoch']);
  await teacher.postUntilStored(chatId, 'live');
  for (const device of [teacher, newcomer]) await device.until(() => contents(device, chatId).at(-1) === 'live');
  const { status, stdout } = cluster.command('verify');
  assert.equal(status, 0, stdout);
  teacher.close();
  newcomer.close();
  const ms = Math.round(recovery);
  report(context, { fault: 'F17', scenario: 'cluster: an older dump restored under clients that are ahead', messages: 22, recovery: { n: 1, p50: ms, p99: ms, max: ms }, mustMs: 60_000, note: '5 messages after the dump gone, as they must' });
});
