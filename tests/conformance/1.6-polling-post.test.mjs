// 1.6 sending by polling.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { Echo, sleep, within } from './echo.mjs';

let echo;
before(async () => (echo = await Echo.start({ 'max-payload': 10_000 })));
after(() => echo.stop());

/** A POST whose body does not end yet. */
function openPost(session, headers = {}) {
  const request = http.request({
    host: '127.0.0.1',
    port: echo.port,
    method: 'POST',
    path: `/engine.io/?${session.query}`,
    agent: false,
    headers: { 'Content-Type': 'text/plain;charset=UTF-8', ...headers },
  });
  request.on('error', () => {});
  return request;
}

test('1.6 a POST is answered with ok', async () => {
  const session = await echo.polling();
  const response = await session.post('4hello');
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/html');
  assert.equal(response.headers.get('content-length'), '2');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(await response.text(), 'ok');
  assert.equal(await session.poll(), '4hello');
});

test('1.6 the content type of the body does not matter, but octets are refused', async () => {
  const session = await echo.polling();
  for (const type of ['text/plain', 'application/json', 'x']) {
    const response = await session.post('4hello', { headers: { 'content-type': type } });
    assert.equal(response.status, 200, type);
    await session.poll();
  }
  const refused = await session.post('4hello', { headers: { 'content-type': 'application/octet-stream' } });
  assert.equal(refused.status, 400);
  await session.assertGone();
});

test('1.6 a body of exactly maxPayload is accepted', async () => {
  const session = await echo.polling();
  await session.send(`4${'x'.repeat(9_999)}`);
  assert.equal((await session.poll()).length, 10_000);
});

test('1.6 a longer body gets 413 and the session lives', async () => {
  const session = await echo.polling();
  const response = await session.post(`4${'x'.repeat(10_000)}`);
  assert.equal(response.status, 413);
  assert.equal(await response.text(), '');
  await session.assertAlive();
});

test('1.6 bytes are counted as they come, whatever was announced', async () => {
  const session = await echo.polling();
  const request = openPost(session, { 'Transfer-Encoding': 'chunked' });
  const answered = once(request, 'response');
  for (let i = 0; i < 20; ++i) request.write(`4${'x'.repeat(1_000)}`);
  const [response] = await within(answered, 'an answer');
  assert.equal(response.statusCode, 413);
  request.destroy();
  await session.assertAlive();
});

test('1.6 chunked bodies work', async () => {
  const session = await echo.polling();
  const request = openPost(session, { 'Transfer-Encoding': 'chunked' });
  const answered = once(request, 'response');
  request.write('4one\x1e4t');
  await sleep(30);
  request.end('wo');
  const [response] = await within(answered, 'an answer');
  assert.equal(response.statusCode, 200);
  response.resume();
  assert.equal(await session.poll(), '4one\x1e4two');
});

test('1.6 a second POST gets 400, the first is cut off, the session is over', async () => {
  const session = await echo.polling();
  const first = openPost(session, { 'Content-Length': '100' });
  const cut = new Promise((resolve) => first.on('close', resolve));
  first.write('4hal');
  await sleep(50);
  const second = await session.post('4hello');
  assert.equal(second.status, 400);
  await within(cut, 'the end of the first');
  await session.assertGone();
});

test('1.6 the session ends when a body breaks off', async () => {
  const session = await echo.polling();
  const request = openPost(session, { 'Content-Length': '100' });
  request.write('4hal');
  await sleep(50);
  request.destroy();
  await sleep(50);
  await session.assertGone();
});

for (const [name, body] of [
  ['an empty body', ''],
  ['an unknown type', 'abc'],
  ['an empty packet at the end', '4one\x1e'],
  ['a foreign base64', 'b!!!!'],
]) {
  test(`1.6 ${name} ends the session`, async () => {
    const session = await echo.polling();
    const response = await session.post(body);
    assert.ok([200, 400].includes(response.status));
    await session.assertGone();
  });
}

test('1.6 packets before a bad one are processed, after it none', async () => {
  const session = await echo.polling('/socket.io/');
  await session.join();
  const other = await echo.joined();
  other.send('420["kit-join","seen"]');
  await other.next();
  await session.post('42["kit-room-send","seen","before"]\x1e9\x1e42["kit-room-send","seen","after"]');
  assert.equal(await other.next(), '42["kit-room-recv","before"]');
  await other.assertQuiet();
  other.close();
});

test('1.6 bad UTF-8 ends the session', async () => {
  const session = await echo.polling();
  await session.post(Buffer.from([0x34, 0xc0, 0xaf]));
  await session.assertGone();
});

test('1.6 `1` ends the session: the poll gets `6`, the POST ok', async () => {
  const session = await echo.polling();
  const polled = session.poll();
  await sleep(50);
  await session.send('1');
  assert.equal(await polled, '6');
  await session.assertGone();
});

test('1.6 many packets of one body keep their order', async () => {
  const session = await echo.polling();
  const packets = Array.from({ length: 500 }, (_, i) => `4${i}`);
  await session.send(...packets);
  assert.equal(await session.poll(), packets.join('\x1e'));
});

test('1.6 a connection that sends rubbish instead of a request harms nobody', async () => {
  for (const bytes of ['\x00\x01\x02', 'GET\r\n\r\n', 'POST / HTTP/9.9\r\n\r\n', `GET /${'x'.repeat(100_000)}`]) {
    const socket = net.connect(echo.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(bytes);
    await sleep(20);
    socket.destroy();
  }
  await (await echo.polling()).assertAlive();
});
