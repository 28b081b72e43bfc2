// 1.2 paths and queries, 1.3 the order of checks and the bodies of refusals, 1.12 EIO 3.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Echo, within } from './echo.mjs';

let echo;
before(async () => (echo = await Echo.start()));
after(() => echo.stop());

const bodies = {
  0: 'Transport unknown',
  1: 'Session ID unknown',
  2: 'Bad handshake method',
  3: 'Bad request',
  5: 'Unsupported protocol version',
};

async function assertRefused(response, code) {
  assert.equal(response.status, 400);
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.deepEqual(await response.json(), { code, message: bodies[code] });
}

for (const [query, code, method = 'GET'] of [
  ['EIO=4', 0],
  ['EIO=4&transport=abc', 0],
  ['EIO=4&transport=', 0],
  ['EIO=4&transport=webtransport', 0],
  ['EIO=4&transport=__proto__', 0],
  ['EIO=4&transport=constructor', 0],
  ['EIO=3&transport=abc', 0],
  ['EIO=4&transport=polling&sid=abc', 1],
  ['EIO=4&transport=polling&sid=__proto__', 1],
  ['EIO=4&transport=polling&sid=constructor', 1],
  ['EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA', 1],
  ['EIO=4&transport=polling', 2, 'POST'],
  ['EIO=3&transport=polling', 2, 'POST'],
  ['EIO=4&transport=polling', 2, 'PUT'],
  ['EIO=4&transport=polling', 2, 'OPTIONS'],
  ['EIO=4&transport=websocket', 3],
  ['transport=polling', 5],
  ['EIO=abc&transport=polling', 5],
  ['EIO=3&transport=polling', 5],
  ['EIO=4&EIO=3&transport=polling', 5],
]) {
  test(`1.3 ${method} ?${query} is refused with code ${code}`, async () => {
    await assertRefused(await echo.fetch(query, { method }), code);
  });
}

test('1.3 a request with the sid of a session must name its transport and version', async () => {
  const session = await echo.polling();
  await assertRefused(await echo.fetch(`EIO=4&transport=websocket&sid=${session.sid}`), 3);
  await assertRefused(await echo.fetch(`EIO=3&transport=polling&sid=${session.sid}`), 3);
  await assertRefused(await echo.fetch(`transport=polling&sid=${session.sid}`), 3);
  const upgrade = await echo.rawUpgrade(`/engine.io/?EIO=3&transport=websocket&sid=${session.sid}`);
  await within(upgrade.ended, 'the end of the connection');
  assert.match(upgrade.text(), /^HTTP\/1\.1 400 [^]*Bad request$/);
  await session.assertAlive();
});

test('1.3 methods other than GET and POST on a session are refused and harm nothing', async () => {
  const session = await echo.polling();
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const response = await session.get({ method });
    assert.ok([400, 405].includes(response.status), String(response.status));
  }
  await session.assertAlive();
});

test('1.2 only paths that begin with /socket.io/ or /engine.io/ are ours', async () => {
  for (const path of ['/socket.io', '/engine.io', '/other/', '/']) {
    const response = await echo.fetch('EIO=4&transport=polling', { path });
    assert.equal(response.status, 404, path);
  }
  for (const path of ['/socket.io/', '/socket.io/more/']) {
    const response = await echo.fetch('EIO=4&transport=polling', { path });
    assert.equal(response.status, 200, path);
  }
});

test('1.2 unknown and broken parameters are ignored, an empty sid is none', async () => {
  for (const extra of ['t=abc', 'b64=1', 'x=%zz&%', 'sid=', 'foo[bar]=1&foo=2', 'j=0']) {
    const response = await echo.fetch(`EIO=4&transport=polling&${extra}`);
    assert.equal(response.status, 200, extra);
    assert.equal((await response.text())[0], '0');
  }
});

test('1.12 a client of protocol 3 is refused on both transports', async () => {
  await assertRefused(await echo.fetch('EIO=3&transport=polling'), 5);
  const upgrade = await echo.rawUpgrade('/engine.io/?EIO=3&transport=websocket');
  assert.equal(upgrade.status, 400);
  await within(upgrade.ended, 'the end of the connection');
});

for (const [query, text] of [
  ['EIO=4&transport=abc', 'Transport unknown'],
  ['EIO=4&transport=websocket&sid=abc', 'Session ID unknown'],
  ['EIO=abc&transport=websocket', 'Unsupported protocol version'],
  ['transport=websocket', 'Unsupported protocol version'],
  ['EIO=4&transport=polling', 'Bad request'],
]) {
  test(`1.3 an upgrade to ?${query} gets 400 before any 101, and the connection ends`, async () => {
    const answer = await echo.rawUpgrade(`/engine.io/?${query}`);
    await within(answer.ended, 'the end of the connection');
    assert.match(answer.text(), /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(answer.text(), /\r\nContent-Type: text\/html\r\n/i);
    assert.match(answer.text(), /\r\nConnection: close\r\n/i);
    assert.ok(answer.text().endsWith(`\r\n\r\n${text}`), answer.text());
  });
}

test('1.3 an upgrade outside the two paths is refused', async () => {
  const answer = await echo.rawUpgrade('/other/?EIO=4&transport=websocket');
  assert.equal(answer.status, 404);
  await within(answer.ended, 'the end of the connection');
});

test('CVE-2023-31125: names that every object has are no transports and no sessions, for upgrades neither', async () => {
  for (const query of ['EIO=4&transport=__proto__', 'EIO=4&transport=websocket&sid=__proto__', 'EIO=4&transport=toString']) {
    const answer = await echo.rawUpgrade(`/engine.io/?${query}`);
    await within(answer.ended, 'the end of the connection');
    assert.equal(answer.status, 400, query);
  }
  await (await echo.polling()).assertAlive();
});

test('CVE-2022-41940: a peer that resets a refused upgrade harms nobody', async () => {
  for (let i = 0; i < 20; ++i) {
    const answer = await echo.rawUpgrade('/engine.io/?EIO=4&transport=abc');
    answer.socket.resetAndDestroy();
  }
  await (await echo.polling()).assertAlive();
});
