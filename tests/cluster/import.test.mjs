// The old system's tables, filled as Prisma would have, are taken over into PostgreSQL and into a folder: all of it, in
// order, once, whatever dies in between.
// tests: src/app/import_legacy.cpp src/app/legacy_import.cpp src/app/progress.cpp src/app/user_password.cpp src/adapters/postgres/legacy_tables.cpp
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { binary, environment } from '../support/server.mjs';

const [users, chats, messages] = [50, 2_000, 100_000];
const generator = `
  CREATE TYPE "Role" AS ENUM ('USER', 'AI');
  CREATE TABLE "User" (id text PRIMARY KEY, email text NOT NULL UNIQUE, name text, password text NOT NULL,
    "createdAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP);
  CREATE TABLE "Chat" (id text PRIMARY KEY, "userId" text NOT NULL, title text, context jsonb,
    "createdAt" timestamp(3) NOT NULL, "updatedAt" timestamp(3) NOT NULL);
  CREATE TABLE "Msg" (id text PRIMARY KEY, "chatId" text NOT NULL, role "Role" NOT NULL, content text NOT NULL,
    "createdAt" timestamp(3) NOT NULL);
  INSERT INTO "User" SELECT 'clu' || i, 'Teacher' || i || '@old.school', '老師 ' || i, '$2b$10$not.ours', '2022-09-01 08:00:00.125'
    FROM generate_series(1, ${users}) i;
  INSERT INTO "Chat" SELECT 'clc' || md5(i::text), 'clu' || i % ${users} + 1, '作文評分 ' || i, '{"grade": 7}', t, t
    FROM generate_series(1, ${chats}) i, LATERAL (SELECT timestamp '2023-01-01 09:00:00.5' + i * interval '1 hour') AS a (t);
  INSERT INTO "Msg" SELECT 'clm' || md5(i::text), 'clc' || md5((i % ${chats} + 1)::text), (ARRAY['USER', 'AI'])[n % 2 + 1]::"Role",
    '第 ' || n || ' 則：請給我評分規準 📝 ' || i, timestamp '2023-04-01' + n / 2 * interval '7 days'
    FROM generate_series(1, ${messages}) i, LATERAL (SELECT i / ${chats}) AS a (n);
  INSERT INTO "User" VALUES ('broken', 'nobody', 'Nobody', '', '2023-01-01');
  INSERT INTO "Chat" VALUES ('of-broken', 'broken', NULL, NULL, '2023-01-01', '2023-01-01');
  INSERT INTO "Msg" VALUES ('in-of-broken', 'of-broken', 'USER', 'x', '2023-01-01'), ('of-nothing', 'gone', 'USER', 'x', '2023-01-01'),
    ('large', 'clc' || md5('7'), 'AI', repeat('評', 10923), '2023-01-01'), ('empty', 'clc' || md5('7'), 'USER', E' \\n', '2023-01-01');`;
const left = "'in-of-broken', 'of-nothing', 'large', 'empty'";
const oldDigest = `SELECT md5(string_agg(h, ' ' ORDER BY h)) FROM (SELECT md5(string_agg(
    concat_ws(' ', role, content, floor(extract(epoch FROM "createdAt") * 1000)::bigint), '|' ORDER BY "createdAt", id COLLATE "C")) AS h
  FROM "Msg" WHERE id NOT IN (${left}) GROUP BY "chatId") AS c`;
const newDigest = `SELECT md5(string_agg(h, ' ' ORDER BY h)) FROM (SELECT md5(string_agg(
    concat_ws(' ', role, content, floor(extract(epoch FROM created_at) * 1000)::bigint), '|' ORDER BY seq)) AS h
  FROM messages GROUP BY chat_id) AS c`;

let cluster;
let from;
const home = mkdtempSync(path.join(tmpdir(), 'rubricon-import-'));

async function old(sql) {
  const child = spawn('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', from], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(sql);
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  const [status] = await once(child, 'close');
  assert.equal(status, 0);
  return Buffer.concat(chunks).toString().trim();
}

before(async () => {
  cluster = await (await Cluster.create({ apis: 1, gateways: 1, workers: 1 })).start();
  await cluster.services.postgres.ask('CREATE DATABASE old');
  from = cluster.services.postgres.url.replace(/[^/]*$/, 'old');
  await old(generator);
}, { timeout: 240_000 });
after(async () => {
  await cluster?.destroy();
  rmSync(home, { recursive: true });
}, { timeout: 60_000 });

const md5 = (text) => createHash('md5').update(text).digest('hex');
const url = () => `${from}?schema=public&connection_limit=5`;
const report = () => JSON.parse(readFileSync(path.join(home, 'report.json'), 'utf8'));
const counts = ({ found, imported, there }) => ({ found, imported, there });
const passed = ({ status, stdout, stderr }) => assert.equal(status, 0, stdout + stderr);

function leftOut(done) {
  assert.deepEqual(done.users.leftOut, { broken_address: { count: 1, ids: ['broken'] } });
  assert.deepEqual(done.chats.leftOut, { orphan: { count: 1, ids: ['of-broken'] } });
  const { orphan, ...others } = done.messages.leftOut;
  assert.deepEqual(orphan.ids.toSorted(), ['in-of-broken', 'of-nothing']);
  assert.deepEqual(others, { empty: { count: 1, ids: ['empty'] }, too_large: { count: 1, ids: ['large'] } });
}

test('into a cluster: rehearsed, killed in the middle, finished, and repeated for nothing', { timeout: 300_000 }, async (context) => {
  const importing = (...more) => cluster.command('import', 'legacy', url(), '--report', path.join(home, 'report.json'), ...more);
  const tooEarly = importing();
  assert.equal(tooEarly.status, 1);
  assert.match(tooEarly.stderr, /rubricon user add/);

  const notOld = cluster.command('import', 'legacy', cluster.services.postgres.url, '--dry-run');
  assert.equal(notOld.status, 1);
  assert.match(notOld.stderr, /there is no old table "User"/);

  // On a terminal it shows how far it is.
  const { options, data } = cluster.apis[0];
  const watched = spawnSync('script', ['-qec', `'${binary}' import legacy '${url()}' --report '${path.join(home, 'report.json')}' --dry-run`, '/dev/null'],
    { encoding: 'utf8', env: { ...environment, ...options.env, RUBRICON_DATA_DIR: data } });
  passed(watched);
  assert.match(watched.stdout, /\r\[#+\.*\] \d+ of \d+ rows, \d+\/s/);
  assert.equal(report().rehearsal, true);
  assert.equal(report().messages.imported, messages);
  leftOut(report());
  const stored = async () => Number(await cluster.services.postgres.ask('SELECT count(*) FROM messages'));
  assert.equal(await stored(), 0);

  const administrator = await Device.register(cluster, 'Administrator');
  assert.equal(administrator.user.role, 'admin');
  const child = spawn(binary, ['import', 'legacy', url()], { stdio: 'ignore', env: { ...environment, ...cluster.apis[0].options.env, RUBRICON_DATA_DIR: cluster.apis[0].data } });
  const ended = once(child, 'exit');
  await cluster.until(async () => await stored() > 10_000, 60_000);
  child.kill('SIGKILL');
  const [, signal] = await ended;
  assert.equal(signal, 'SIGKILL', 'it was killed in the middle');
  const before = await stored();

  passed(importing());
  const rest = report();
  assert.deepEqual(counts(rest.messages), { found: messages + 4, imported: messages - before, there: before });
  assert.ok(before < messages, 'some were left for the second');
  leftOut(rest);
  context.diagnostic(`PostgreSQL: ${Math.round(rest.messages.imported / rest.seconds)} messages/s`);
  assert.equal(await cluster.services.postgres.ask(newDigest), await old(oldDigest), 'texts, roles, times and order');
  passed(cluster.command('verify'));
  passed(cluster.command('events', 'rebuild'));

  passed(importing());
  assert.deepEqual(counts(report().users), { found: users + 1, imported: 0, there: users });
  assert.deepEqual(counts(report().chats), { found: chats + 1, imported: 0, there: chats });
  assert.deepEqual(counts(report().messages), { found: messages + 4, imported: 0, there: messages });
});

test('a teacher sets a password, finds the old chats, and goes on', { timeout: 60_000 }, async () => {
  const account = { email: 'teacher9@old.school', password: 'a new password' };
  const teacher = new Device(cluster, account);
  assert.equal((await teacher.rest('POST', '/api/auth/login', account)).status, 401, 'bcrypt hashes are not taken over');
  passed(cluster.command('user', 'password', account.email, { input: `${account.password}\n` }));
  const device = await teacher.another();
  assert.equal(device.user.name, '老師 9');

  const { body: list } = await device.rest('GET', '/api/chat?limit=100');
  assert.equal(list.chats.length, chats / users);
  const [chat] = list.chats;
  assert.equal(chat.unread, 0);
  const { body: page } = await device.rest('GET', `/api/chat/${chat.id}/messages?limit=100`);
  assert.equal(page.msgs.length, messages / chats);
  assert.match(page.msgs[0].content, /評分規準 📝/);
  const found = await device.rest('GET', `/api/chat?q=${encodeURIComponent('評分規準')}`);
  assert.ok(found.body.chats.length > 0);
  const { status, body } = await device.post(chat.id, '繼續');
  assert.equal(status, 201);
  assert.equal(body.seq, messages / chats + 2);
});

test('messages that come late go to the end of chats that went on', { timeout: 60_000 }, async () => {
  await old(`INSERT INTO "Msg" SELECT 'late' || id, id, 'USER', 'late', '2023-05-05' FROM "Chat" WHERE "userId" = 'clu9'`);
  passed(cluster.command('import', 'legacy', url(), '--report', path.join(home, 'report.json')));
  assert.equal(report().messages.imported, chats / users);
  await old(`DELETE FROM "Msg" WHERE content = 'late'`);
  const wentOn = await cluster.services.postgres.ask(`SELECT l.seq > g.seq AND l.created_at >= g.created_at FROM messages l
    JOIN messages g USING (chat_id) WHERE l.content = 'late' AND g.content = '繼續'`);
  assert.equal(wentOn, 't');
  passed(cluster.command('verify'));
});

test('into a folder: killed in the middle, finished, and repeated for nothing', { timeout: 300_000 }, async (context) => {
  const data = path.join(home, 'data');
  const command = (...args) => spawnSync(binary, [...args, '--data-dir', data], { encoding: 'utf8', env: environment, input: 'a password\n' });
  const importing = () => command('import', 'legacy', url(), '--report', path.join(home, 'report.json'));
  passed(command('user', 'add', 'head@old.school', 'Head'));
  const sql = (text) => spawnSync('sqlite3', ['-json', path.join(data, 'rubricon.db'), text], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
  const child = spawn(binary, ['import', 'legacy', url(), '--data-dir', data], { stdio: 'ignore', env: environment });
  const ended = once(child, 'exit');
  await cluster.until(() => JSON.parse(sql('SELECT count(*) AS n FROM messages'))[0].n > 10_000, 60_000);
  child.kill('SIGKILL');
  await ended;
  assert.equal(child.signalCode, 'SIGKILL', 'it was killed in the middle');

  passed(importing());
  const rest = report();
  assert.equal(rest.messages.imported + rest.messages.there, messages);
  assert.ok(rest.messages.imported > 0 && rest.messages.there > 0, 'both had their part');
  leftOut(rest);
  context.diagnostic(`SQLite: ${Math.round(rest.messages.imported / rest.seconds)} messages/s`);
  passed(command('verify'));
  passed(command('events', 'rebuild'));
  passed(importing());
  assert.deepEqual(counts(report().messages), { found: messages + 4, imported: 0, there: messages });

  const read = "SELECT hex(chat_id) AS chat, role || ' ' || content || ' ' || created_at AS row FROM messages ORDER BY chat_id, seq";
  const byChat = new Map();
  for (const { chat, row } of JSON.parse(sql(read))) byChat.set(chat, [...(byChat.get(chat) ?? []), row]);
  const hashes = [...byChat.values()].map((rows) => md5(rows.join('|')));
  assert.equal(md5(hashes.toSorted().join(' ')), await old(oldDigest), 'texts, roles, times and order');
});
