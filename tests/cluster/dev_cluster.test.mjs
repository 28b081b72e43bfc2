// What `./dev cluster` runs: the whole installation on this machine, in a folder of the test's own, at the addresses of
// deploy/nginx.conf, which must be free.
// tests: tools/cluster deploy/nginx.conf
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Device, storedEvents } from '../support/client.mjs';
import { Service } from '../support/cluster.mjs';
import { binary, environment } from '../support/server.mjs';

const script = fileURLToPath(new URL('../../tools/cluster', import.meta.url));
const entrance = { url: 'http://127.0.0.1:8080' };
const gateways = [{ url: 'http://127.0.0.1:3001' }, { url: 'http://127.0.0.1:3011' }];
const addresses = {
  'api-1': ['api', '127.0.0.1:3000'], 'api-2': ['api', '127.0.0.1:3010'],
  'gateway-1': ['gateway', '127.0.0.1:3001'], 'gateway-2': ['gateway', '127.0.0.1:3011'],
  'worker-1': ['worker', '127.0.0.1:3002'], 'worker-2': ['worker', '127.0.0.1:3012'],
  nginx: ['entrance', '127.0.0.1:8080'],
};
const engines = ['postgres', 'rabbitmq', 'redis', 'replica'];

let folder, page;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rubricon-dev-cluster-'));
  page = path.join(folder, 'page');
  await mkdir(page);
  await writeFile(path.join(page, 'index.html'), '<title>Rubricon</title>');
});
after(async () => {
  await cluster('down');
  await Promise.all(engines.map((name) => new Service(name, folder).stop()));
  await rm(folder, { recursive: true, force: true });
}, { timeout: 120_000 });

/** Runs the script to its end. What it starts goes on, so its output is a pipe of its own alone. */
async function cluster(command) {
  const child = spawn(script, [command, binary, page], { env: { ...environment, CLUSTER_FOLDER: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [status] = await once(child, 'exit');
  return { status, output };
}

async function up() {
  const { status, output } = await cluster('up');
  assert.equal(status, 0, output);
  return output;
}

/** What `status` prints, by name, and the status it ends with. */
async function looked() {
  const { status, output } = await cluster('status');
  const [header, ...lines] = output.trimEnd().split('\n').map((line) => /^(\S+) +(\S+) +(\S+) +(.+)$/.exec(line).slice(1));
  assert.deepEqual(header, ['NAME', 'ROLE', 'ADDRESS', 'HEALTH']);
  return { status, health: Object.fromEntries(lines.map(([name, ...rest]) => [name, rest])) };
}

const pidOf = async (name) => Number(await readFile(path.join(folder, 'run', `${name}.pid`), 'utf8'));

/** The process of that id, if it lives: a dead one may wait a moment for whoever buries it. */
async function lives(pid) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return text.slice(text.lastIndexOf(')') + 2)[0] !== 'Z';
}

async function assertAllWell() {
  const { status, health } = await looked();
  assert.deepEqual(Object.keys(health), [...Object.keys(addresses), ...engines]);
  for (const [name, [role, address]] of Object.entries(addresses)) assert.deepEqual(health[name], [role, address, 'ready'], name);
  for (const name of engines) {
    const [role, address, how] = health[name];
    assert.equal(role, 'engine');
    assert.match(address, /^127\.0\.0\.1:\d+(\/\S*)?$/, name);
    assert.match(how, name === 'replica' ? /^running, \d+ bytes behind$/ : /^running$/, name);
  }
  assert.equal(status, 0);
}

test('up, and every process is healthy', { timeout: 240_000 }, async (context) => {
  const begun = performance.now();
  assert.match(await up(), /up: open http:\/\/127\.0\.0\.1:8080/);
  context.diagnostic(`up in ${Math.round((performance.now() - begun) / 1_000)} s`);
  await assertAllWell();
  assert.match(await (await fetch(entrance.url)).text(), /<title>Rubricon/);
});

test('a message posted through the entrance is stored and heard on both gateways', { timeout: 60_000 }, async () => {
  const ann = await Device.register(entrance);
  const chatId = await ann.createChat('', { ai: 'off' });
  const listening = await Promise.all(gateways.map(async (gateway) => {
    const device = new Device(gateway, ann.account);
    device.adopt(ann);
    await device.connect();
    assert.ok((await device.join(chatId)).ok);
    return device;
  }));
  const { status } = await ann.post(chatId, 'through the entrance');
  assert.equal(status, 201);
  for (const device of listening) {
    await device.until(() => device.messages(chatId).length === 1);
    assert.equal(device.messages(chatId)[0].content, 'through the entrance');
    device.close();
  }
  const { events } = await storedEvents(ann, chatId);
  assert.equal(events.filter(({ data }) => data.content === 'through the entrance').length, 1);
});

test('a killed process is shown; up brings it back where nobody else took its place, and disturbs no other', { timeout: 240_000 }, async () => {
  const names = await readdir(path.join(folder, 'run'));
  const pids = async () => Object.fromEntries(await Promise.all(names.map(async (file) => [file, await readFile(path.join(folder, 'run', file), 'utf8')])));
  const engine = (name) => readFile(path.join(folder, name, 'pid'), 'utf8');
  const [before, enginesBefore] = [await pids(), await Promise.all(engines.map(engine))];
  process.kill(await pidOf('gateway-2'), 'SIGKILL');
  let seen = await looked();
  while (seen.health['gateway-2'][2] === 'ready') seen = await looked();
  assert.deepEqual(seen.health['gateway-2'], ['gateway', '127.0.0.1:3011', 'down']);
  assert.deepEqual(seen.health['gateway-1'], ['gateway', '127.0.0.1:3001', 'ready']);
  assert.equal(seen.status, 1);
  const stranger = createServer().listen(3011, '127.0.0.1');
  await once(stranger, 'listening');
  const { status, output } = await cluster('up');
  assert.notEqual(status, 0);
  assert.match(output, /gateway-2 needs 127\.0\.0\.1:3011, where somebody else listens/);
  stranger.close();
  await once(stranger, 'close');
  const said = await up();
  assert.deepEqual(said.match(/^starting .*$/gm), ['starting gateway-2 on 127.0.0.1:3011'], 'of what runs already nothing is said');
  await assertAllWell();
  const afterwards = await pids();
  assert.deepEqual(names.filter((name) => before[name] !== afterwards[name]), ['gateway-2.pid']);
  assert.deepEqual(await Promise.all(engines.map(engine)), enginesBefore);
});

test('down ends all of it', { timeout: 120_000 }, async () => {
  const pids = await Promise.all(Object.keys(addresses).map(pidOf));
  for (const name of engines) pids.push(Number((await readFile(path.join(folder, name, 'pid'), 'utf8')).split('\n')[0]));
  for (const pid of pids) assert.ok(await lives(pid));
  const { status, output } = await cluster('down');
  assert.equal(status, 0, output);
  for (const pid of pids) assert.ok(!(await lives(pid)), `${pid} lives`);
  const { status: unwell, health } = await looked();
  assert.equal(unwell, 1);
  for (const [name, line] of Object.entries(health)) assert.equal(line[2], 'down', name);
});
