// `rubricon verify`, `events rebuild` and `events tail` on a database in use, and on damaged ones.
// (support/server.mjs runs the first two on what every other test here leaves behind.)
// tests: src/app/inspect.cpp src/adapters/sqlite/chat_histories.cpp
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { Device, storedEvents } from '../support/client.mjs';
import { binary, Server } from '../support/server.mjs';

const ask = '請為八年級的議論文設計評分規準，5 個等級，總分 100';
const chats = [];
let server, teacher;

before(async () => {
  server = await (await Server.create()).start();
  teacher = await Device.register(server);
  await teacher.connect();
  for (const text of [ask, '你好']) {
    const chatId = await teacher.createChat('', { grade: 8 });
    chats.push(chatId);
    await teacher.join(chatId);
    await teacher.post(chatId, text);
    await teacher.until(() => teacher.messages(chatId).length === 2);
  }
});
after(async () => {
  teacher.close();
  await server.destroy();
});

test('a database in use is verified and rebuilt from its log', { timeout: 60_000 }, () => {
  const verified = server.command('verify');
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  assert.match(verified.stdout, /^2 chats, 1 users, \d+ events: rules 3, 8 and 9 hold\n$/);
  const rebuilt = server.command('events', 'rebuild');
  assert.equal(rebuilt.status, 0, rebuilt.stdout + rebuilt.stderr);
  assert.match(rebuilt.stdout, /the tables hold what the log says/);
});

test('events tail prints the log and follows it', { timeout: 60_000 }, async () => {
  const { events, head } = await storedEvents(teacher, chats[1]);
  const once = server.command('events', 'tail', chats[1]);
  assert.equal(server.command('events', 'tail', `chat:${chats[1]}`).stdout, once.stdout, 'as replay takes it');
  assert.deepEqual(once.stdout.trim().split('\n').map((line) => JSON.parse(line).seq), events.map((event) => event.seq));

  const following = spawn(binary, ['events', 'tail', chats[1], '--follow', '--after', String(head), '--data-dir', server.data]);
  const lines = createInterface({ input: following.stdout })[Symbol.asyncIterator]();
  await teacher.post(chats[1], '還在嗎');
  const line = JSON.parse((await lines.next()).value);
  assert.equal(line.seq, head + 1);
  assert.equal(line.type, 'message-created');
  assert.equal(line.data.content, '還在嗎');
  following.kill('SIGTERM');
  assert.equal(server.command('events', 'tail', 'nonsense').status, 2);
});

test('without a database, and with one of another program, it is said what is wrong', () => {
  const { status, stderr } = spawnSync(binary, ['verify', '--data-dir', '/nowhere'], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /there is no database at/);
});

for (const [damage, command, finding] of [
  ['DELETE FROM events WHERE seq = 2', 'verify', /rule 3 broken/],
  ["DELETE FROM events WHERE json_extract(data, '$.role') = 'AI'", 'verify', /rule 8 broken/],
  ["UPDATE ai_jobs SET state = 'queued', queued_at = 0", 'verify', /rule 8 broken/],
  ["INSERT INTO outbox (id, stream, kind, seq, created_at) SELECT 9999, stream, 0, seq, 0 FROM events WHERE seq = 1 LIMIT 1", 'verify', /wait in the outbox/],
  ["UPDATE messages SET content = 'somebody else''s words' WHERE seq = 2", 'rebuild', /message 2 is not what the log says/],
  ['DELETE FROM messages WHERE seq = 2', 'rebuild', /message 2 is in the log and not in its table/],
  ["UPDATE chats SET title = 'x'", 'rebuild', /title is not what the log says/],
  ["UPDATE chats SET last_seq = last_seq + 1", 'verify', /rule 3 broken/],
  ["UPDATE chat_members SET role = 'viewer'", 'rebuild', /member .* is not what the log says/],
  ["DELETE FROM events WHERE type = 'chat-added'", 'verify', /rule 3 broken: user /],
  ['UPDATE users SET last_seq = last_seq + 1', 'verify', /rule 3 broken: user /],
  ['UPDATE chats SET updated_at = updated_at + 1', 'rebuild', /time of the last change is not what the log says/],
  ['UPDATE chat_members SET shared = 1', 'rebuild', /list of guests is not what the log says/],
  ['UPDATE rubrics SET version = 0', 'rebuild', /shown version of the rubric is not what the log says/],
  ["INSERT INTO search (search) VALUES ('delete-all')", 'rebuild', /search does not find its title[^]*search does not find message 2/],
  ['UPDATE rubric_versions SET document = \'{"total":1}\'', 'rebuild', /rubric version 1 is not what the log says/],
]) {
  test(`damage is found: ${damage.slice(0, 60)}`, { timeout: 60_000 }, async () => {
    const copy = await mkdtemp(path.join(tmpdir(), 'rubricon-damaged-'));
    for (const file of ['rubricon.db', 'rubricon.db-wal']) await cp(path.join(server.data, file), path.join(copy, file));
    const sql = spawnSync('sqlite3', [path.join(copy, 'rubricon.db'), damage], { encoding: 'utf8' });
    assert.equal(sql.status, 0, sql.stderr);
    const args = command === 'verify' ? ['verify'] : ['events', 'rebuild'];
    const { status, stdout } = spawnSync(binary, [...args, '--data-dir', copy], { encoding: 'utf8' });
    await rm(copy, { recursive: true });
    assert.equal(status, 1, stdout);
    assert.match(stdout, finding);
    assert.doesNotMatch(stdout, /words|你好|還在嗎/);
  });
}
