// 1.7 messages and closes of a WebSocket.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Echo, sleep, within } from './echo.mjs';

let echo;
before(async () => (echo = await Echo.start({ 'max-payload': 10_000 })));
after(() => echo.stop());

test('1.7 text and binary messages come back', async () => {
  const peer = await echo.session();
  peer.send('4hello', '4評分', Buffer.from([1, 2, 3, 4]));
  assert.equal(await peer.next(), '4hello');
  assert.equal(await peer.next(), '4評分');
  assert.deepEqual(await peer.next(), Buffer.from([1, 2, 3, 4]));
  peer.close();
});

test('1.7 a text message that begins with b is binary in base64', async () => {
  const peer = await echo.session();
  peer.send('bAQIDBA==');
  assert.deepEqual(await peer.next(), Buffer.from([1, 2, 3, 4]));
  peer.close();
});

test('1.2 with b64 binary messages leave as text', async () => {
  const peer = await echo.webSocket('EIO=4&transport=websocket&b64=1');
  await peer.next();
  peer.send(Buffer.from([1, 2, 3, 4]));
  assert.equal(await peer.next(), 'bAQIDBA==');
  peer.close();
});

test('1.7 a message may come in fragments', async () => {
  const peer = await echo.session();
  peer.socket.send('4he', { fin: false });
  peer.socket.send('l', { fin: false });
  peer.socket.send('lo', { fin: true });
  assert.equal(await peer.next(), '4hello');
  peer.close();
});

test('1.7 a ping frame gets a pong frame', async () => {
  const peer = await echo.session();
  const pong = new Promise((resolve) => peer.socket.on('pong', (data) => resolve(data.toString())));
  peer.socket.ping('abc');
  assert.equal(await within(pong, 'a pong'), 'abc');
  peer.close();
});

test('1.7 maxPayload is accepted, one byte more closes with 1009', async () => {
  const peer = await echo.session();
  peer.send(`4${'x'.repeat(9_999)}`);
  assert.equal((await peer.next()).length, 10_000);
  peer.send(`4${'x'.repeat(10_000)}`);
  assert.equal(await peer.closeCode(), 1009);
});

test('1.7 bad UTF-8 closes with 1007', async () => {
  const peer = await echo.session();
  peer.socket.send(Buffer.from([0x34, 0xc0, 0xaf]), { binary: false });
  assert.equal(await peer.closeCode(), 1007);
});

test('1.7 an unmasked frame closes with 1002', async () => {
  const answer = await echo.rawUpgrade('/engine.io/?EIO=4&transport=websocket');
  assert.equal(answer.status, 101);
  answer.socket.write(Buffer.from([0x81, 0x01, 0x33]));
  await within(answer.ended, 'the end of the connection');
  assert.ok(answer.text().includes('\x88\x02\x03\xea'), 'a close frame with 1002');
});

for (const [why, ...bytes] of [
  ['a reserved bit', 0xc1, 0x80, 0, 0, 0, 0],
  ['an unknown opcode', 0x83, 0x80, 0, 0, 0, 0],
  ['a control frame in fragments', 0x09, 0x80, 0, 0, 0, 0],
  ['a control frame of 126 bytes', 0x89, 0xfe, 0, 126, 0, 0, 0, 0],
  ['a continuation of nothing', 0x80, 0x80, 0, 0, 0, 0],
  ['a message within a message', 0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0],
  ['a close code that does not exist', 0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed],
  ['a close frame of one byte', 0x88, 0x81, 0, 0, 0, 0, 0x03],
]) {
  test(`1.7 ${why} closes with 1002`, async () => {
    const answer = await echo.rawUpgrade('/engine.io/?EIO=4&transport=websocket');
    answer.socket.write(Buffer.from(bytes));
    await within(answer.ended, 'the end of the connection');
    assert.ok(answer.text().endsWith('\x88\x02\x03\xea'), 'a close frame with 1002');
  });
}

for (const packet of ['', 'abc', '9', '2', '2probe', 'b!']) {
  test(`1.7 the packet ${JSON.stringify(packet)} ends the session with an empty close frame`, async () => {
    const peer = await echo.session();
    peer.send(packet);
    assert.equal(await peer.closeCode(), 1005);
  });
}

test('1.7 `1` closes at once', async () => {
  const peer = await echo.session();
  peer.send('1');
  assert.equal(await peer.closeCode(500), 1005);
});

test('1.7 packets without meaning here are ignored', async () => {
  const peer = await echo.session();
  peer.send('3', '6', '5', '0', '0{}', '3probe');
  await peer.assertEchoes();
  peer.close();
});

test('1.7 extensions are declined silently, the first protocol offered is taken', async () => {
  const answer = await echo.rawUpgrade('/engine.io/?EIO=4&transport=websocket', {
    'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
    'Sec-WebSocket-Protocol': 'chat, superchat',
    Connection: 'keep-alive, Upgrade',
  });
  assert.equal(answer.status, 101);
  assert.doesNotMatch(answer.text(), /sec-websocket-extensions/i);
  assert.match(answer.text(), /sec-websocket-protocol: chat\r\n/i);
  assert.match(answer.text(), /sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/i);
  answer.socket.destroy();
});

test('1.7 names and tokens of the handshake are case-insensitive', async () => {
  const answer = await echo.rawUpgrade('/engine.io/?EIO=4&transport=websocket', {
    Connection: 'UPGRADE',
    Upgrade: 'WebSocket',
  });
  assert.equal(answer.status, 101);
  answer.socket.destroy();
});

test('1.7 an upgrade without a key or with another version is no upgrade', async () => {
  const version = await echo.rawUpgrade('/engine.io/?EIO=4&transport=websocket', { 'Sec-WebSocket-Version': '7' });
  assert.ok([400, 426].includes(version.status));
  const key = await echo.rawUpgrade('/engine.io/?EIO=4&transport=websocket', { 'Sec-WebSocket-Key': 'x' });
  assert.equal(key.status, 400);
});

test('1.7 many tiny fragments are a message only up to a limit', async () => {
  const peer = await echo.session();
  peer.socket.on('error', () => {});
  peer.socket.send('4', { fin: false });
  for (let i = 0; i < 5_000 && peer.socket.readyState === 1; ++i) peer.socket.send('x', { fin: false });
  peer.socket.send('x', { fin: true });
  assert.ok([1002, 1008, 1009, 1006].includes(await peer.closeCode()));
});

test('1.7 a WebSocket that is cut off frees its session', async () => {
  const peers = await Promise.all(Array.from({ length: 20 }, () => echo.session()));
  const codes = () =>
    Promise.all(peers.map(async ({ open }) => (await echo.fetch(`EIO=4&transport=polling&sid=${open.sid}`)).json().then(({ code }) => code)));
  assert.deepEqual(new Set(await codes()), new Set([3]), 'known, and not to be asked by polling');
  for (const peer of peers) peer.socket._socket.resetAndDestroy();
  while ((await codes()).some((code) => code !== 1)) await sleep(10); // 1: nobody knows the session
});
