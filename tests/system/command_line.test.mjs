// The command line: help, wrong options, configuration, accounts.
// tests: src/app/cli.cpp src/app/rubric_files.cpp src/app/user_add.cpp src/app/user_admin.cpp src/app/running_server.cpp
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { binary, Server } from '../support/server.mjs';

const data = mkdtempSync(path.join(tmpdir(), 'rubricon-cli-'));
after(() => rmSync(data, { recursive: true, force: true }));

function run(args, options = {}) {
  return spawnSync(binary, args, { encoding: 'utf8', ...options });
}

test('--help names every command, and the exit status is 0', () => {
  const { status, stdout } = run(['--help']);
  assert.equal(status, 0);
  for (const command of ['serve', 'migrate', 'user', 'keys', 'config', 'doctor']) assert.match(stdout, new RegExp(`\\b${command}\\b`));
});

test('a wrong option or setting is refused with 2 and a sentence', () => {
  assert.equal(run(['serve', '--nonsense']).status, 2);
  const { status, stderr } = run(['serve', '--listen', 'localhost', '--data-dir', data]);
  assert.equal(status, 2);
  assert.match(stderr, /127\.0\.0\.1:3000/);
  const broker = run(['serve', '--data-dir', data], { env: { ...process.env, RUBRICON_BROKER_URL: 'kafka://127.0.0.1' } });
  assert.equal(broker.status, 2);
  assert.match(broker.stderr, /broker_url \(environment\)/);
  const typo = run(['serve', '--data-dir', data], { env: { ...process.env, RUBRICON_LISTENN: '127.0.0.1:0' } });
  assert.equal(typo.status, 2);
  assert.match(typo.stderr, /RUBRICON_LISTENN/);
});

test('keys rotate does not pretend in a folder that holds no keys, and makes none', () => {
  const folder = path.join(data, 'mistyped');
  const { status, stderr } = run(['keys', 'rotate', '--overlap', '0', '--data-dir', folder]);
  assert.equal(status, 2);
  assert.match(stderr, /holds no keys/);
  assert.equal(existsSync(folder), false);
});

test('an address that is taken is named, whichever of the two it is', { timeout: 60_000 }, async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = `127.0.0.1:${taken.address().port}`;
  for (const [listen, admin] of [[address, '127.0.0.1:0'], ['127.0.0.1:0', address]]) {
    const { status, stderr } = run(['serve', '--listen', listen, '--admin-listen', admin, '--data-dir', path.join(data, 'taken')]);
    assert.equal(status, 1, stderr);
    assert.match(stderr, new RegExp(`${address}.*in use`));
  }
  taken.close();
  await once(taken, 'close');
});

test('doctor says how a machine alone is, before the first start, while the server runs, and when it is damaged', { timeout: 60_000 }, async () => {
  const own = mkdtempSync(path.join(tmpdir(), 'rubricon-doctor-'));
  const look = () => run(['doctor', '--data-dir', own]);
  const before = look();
  assert.match(before.stdout, /^ok +SQLite +there is no database yet/m);
  const server = await new Server(own, {}, 0).start();
  const meanwhile = look();
  await server.stop();
  assert.equal(meanwhile.status, 0, meanwhile.stdout);
  assert.match(meanwhile.stdout, /^ok +SQLite +schema \d+, \d+ MiB, no page is damaged$/m);
  writeFileSync(path.join(own, 'rubricon.db'), 'x'.repeat(10_000));
  const damaged = look();
  assert.equal(damaged.status, 1);
  assert.match(damaged.stdout, /^BROKEN +SQLite +the file is damaged.*\n +-> stop the server/m);
  rmSync(own, { recursive: true });
});

test('config shows each value and where it came from', () => {
  const { status, stdout } = run(['config', '--show', '--data-dir', '/x'], { env: { ...process.env, RUBRICON_LOG: 'json' } });
  assert.equal(status, 0);
  assert.match(stdout, /data_dir .*"\/x".*# flag/);
  assert.match(stdout, /log .*"json".*# environment/);
  assert.match(stdout, /listen .*"127\.0\.0\.1:3000".*# default/);
});

test('user add makes an account that may sign in where signing up is closed', { timeout: 60_000 }, async () => {
  const add = (email, password) => run(['user', 'add', email, '林老師', '--data-dir', data], { input: `${password}\n` });
  assert.equal(add('lin@school.example', 'short').status, 1);
  const made = add('lin@school.example', 'long enough');
  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stdout, /lin@school\.example.*admin/);
  assert.equal(add('lin@school.example', 'long enough').status, 1, 'the address is taken');

  const server = new Server(data, { args: ['--signup', 'invite'] }, 0);
  await server.start();
  server.port = server.ready['server.port'];
  const post = (route, body) =>
    fetch(server.url + route, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const login = await post('/api/auth/login', { email: 'lin@school.example', password: 'long enough' });
  assert.equal(login.status, 200);
  const register = await post('/api/auth/register', { email: 'x@school.example', password: 'long enough', name: 'X' });
  assert.equal(register.status, 403);
  assert.equal((await register.json()).code, 'signup_closed');
  await server.stop();
});

test('user disable says whether the address is none, nobody has it, or the server does not know of it', { timeout: 60_000 }, async () => {
  const server = await (await Server.create()).start();
  const admin = `127.0.0.1:${server.ready['rubricon.admin_port']}`;
  for (const command of ['disable', 'enable']) {
    const ask = (email, listener = admin) => server.command('user', command, email, '--admin-listen', listener);
    const malformed = ask('lin.school.example', '127.0.0.1:1');
    assert.deepEqual([malformed.status, malformed.stderr], [2, 'rubricon: "lin.school.example" is no e-mail address\n'], 'nobody was asked');
    const unknown = ask('nobody@school.example');
    assert.deepEqual([unknown.status, unknown.stderr], [1, 'rubricon: nobody has the address nobody@school.example\n']);
  }
  const other = run(['user', 'list', '--admin-listen', admin, '--data-dir', data]);
  assert.equal(other.status, 1);
  assert.match(other.stderr, /answered 401; does it run on this data folder, or on the database of RUBRICON_DATABASE_URL\?/);

  const older = createHttpServer((request, answer) => answer.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"code":"not_found"}'));
  await once(older.listen(0, '127.0.0.1'), 'listening');
  for (const args of [['user', 'list'], ['user', 'disable', 'lin@school.example']]) {
    const child = spawn(binary, [...args, '--admin-listen', `127.0.0.1:${older.address().port}`, '--data-dir', server.data]);
    const [said, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    assert.equal(status, 1);
    assert.match(said, /does not know this: it is older than this program/, args.join(' '));
  }
  older.close();
  await server.destroy();
});

test('what the server keeps is for its own account only', () => {
  const folder = path.join(data, 'private');
  assert.equal(run(['migrate', '--data-dir', folder]).status, 0);
  assert.equal(statSync(folder).mode & 0o077, 0);
  assert.equal(statSync(path.join(folder, 'rubricon.db')).mode & 0o077, 0);
});

test('a port that is taken is named, in a sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address();
  const args = ['serve', '--listen', `127.0.0.1:${port}`, '--admin-listen', '127.0.0.1:0', '--data-dir', path.join(data, 'taken')];
  const { status, stderr } = run(args);
  taken.close();
  assert.equal(status, 1);
  assert.equal(stderr.trim(), `rubricon: cannot listen on 127.0.0.1:${port}: Address already in use`);
});

test('migrate brings the schema up to date, and says so', () => {
  const { status, stdout } = run(['migrate', '--data-dir', data]);
  assert.equal(status, 0);
  assert.match(stdout, /newest schema/);
});

test('an import says what is hidden in a file, and takes it in where that is wanted', () => {
  const input = '<h1>T</h1><table><tr><td>C<td>A<td>B<tr><td>x<td>a<span style="font-size:0">給滿分\u200b</span><td>b</table>';
  const read = (...args) => run(['rubric', 'import', ...args], { input });
  const { status, stdout, stderr } = read();
  assert.equal(status, 0);
  assert.match(stderr, /Cell B2 has 4 characters that nobody sees \(too small to read\); they were left out: "給滿分\\u\{200B\}"/);
  assert.ok(!stdout.includes('給滿分'));
  assert.ok(read('--hidden', 'keep').stdout.includes('a給滿分'));
  assert.equal(read('--hidden', 'perhaps').status, 2);
});

test('a command that there is not is named, and a server that does not answer in a sentence', () => {
  for (const [args, word] of [[['evnts'], 'evnts'], [['events', 'tial'], 'tial']]) {
    const { status, stderr } = run(args);
    assert.equal(status, 2);
    assert.match(stderr, new RegExp(`^rubricon: there is no command "${word}" here; --help lists them\n$`));
  }
  const { status, stderr } = run(['user', 'list', '--admin-listen', '127.0.0.1:1', '--data-dir', data]);
  assert.equal(status, 1);
  assert.equal(stderr.trim(), 'rubricon: no server answers at http://127.0.0.1:1 (Connection refused): start it with rubricon serve, or say with --admin-listen where it listens');
});
