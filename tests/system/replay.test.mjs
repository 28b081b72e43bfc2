// `rubricon events replay`: stored events go to live consumers again, and those that have them drop them.
// tests: src/app/replay.cpp src/app/admin_api.cpp
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { binary, Server } from '../support/server.mjs';

let server, teacher, chatId, head;
before(async () => {
  server = await (await Server.create()).start();
  teacher = await Device.register(server);
  await teacher.connect();
  chatId = await teacher.createChat('', { ai: 'off' });
  await teacher.createChat();
  await teacher.join(chatId);
  for (const text of ['one', 'two', 'three']) await teacher.post(chatId, text);
  await teacher.until(() => teacher.messages(chatId).length === 3);
  ({ head } = (await teacher.rest('GET', `/api/chat/${chatId}`)).body);
});
after(async () => {
  teacher.close();
  await server.destroy();
});

const admin = () => `127.0.0.1:${server.ready['rubricon.admin_port']}`;
const replay = (...args) => server.command('events', 'replay', ...args, '--admin-listen', admin());
async function metric(name) {
  const text = await (await fetch(`http://${admin()}/metrics`)).text();
  return Number(text.split('\n').find((line) => line.startsWith(`${name} `)).split(' ')[1]);
}
const duplicates = () => metric('rubricon_gateway_events_duplicate_total');

test('a dry run tells what would be published and publishes nothing', async () => {
  const before = await duplicates();
  const { status, stdout } = replay(chatId, '--dry-run');
  assert.equal(status, 0);
  assert.equal(stdout, `chat:${chatId}: 1 to ${head}\n${head} events of 1 streams would be published again\n`);
  assert.equal(await duplicates(), before);
});

test('a stream is published again: the gateway hears it, the room drops it', async () => {
  const before = await duplicates();
  const { status, stdout, stderr } = replay(`chat:${chatId}`);
  assert.equal(status, 0, stderr);
  assert.equal(stdout, `chat:${chatId}: 1 to ${head}\n${head} events of 1 streams published again\n`);
  assert.equal(await duplicates(), before + head);
  await teacher.post(chatId, 'live');
  await teacher.until(() => teacher.messages(chatId).length === 4);
  assert.deepEqual(teacher.violations, [], 'nobody saw anything twice');
  assert.deepEqual(teacher.messages(chatId).map((event) => event.content), ['one', 'two', 'three', 'live']);
});

test('a range of it, a user stream, and everything', async () => {
  const before = await duplicates();
  const some = replay(chatId, '--after', '1', '--until', '3');
  assert.equal(some.stdout, `chat:${chatId}: 2 to 3\n2 events of 1 streams published again\n`);
  assert.equal(await duplicates(), before + 2);
  const user = replay(`user:${teacher.user.id}`);
  assert.match(user.stdout, /^user:[-0-9a-f]+: 1 to 2\n2 events of 1 streams published again\n$/);
  const all = replay('--all');
  assert.match(all.stdout, /of 2 streams published again\n$/);
  assert.match(replay(chatId, '--after', '1000').stdout, /^0 events of 0 streams published again\n$/);
});

test('nobody may ask it who cannot read the keys', async () => {
  const ask = (headers) => fetch(`http://${admin()}/admin/events/replay`, { method: 'POST', headers, body: JSON.stringify({ stream: `chat:${chatId}`, after: 0, until: 9 }) });
  for (const headers of [{}, { authorization: 'Bearer ' }, { authorization: `Rubricon-Operator ${Date.now()}:${'0'.repeat(64)}` }, { authorization: `Bearer ${teacher.token}` }]) {
    assert.equal((await ask(headers)).status, 401);
  }
  assert.equal((await fetch(`http://${admin()}/admin/`)).status, 401);
  assert.equal((await fetch(`${server.url}/admin/events/replay`, { method: 'POST' })).status, 405, 'nor anybody on the public port');
});

test('what cannot be meant, and a server that is not there, are said in a sentence', () => {
  for (const args of [[], ['nonsense'], ['--all', chatId]]) assert.equal(replay(...args).status, 2, args.join(' '));
  const gone = server.command('events', 'replay', chatId, '--admin-listen', '127.0.0.1:1');
  assert.equal(gone.status, 1);
  assert.match(gone.stderr, /no server answers at http:\/\/127\.0\.0\.1:1/);
  const help = spawnSync(binary, ['events', 'replay', '--help'], { encoding: 'utf8' });
  assert.equal(help.status, 0);
  for (const option of ['--dry-run', '--after', '--until', '--all']) assert.ok(help.stdout.includes(option));
});
