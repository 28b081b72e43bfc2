// 1.11 CORS, and the Origin of WebSockets.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Echo } from './echo.mjs';

const ours = 'https://school.example';
const foreign = 'https://evil.example';
const handshake = '/engine.io/?EIO=4&transport=polling';
const upgrade = '/engine.io/?EIO=4&transport=websocket';

function ask(echo, origin, options = {}) {
  return echo.request({ path: handshake, ...options, headers: { Origin: origin, ...options.headers } });
}

describe('1.11 without --cors-origin', () => {
  let echo;
  before(async () => (echo = await Echo.start()));
  after(() => echo.stop());

  test('1.11 there are no CORS headers', async () => {
    const { status, headers } = await ask(echo, ours);
    assert.equal(status, 200);
    for (const name of Object.keys(headers)) assert.doesNotMatch(name, /^(access-control|vary)/);
  });

  test('1.11 OPTIONS is a bad handshake method', async () => {
    const { status, body } = await ask(echo, ours, { method: 'OPTIONS' });
    assert.equal(status, 400);
    assert.deepEqual(JSON.parse(body), { code: 2, message: 'Bad handshake method' });
  });

  test('1.7 a page of another host opens no WebSocket, one of this host does', async () => {
    const refused = await echo.rawUpgrade(upgrade, { Origin: foreign });
    assert.ok([400, 403].includes(refused.status));
    const accepted = await echo.rawUpgrade(upgrade, { Origin: `http://127.0.0.1:${echo.port}` });
    assert.equal(accepted.status, 101);
    accepted.socket.destroy();
  });
});

describe('1.11 with an allow-list', () => {
  let echo;
  before(async () => (echo = await Echo.start({ 'cors-origin': ours })));
  after(() => echo.stop());

  test('1.11 a listed origin is named, with credentials', async () => {
    const { status, headers } = await ask(echo, ours);
    assert.equal(status, 200);
    assert.equal(headers['access-control-allow-origin'], ours);
    assert.equal(headers['access-control-allow-credentials'], 'true');
    assert.equal(headers.vary, 'Origin');
  });

  test('1.11 another origin is not, and cannot poll', async () => {
    const { status, headers } = await ask(echo, foreign);
    assert.equal(status, 403);
    assert.equal(headers['access-control-allow-origin'], undefined);
    assert.equal(headers['access-control-allow-credentials'], 'true');
    assert.equal(headers.vary, 'Origin');
  });

  test('1.3 errors carry the headers as well', async () => {
    const { status, headers } = await ask(echo, ours, { path: '/engine.io/?EIO=4&transport=abc' });
    assert.equal(status, 400);
    assert.equal(headers['access-control-allow-origin'], ours);
  });

  test('1.11 a preflight is answered', async () => {
    const { status, headers, body } = await ask(echo, ours, {
      method: 'OPTIONS',
      headers: { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-one, x-two' },
    });
    assert.equal(status, 204);
    assert.equal(body, '');
    assert.equal(headers['access-control-allow-origin'], ours);
    assert.equal(headers['access-control-allow-methods'], 'GET,POST');
    assert.equal(headers['access-control-allow-headers'], 'x-one, x-two');
    assert.equal(headers['access-control-allow-credentials'], 'true');
    assert.equal(headers.vary, 'Origin, Access-Control-Request-Headers');
  });

  test('1.7 the 101 carries the headers, and a foreign page gets none', async () => {
    const accepted = await echo.rawUpgrade(upgrade, { Origin: ours });
    assert.equal(accepted.status, 101);
    assert.match(accepted.text(), /access-control-allow-origin: https:\/\/school\.example\r\n/i);
    accepted.socket.destroy();
    const refused = await echo.rawUpgrade(upgrade, { Origin: foreign });
    assert.ok([400, 403].includes(refused.status));
  });

  test('1.7 a program without Origin is welcome', async () => {
    await (await echo.session()).assertEchoes();
  });
});

test('1.11 with * any origin may read, without credentials', async () => {
  const echo = await Echo.start({ 'cors-origin': '*' });
  const { headers } = await ask(echo, foreign);
  assert.equal(headers['access-control-allow-origin'], '*');
  assert.equal(headers['access-control-allow-credentials'], undefined);
  const accepted = await echo.rawUpgrade(upgrade, { Origin: foreign });
  assert.equal(accepted.status, 101);
  accepted.socket.destroy();
  await echo.stop();
});
