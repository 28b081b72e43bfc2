// 1.9 heartbeat and 1.10 close, with the intervals that the official suite uses.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Echo, sleep } from './echo.mjs';

const interval = 300;
const timeout = 200;
// How late a timer may be on a busy machine; early it may not be.
const slack = 150;

let echo;
before(async () => (echo = await Echo.start({ 'ping-interval': interval, 'ping-timeout': timeout })));
after(() => echo.stop());

/** Something happens `time` after an instant that lies between `earliest` and `latest`, which was a moment ago. */
function assertAfter(time, earliest, latest, what) {
  const now = Date.now();
  assert.ok(now - earliest >= time - 2, `${what} ${now - earliest} ms after the earliest beginning, before ${time}`); // 2: clocks round
  assert.ok(now - latest <= time + slack, `${what} ${now - latest} ms after the latest beginning, long after ${time}`);
}

test('1.9 a WebSocket session is pinged, and lives as long as it answers', async () => {
  let earliest = Date.now();
  const peer = await echo.session();
  for (let i = 0; i < 3; ++i) {
    const latest = Date.now();
    assert.equal(await peer.next(), '2');
    assertAfter(interval, earliest, latest, 'ping');
    earliest = Date.now();
    peer.send('3');
  }
  await peer.assertEchoes();
  peer.close();
});

test('1.9 a WebSocket session that does not answer is closed after interval and timeout', async () => {
  const earliest = Date.now();
  const peer = await echo.session();
  const latest = Date.now();
  assert.equal(await peer.next(), '2');
  assert.equal(await peer.closeCode(), 1005);
  assertAfter(interval + timeout, earliest, latest, 'close');
});

test('1.9 a polling session is pinged through its poll', async () => {
  const session = await echo.polling();
  for (let i = 0; i < 3; ++i) {
    assert.equal(await session.poll(), '2');
    await session.send('3');
  }
});

test('1.9 a polling session that does not answer is over', async () => {
  const session = await echo.polling();
  await sleep(interval + timeout);
  await session.assertGone();
});

test('1.9 a pending poll is answered with `1` at the ping timeout', async () => {
  const session = await echo.polling();
  assert.equal(await session.poll(), '2');
  assert.equal(await session.poll(), '1');
  await session.assertGone();
});

test('1.9 another packet extends the wait for a pong, once', async () => {
  const peer = await echo.session();
  assert.equal(await peer.next(), '2');
  const code = peer.closeCode();
  let from;
  // Only the first of them gives the client its time-out anew; without it the session would have
  // ended `timeout` after the ping, and with each of them later than asserted.
  for (const wait of [timeout - 60, timeout - 60, 60]) {
    await sleep(wait);
    from ??= Date.now();
    peer.send('4x');
  }
  assert.equal(await code, 1005);
  assertAfter(timeout, from, from, 'end');
});

test('1.9 a pong that nobody asked for counts: the next ping comes an interval later', async () => {
  const peer = await echo.session();
  await sleep(interval - 100);
  const from = Date.now();
  peer.send('3');
  assert.equal(await peer.next(), '2');
  assertAfter(interval, from, from, 'ping');
  peer.close();
});

test('1.9 heartbeats go on after an upgrade', async () => {
  const session = await echo.polling();
  const peer = await echo.webSocket(session.upgradeQuery());
  peer.send('2probe');
  assert.equal(await peer.next(), '3probe');
  peer.send('5');
  for (let i = 0; i < 2; ++i) {
    assert.equal(await peer.next(), '2');
    peer.send('3');
  }
  peer.close();
});

test('1.10 the server says goodbye with a close frame when it is stopped', async () => {
  const server = await Echo.start();
  const peer = await server.session();
  const joined = await server.joined();
  const session = await server.polling();
  const polled = session.poll();
  await sleep(50);
  const stopped = server.stop();
  assert.equal(await peer.closeCode(), 1005);
  assert.equal(await joined.closeCode(), 1005);
  assert.deepEqual(joined.messages, [], 'no DISCONNECT: the client is to come back');
  assert.equal(await polled, '1');
  await stopped;
});

test('1.10 a WebSocket on trial stays open until the client changes to it: it polls no more', async () => {
  const server = await Echo.start();
  const session = await server.polling();
  const peer = await server.webSocket(session.upgradeQuery());
  peer.send('2probe');
  assert.equal(await peer.next(), '3probe');
  const stopped = server.stop();
  await sleep(200);
  assert.equal(peer.socket.readyState, 1);
  peer.send('5');
  assert.equal(await peer.closeCode(500), 1005);
  await stopped;
});
