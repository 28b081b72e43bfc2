// 1.5 receiving by polling.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Echo, sleep } from './echo.mjs';

let echo;
before(async () => (echo = await Echo.start()));
after(() => echo.stop());

test('1.5 a poll waits for something to say', async () => {
  const session = await echo.polling();
  const polled = session.poll();
  await sleep(50);
  await session.send('4hello');
  assert.equal(await polled, '4hello');
});

test('1.5 what is queued comes in one body, in order', async () => {
  const session = await echo.polling();
  await session.send('4one', '4two', 'bAQIDBA==', '4three');
  assert.equal(await session.poll(), '4one\x1e4two\x1ebAQIDBA==\x1e4three');
});

test('1.5 the answer says what it is', async () => {
  const session = await echo.polling();
  await session.send('4評分');
  const response = await session.get();
  assert.equal(response.headers.get('content-type'), 'text/plain; charset=UTF-8');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(response.headers.get('content-length'), '7');
  assert.equal(await response.text(), '4評分');
});

test('1.5 a second poll gets 400, the first `1`, and the session is over', async () => {
  const session = await echo.polling();
  const first = session.get();
  await sleep(50);
  const second = await session.get();
  assert.equal(second.status, 400);
  assert.equal(await second.text(), '');
  const answer = await first;
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), '1');
  await session.assertGone();
});

test('1.5 the session ends with the connection of a pending poll', async () => {
  const session = await echo.polling();
  const controller = new AbortController();
  const poll = session.get({ signal: controller.signal }).catch(() => {});
  await sleep(50);
  controller.abort();
  await poll;
  await session.assertGone();
});

test('1.5 a separator inside a body is a separator', async () => {
  const session = await echo.polling();
  await session.send('4a\x1e4b');
  assert.equal(await session.poll(), '4a\x1e4b');
});

test('1.5 large answers arrive whole', async () => {
  const session = await echo.polling();
  const text = 'x'.repeat(900_000);
  await session.send(`4${text}`);
  assert.equal((await session.poll()).length, text.length + 1);
});
