// `rubricon verify --canary`: a message a minute through the whole path, seen from outside.
// tests: src/canary/*.cpp src/rest_client/*.cpp src/app/canary_command.cpp src/app/secret_input.cpp
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { Device, storedEvents } from '../support/client.mjs';
import { binary, Server } from '../support/server.mjs';

let server, canary, folder, passwordFile;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rubricon-canary-'));
  server = await (await Server.create()).start();
  canary = await Device.register(server, 'Canary');
  passwordFile = path.join(folder, 'password');
  await writeFile(passwordFile, `${canary.account.password}\n`);
});
after(async () => {
  await server.destroy();
  await rm(folder, { recursive: true });
});

const args = (...more) => ['verify', '--canary', '--email', canary.account.email, '--password-file', passwordFile, ...more];
const probe = (...more) => spawnSync(binary, args('--once', ...more), { encoding: 'utf8' });
const ownChats = async () => (await canary.rest('GET', '/api/chat?limit=50')).body.chats;

test('one probe says how long each step took, and uses its chat again', { timeout: 60_000 }, async () => {
  for (const round of [1, 2]) {
    const { status, stdout, stderr } = probe('--url', server.url);
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^stored after \d+ ms, heard after \d+ ms, answered after \d+ ms\n$/);
    const chats = await ownChats();
    assert.equal(chats.length, 1);
    const { events } = await storedEvents(canary, chats[0].id);
    assert.equal(events.filter((event) => event.type === 'message-created' && event.data.role === 'AI').length, round);
  }
});

test('it signs out, and leaves no session behind', { timeout: 60_000 }, async () => {
  const sessions = async () => (await canary.rest('GET', '/api/me/sessions')).body.sessions.map((each) => each.id);
  const known = await sessions();
  assert.equal(probe('--url', server.url).status, 0);
  assert.deepEqual(await sessions(), known);
});

/** A server that stores every message and answers none; it tells what it was asked. */
async function silentServer() {
  const asked = [];
  const replies = {
    'POST /api/auth/login': [200, { accessToken: 'a token', expiresIn: 900, user: {} }],
    'GET /api/chat?limit=50': [200, { chats: [] }],
    'POST /api/chat': [201, { id: 'the chat' }],
    'POST /api/chat/messages': [201, { id: 'm', seq: 2, epoch: 1, time: '' }],
    'POST /api/auth/logout': [204],
  };
  const fake = createServer((request, response) => {
    const what = `${request.method} ${request.url}`;
    asked.push(what);
    const [status, body] = replies[what] ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body));
    if (what === 'POST /api/chat/messages') fake.sockets.clients.forEach((socket) => socket.send('42["new-msg",{"chatId":"the chat","seq":2}]'));
  });
  fake.sockets = new WebSocketServer({ server: fake });
  fake.sockets.on('connection', (socket) => {
    socket.send('0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}');
    socket.on('message', (data) => {
      const text = String(data);
      if (text.startsWith('40')) socket.send('40{"sid":"s"}');
      const join = /^42(\d+)\["join-chat"/.exec(text);
      if (join) socket.send(`43${join[1]}[{"ok":true,"head":1}]`);
    });
  });
  fake.listen(0, '127.0.0.1');
  await once(fake, 'listening');
  return { url: `http://127.0.0.1:${fake.address().port}`, asked, close: () => fake.close() };
}

test('an answer that is lost is a failure after the time for it, and the canary signs out all the same', { timeout: 60_000 }, async () => {
  const fake = await silentServer();
  const child = spawn(binary, args('--once', '--answer-within', '1', '--url', fake.url));
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  const [status] = await once(child, 'close');
  fake.close();
  assert.equal(said, 'answer: no answer in time\n');
  assert.equal(status, 1);
  assert.equal(fake.asked.at(-1), 'POST /api/auth/logout');
});

test('the password may come from standard input, and is in no output', { timeout: 60_000 }, () => {
  const { status, stdout, stderr } = spawnSync(
    binary,
    ['verify', '--canary', '--once', '--url', server.url, '--email', canary.account.email],
    { encoding: 'utf8', input: `${canary.account.password}\n` },
  );
  assert.equal(status, 0, stdout + stderr);
  assert.ok(!(stdout + stderr).includes(canary.account.password));
});

test('a wrong password, a server that is not there and one that is none are failures that say where', { timeout: 60_000 }, async () => {
  const wrong = path.join(folder, 'wrong');
  await writeFile(wrong, 'not the password');
  const refused = spawnSync(binary, ['verify', '--canary', '--once', '--url', server.url, '--email', canary.account.email, '--password-file', wrong], { encoding: 'utf8' });
  assert.equal(refused.status, 1);
  assert.match(refused.stdout, /^sign_in: the server answered 401 \(invalid_credentials\)\n$/);

  const gone = probe('--url', 'http://127.0.0.1:1');
  assert.equal(gone.status, 1);
  assert.match(gone.stdout, /^sign_in: Connection refused\n$/);

  const stranger = createServer((request, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const odd = spawn(binary, args('--once', '--url', `http://127.0.0.1:${stranger.address().port}`));
  let said = '';
  odd.stdout.on('data', (chunk) => (said += chunk));
  const [status] = await once(odd, 'close');
  stranger.close();
  assert.equal(status, 1);
  assert.match(said, /^sign_in: the answer has no accessToken\n$/);
});

test('what cannot be meant is refused with 2 and a sentence', () => {
  for (const [wrong, reason] of [
    [['verify', '--once'], /--canary/],
    [['verify', '--canary'], /--email/],
    [args('--url', 'https://school.example'), /without TLS/],
    [args('--every', '0'), /seconds/],
    [['verify', '--canary', '--email', 'a@b.example', '--password-file', '/nowhere'], /no password/],
  ]) {
    const { status, stderr } = spawnSync(binary, wrong, { encoding: 'utf8' });
    assert.equal(status, 2, wrong.join(' '));
    assert.match(stderr, reason);
  }
});

test('it goes on, tells each probe in log and metrics, notices a dead server and its return', { timeout: 120_000 }, async () => {
  const watching = spawn(binary, args('--url', server.url, '--every', '1', '--log', 'json', '--metrics-listen', '127.0.0.1:0'));
  const lines = createInterface({ input: watching.stdout })[Symbol.asyncIterator]();
  const until = async (action) => {
    for (;;) {
      const record = JSON.parse((await lines.next()).value);
      if (record['event.action'] === action) return record;
    }
  };
  const { 'rubricon.metrics_port': port } = await until('canary.ready');
  const metric = async (name) => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(text.split('\n').find((line) => line.startsWith(`${name} `))?.split(' ')[1]);
  };
  const good = await until('canary.succeeded');
  assert.ok(good['rubricon.heard_ms'] >= good['rubricon.stored_ms'] - 1 && good['rubricon.answered_ms'] >= good['rubricon.heard_ms']);
  assert.equal(await metric('rubricon_canary_up'), 1);
  await server.kill();
  const bad = await until('canary.failed');
  assert.equal(typeof bad['rubricon.step'], 'string');
  assert.equal(await metric('rubricon_canary_up'), 0);
  await server.start();
  await until('canary.succeeded');
  assert.equal(await metric('rubricon_canary_up'), 1);
  assert.ok((await metric('rubricon_canary_probes_total{failed="none"}')) >= 2);
  watching.kill('SIGTERM');
  const [status] = await once(watching, 'close');
  assert.equal(status, 0);
});
