// What docs/operators.md says of backups, command by command: taken beside a server under load, restored, and read
// again by a client that had seen more.
// tests: src/app/new_epoch.cpp
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Device } from '../support/client.mjs';
import { binary, environment, Server } from '../support/server.mjs';

const page = readFileSync(new URL('../../docs/operators.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('## Back up and restore'), page.indexOf('## Settings'));
const [backup, keys, newEpoch] = [...section.matchAll(/^ {4}(\S.*)$/gm)].map(([, command]) => command);

test('a backup beside a busy server, and a restore that no client mistakes', { timeout: 120_000 }, async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'rubricon-backup-'));
  const shell = (command) => {
    const here = command.replace(/^rubricon /, `'${binary}' `);
    const { status, stderr } = spawnSync('bash', ['-c', here], { cwd: home, encoding: 'utf8', env: environment });
    assert.equal(status, 0, stderr);
  };
  mkdirSync(path.join(home, 'backup'));
  const server = new Server(path.join(home, 'data'), {}, 0);
  mkdirSync(server.data);
  await server.start();
  server.port = server.ready['server.port'];
  const teacher = await Device.register(server);
  const chatId = await teacher.createChat('kept', { ai: 'off' });
  await teacher.connect();
  await teacher.join(chatId, 0);
  for (let n = 0; n < 20; n += 1) await teacher.postUntilStored(chatId, `before ${n}`);
  shell(backup);
  shell(keys);
  const { seq: lost } = await teacher.postUntilStored(chatId, 'after the backup');
  await teacher.until(() => teacher.chats.get(chatId).seq >= lost);
  await server.stop();

  rmSync(server.data, { recursive: true });
  cpSync(path.join(home, 'backup'), server.data, { recursive: true });
  shell(newEpoch);
  await server.start();
  await teacher.until(() => teacher.chats.get(chatId).resync);
  const { seq } = await teacher.postUntilStored(chatId, 'in the new epoch');
  assert.equal(seq, lost, 'the number that had been another message');
  await teacher.until(() => teacher.chats.get(chatId).seq >= seq);
  const { body } = await teacher.rest('GET', `/api/chat/${chatId}/messages?limit=100`);
  assert.deepEqual(body.msgs.slice(-2).map(({ content }) => content), ['before 19', 'in the new epoch']);
  teacher.close();
  await server.stop();
  server.audit();
  rmSync(home, { recursive: true });
});
