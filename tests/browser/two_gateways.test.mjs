// Two people in two browsers, each on another gateway, share a chat: it works in both directions, and goes on when one of the
// gateways, an api, the worker, RabbitMQ or Redis is killed, or PostgreSQL is restarted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { byId, client, launch, openContext, signIn } from '../support/browser.mjs';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';

let cluster, browser;
before(async () => {
  cluster = await (await Cluster.create({ clientDir: client, workers: 1 })).start();
  browser = await launch();
}, { timeout: 180_000 });
after(async () => {
  await browser?.close();
  await cluster?.destroy();
}, { timeout: 120_000 });

/** A page of that person; `page.gateway()` is the gateway its newest socket is on: the first characters of the sid. */
async function open({ account }) {
  const page = await openContext(browser);
  let sid = '';
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => {
    const opened = /^0\{"sid":"([^"]+)"/.exec(`${payload}`);
    if (opened) sid = opened[1];
  }));
  page.gateway = () => sid.slice(0, 2);
  await page.goto(cluster.url);
  await signIn(page, account);
  await online(page);
  return page;
}

const online = (page) => page.locator('[data-testid=connection][data-state=online]').waitFor();
const message = (page, text) => page.locator('[data-testid=message]', { hasText: text });

async function write(page, text) {
  await byId(page, 'composer').fill(text);
  await byId(page, 'send').click();
}

test('two browsers on two gateways: both directions, whatever is killed', { timeout: 400_000 }, async () => {
  const [ann, bob] = [await Device.register(cluster, 'Ann'), await Device.register(cluster, 'Bob')];
  const chatId = await ann.createChat('shared', { ai: 'off' });
  const { status } = await ann.rest('POST', `/api/chat/${chatId}/members`, { email: bob.account.email, role: 'editor' });
  assert.ok(status < 300);
  const [here, there] = [await open(ann), await open(bob)];
  for (let tries = 0; here.gateway() === there.gateway() && tries < 10; tries += 1) {
    await there.reload();
    await online(there);
  }
  assert.deepEqual([here.gateway(), there.gateway()].toSorted(), ['g1', 'g2']);
  for (const page of [here, there]) await byId(page, 'chat-list-item').first().click();

  await write(here, 'from Ann to Bob');
  await message(there, 'from Ann to Bob').waitFor();
  await write(there, 'from Bob to Ann');
  await message(here, 'from Bob to Ann').waitFor();

  const lost = cluster.gateways[here.gateway() === 'g1' ? 0 : 1];
  const survivor = there.gateway();
  await lost.kill();
  await write(there, 'while a gateway is dead');
  await message(here, 'while a gateway is dead').waitFor();
  await online(here);
  assert.equal(here.gateway(), survivor, 'it came back by the gateway that is left');
  await write(here, 'and back');
  await message(there, 'and back').waitFor();
  await lost.start();

  const expected = ['from Ann to Bob', 'from Bob to Ann', 'while a gateway is dead', 'and back'];
  const { postgres, rabbitmq, redis } = cluster.services;
  const faults = {
    'an api is killed': async () => (await cluster.apis[0].kill(), () => cluster.apis[0].start()),
    'the worker is killed': async () => (await cluster.workers[0].kill(), () => cluster.workers[0].start()),
    'RabbitMQ is killed': async () => (await rabbitmq.kill(), () => rabbitmq.restart()),
    'Redis is killed': async () => (await redis.kill(), () => redis.restart()),
    'PostgreSQL is restarted': async () => (await postgres.halt(), await postgres.restart(), () => {}),
  };
  for (const [what, fault] of Object.entries(faults)) {
    const mend = await fault();
    await write(here, `${what}: from Ann`);
    await message(there, `${what}: from Ann`).waitFor();
    await write(there, `${what}: from Bob`);
    await message(here, `${what}: from Bob`).waitFor();
    expected.push(`${what}: from Ann`, `${what}: from Bob`);
    await mend();
  }
  for (const page of [here, there]) {
    const shown = await page.locator('[data-testid=message]').allTextContents();
    assert.equal(shown.length, expected.length, 'each once');
    for (const [n, text] of expected.entries()) assert.ok(shown[n].includes(text), `${shown[n]} is "${text}"`);
    await page.context().close();
  }
  const { status: verified, stdout, stderr } = cluster.command('verify');
  assert.equal(verified, 0, `${stdout}${stderr}`);
});
