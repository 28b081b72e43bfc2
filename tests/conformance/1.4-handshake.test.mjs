// 1.4 the open packet by both transports.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Echo } from './echo.mjs';

let echo;
before(async () => (echo = await Echo.start({ 'ping-interval': 300, 'ping-timeout': 200, 'max-payload': 1000000 })));
after(() => echo.stop());

const keys = ['sid', 'upgrades', 'pingInterval', 'pingTimeout', 'maxPayload'];
const sid = /^[A-Za-z0-9_-]{20}$/;

test('1.4 polling opens with exactly five keys', async () => {
  const response = await echo.fetch('EIO=4&transport=polling');
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/plain; charset=UTF-8');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(response.headers.get('set-cookie'), null);
  const body = await response.text();
  assert.equal(response.headers.get('content-length'), String(body.length));
  const open = JSON.parse(body.slice(1));
  assert.deepEqual(Object.keys(open), keys);
  assert.match(open.sid, sid);
  assert.deepEqual(open.upgrades, ['websocket']);
  assert.deepEqual([open.pingInterval, open.pingTimeout, open.maxPayload], [300, 200, 1000000]);
});

test('1.4 WebSocket opens with the same packet and no upgrades', async () => {
  const peer = await echo.session();
  assert.deepEqual(Object.keys(peer.open), keys);
  assert.match(peer.open.sid, sid);
  assert.deepEqual(peer.open.upgrades, []);
  peer.close();
});

test('1.4 session ids differ, and are never the ids of sockets', async () => {
  const seen = new Set();
  for (let i = 0; i < 50; ++i) seen.add((await echo.polling()).sid);
  assert.equal(seen.size, 50);
  const peer = await echo.session('/socket.io/');
  const { sid: id } = await peer.join();
  assert.notEqual(id, peer.open.sid);
  peer.close();
});

test('1.4 Socket.IO opens in the same way', async () => {
  const session = await echo.polling('/socket.io/');
  assert.deepEqual(Object.keys(session.open), keys);
});
