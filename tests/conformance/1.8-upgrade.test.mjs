// 1.8 from polling to WebSocket.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Echo, sleep } from './echo.mjs';

let echo;
before(async () => (echo = await Echo.start()));
after(() => echo.stop());

async function probed(session) {
  const peer = await echo.webSocket(session.upgradeQuery(), session.where);
  peer.send('2probe');
  assert.equal(await peer.next(), '3probe');
  return peer;
}

test('1.8 the whole way', async () => {
  const session = await echo.polling();
  const peer = await probed(session);
  peer.send('5');
  peer.send('4hello');
  assert.equal(await peer.next(), '4hello');
  peer.close();
});

test('1.8 a poll pending at the probe ends with `6` at once', async () => {
  const session = await echo.polling();
  const polled = session.poll();
  await sleep(50);
  const from = Date.now();
  const peer = await probed(session);
  assert.equal(await polled, '6');
  assert.ok(Date.now() - from < 100);
  peer.close();
});

test('1.8 a poll that comes after the probe gets exactly `6`', async () => {
  const session = await echo.polling();
  const peer = await probed(session);
  assert.equal(await session.poll(), '6');
  peer.send('5');
  await peer.assertEchoes();
  peer.close();
});

test('1.8 requests with the sid get 400 code 3 after the upgrade', async () => {
  const session = await echo.polling();
  const peer = await probed(session);
  peer.send('5');
  await peer.assertEchoes();
  for (const response of [await session.get(), await session.post('4x')]) {
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), { code: 3, message: 'Bad request' });
  }
  await peer.assertEchoes();
  peer.close();
});

test('1.8 what is sent between probe and `5` is neither lost nor reordered', async () => {
  const session = await echo.polling();
  await session.send('40-before', '41-before');
  const peer = await probed(session);
  await session.send('42-between');
  assert.equal(await session.poll(), '40-before\x1e41-before\x1e42-between');
  await session.send('43-between', '44-between');
  peer.send('5', '45-after');
  for (const expected of ['43-between', '44-between', '45-after']) assert.equal(await peer.next(), expected);
  peer.close();
});

test('1.8 an unknown sid cannot be upgraded', async () => {
  const answer = await echo.rawUpgrade('/engine.io/?EIO=4&transport=websocket&sid=AAAAAAAAAAAAAAAAAAAA');
  assert.equal(answer.status, 400);
});

test('1.8 a second WebSocket of a session is opened and closed, whether the first is on trial or has won', async () => {
  const session = await echo.polling();
  const first = await probed(session);
  assert.equal(await (await echo.webSocket(session.upgradeQuery())).closeCode(), 1005);
  first.send('5');
  await first.assertEchoes();
  assert.equal(await (await echo.webSocket(session.upgradeQuery())).closeCode(), 1005);
  await first.assertEchoes();
  first.close();
});

for (const packet of ['4hello', '2', 'abc', '', Buffer.from([1])]) {
  test(`1.8 a first packet ${JSON.stringify(packet)} closes that WebSocket and not the session`, async () => {
    const session = await echo.polling();
    const peer = await echo.webSocket(session.upgradeQuery());
    peer.send(packet);
    assert.equal(await peer.closeCode(), 1005);
    await session.assertAlive();
  });
}

test('1.8 `5` without a probe is accepted', async () => {
  const session = await echo.polling();
  const peer = await echo.webSocket(session.upgradeQuery());
  peer.send('5');
  await peer.assertEchoes();
  peer.close();
});

test('1.8 a WebSocket lost while probing leaves polling alone, and another may try', async () => {
  const session = await echo.polling();
  const lost = await probed(session);
  lost.close();
  await sleep(50);
  await session.assertAlive();
  const peer = await probed(session);
  peer.send('5');
  await peer.assertEchoes();
  peer.close();
});

test('1.8 heartbeats go on by polling while a WebSocket is on trial', async () => {
  const server = await Echo.start({ 'ping-interval': 200, 'ping-timeout': 150 });
  const session = await server.polling();
  const peer = await server.webSocket(session.upgradeQuery());
  peer.send('2probe');
  assert.equal(await peer.next(), '3probe');
  for (let i = 0; i < 3; ++i) {
    let polled = '6';
    // A probe answers every poll at once: as a client that does not upgrade yet would ask again.
    for (; polled === '6'; await sleep(10)) polled = await session.poll();
    assert.equal(polled, '2');
    await session.send('3');
  }
  assert.deepEqual(peer.messages, []);
  peer.send('5');
  await peer.assertEchoes();
  peer.close();
  await server.stop();
});

test('1.8 a pong owed at the switch may come by WebSocket', async () => {
  const server = await Echo.start({ 'ping-interval': 200, 'ping-timeout': 300 });
  const session = await server.polling();
  const peer = await server.webSocket(session.upgradeQuery());
  assert.equal(await session.poll(), '2');
  peer.send('2probe');
  assert.equal(await peer.next(), '3probe');
  peer.send('5', '3');
  assert.equal(await peer.next(), '2');
  peer.close();
  await server.stop();
});

test('1.8 Socket.IO keeps its namespaces across the upgrade', async () => {
  const session = await echo.polling('/socket.io/');
  await session.join();
  await session.send('42["message","by polling"]');
  const peer = await probed(session);
  assert.match(await session.poll(), /message-back","by polling"/);
  peer.send('5', '42["message","by WebSocket"]');
  assert.equal(await peer.next(), '42["message-back","by WebSocket"]');
  peer.close();
});
