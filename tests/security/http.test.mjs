// S13 to S16, S35, S37: what HTTP and browsers allow, on the real binary.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { Device } from '../support/client.mjs';
import { ask, bearer, exchangeBytes, statuses, upgrade } from '../support/http.mjs';
import { Server } from '../support/server.mjs';

const origin = 'https://good.example';
const page = mkdtempSync(path.join(tmpdir(), 'rubricon-page-'));
let server; // behind https
let plain; // on http
before(async () => {
  mkdirSync(path.join(page, 'assets'));
  writeFileSync(path.join(page, 'index.html'), '<!doctype html><title>Rubricon</title>');
  writeFileSync(path.join(page, 'assets/app-1.js'), 'export {};');
  server = await (await Server.create({ args: ['--public-origins', origin, '--client-dir', page] })).start();
  plain = await (await Server.create({ args: ['--client-dir', page] })).start();
});
after(async () => {
  await Promise.all([server.destroy(), plain.destroy()]);
  rmSync(page, { recursive: true });
});

const smuggling = JSON.parse(readFileSync(new URL('smuggling.json', import.meta.url), 'utf8'));

test('S13: no request is read in two ways: each of the corpus is refused and its connection closed', { timeout: 120_000 }, async () => {
  assert.ok(smuggling.length >= 40);
  for (const { name, bytes, status = 400 } of smuggling) {
    // What a proxy in front would take for the next request, or for the body of this one.
    const followed = `${bytes}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`;
    const answers = statuses(await exchangeBytes(server, followed));
    assert.deepEqual(answers, [status], name);
  }
  // The same connection serves two requests where both are plain.
  const two = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  assert.deepEqual(statuses(await exchangeBytes(server, two)), [200, 200]);
});

test('S14: the refresh cookie is __Host-, Secure, HttpOnly and SameSite=Strict', { timeout: 60_000 }, async () => {
  const account = { email: 'cookie@school.example', password: 'correct horse battery', name: 'Cookie' };
  const { headers } = await ask(server, 'POST', '/api/auth/register', { body: account, headers: { origin } });
  const [cookie] = headers['set-cookie'];
  assert.match(cookie, /^__Host-rubricon-refresh=/);
  for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/']) assert.ok(cookie.split('; ').includes(attribute), attribute);
  assert.doesNotMatch(cookie, /Domain/i);
  const value = cookie.split(';')[0].split('=')[1];
  const unprefixed = await ask(server, 'POST', '/api/auth/refresh', { body: {}, headers: { origin, cookie: `rubricon-refresh=${value}` } });
  assert.equal(unprefixed.status, 401, 'a cookie that a subdomain could have set is none');
  assert.equal((await ask(server, 'POST', '/api/auth/refresh', { body: {}, headers: { origin, cookie: `__Host-rubricon-refresh=${value}` } })).status, 200);
});

test('S14: another site changes nothing, by form, by fetch, by link', { timeout: 60_000 }, async () => {
  const ann = await Device.register(server);
  const contract = parse(readFileSync(new URL('../../contract/openapi.yaml', import.meta.url), 'utf8'));
  const chatId = await ann.createChat('mine');
  const fill = (pattern) => pattern.replace('{chatId}', chatId).replace('{version}', '1').replace(/\{\w+\}/g, ann.user.id);
  let changes = 0;
  for (const [pattern, operations] of Object.entries(contract.paths)) {
    for (const method of Object.keys(operations).filter((each) => ['post', 'put', 'patch', 'delete'].includes(each))) {
      changes += 1;
      const body = method === 'delete' ? undefined : '{}';
      const attempt = (headers, text = body) => ask(server, method.toUpperCase(), fill(pattern), { body: text, headers: { ...bearer(ann.token), ...headers } });
      const what = `${method} ${pattern}`;
      for (const foreign of ['https://evil.example', 'null', `${origin}.evil.example`]) {
        assert.equal((await attempt({ origin: foreign })).body.code, 'origin_not_allowed', what);
      }
      assert.equal((await attempt({ 'sec-fetch-site': 'cross-site' })).body.code, 'cross_site', what);
      if (method === 'delete') continue;
      for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
        assert.equal((await attempt({ 'content-type': type })).status, 415, what); // all that a form can send
      }
    }
  }
  assert.ok(changes >= 15);
  const heads = async () => (await ann.rest('GET', '/api/chat')).body.chats.map((chat) => [chat.id, chat.head, chat.title]);
  const before_ = await heads();
  assert.deepEqual(before_, [[chatId, 1, 'mine']], 'nothing of all that was done');
  for (const [pattern, operations] of Object.entries(contract.paths)) {
    if (!operations.get) continue;
    for (const tail of ['', '?_method=DELETE', '?title=changed']) await ask(server, 'GET', fill(pattern) + tail, { headers: { ...bearer(ann.token), 'x-http-method-override': 'DELETE' } });
  }
  assert.deepEqual(await heads(), before_, 'a GET changes nothing');
});

test('S15: CORS is for listed origins alone, and never reflects', { timeout: 60_000 }, async () => {
  const ann = await Device.register(server);
  const asked = (path_, headers, method = 'GET') => ask(server, method, path_, { headers: { ...bearer(ann.token), ...headers } });
  for (const path_ of ['/api/me', '/api/auth/login', '/socket.io/?EIO=4&transport=polling']) {
    for (const foreign of ['https://evil.example', 'null', 'https://good.example.evil.example', 'http://good.example', '*']) {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await asked(path_, { origin: foreign, 'access-control-request-method': 'POST' }, method);
        assert.equal(headers['access-control-allow-origin'], undefined, `${method} ${path_} ${foreign}`);
        assert.equal(headers['access-control-allow-methods'] && headers['access-control-allow-origin'], undefined);
      }
    }
    const { headers } = await asked(path_, { origin });
    assert.equal(headers['access-control-allow-origin'], origin);
    assert.match(headers.vary, /Origin/);
  }
});

/** One answer of every kind that there is. */
async function everyKind(at, ann, allowed) {
  const get = (path_, headers = {}) => ask(at, 'GET', path_, { headers });
  const first = await get('/');
  const raw = await exchangeBytes(at, 'GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n');
  const malformed = Object.fromEntries(raw.split('\r\n\r\n')[0].split('\r\n').slice(1).map((line) => [line.split(': ')[0].toLowerCase(), line.slice(line.indexOf(': ') + 2)]));
  return {
    200: first,
    304: await get('/', { 'if-none-match': first.headers.etag }),
    script: await get('/assets/app-1.js'),
    'no such page': await get('/nothing.js'),
    405: await ask(at, 'POST', '/index.html', { body: '{}' }),
    api: await get('/api/me', bearer(ann.token)),
    'no token': await get('/api/me'),
    'no such route': await get('/api/nothing'),
    'too large': await ask(at, 'POST', '/api/auth/login', { body: JSON.stringify({ email: 'x'.repeat(70_000) }) }),
    'not JSON': await ask(at, 'POST', '/api/auth/login', { body: 'x=1', headers: { 'content-type': 'text/plain' } }),
    preflight: await ask(at, 'OPTIONS', '/api/me', { headers: { origin: allowed } }),
    'foreign origin': await ask(at, 'POST', '/api/auth/login', { body: {}, headers: { origin: 'https://evil.example' } }),
    health: await get('/healthz'),
    keys: await get('/.well-known/jwks.json'),
    handshake: await get('/socket.io/?EIO=4&transport=polling'),
    'bad handshake': await get('/socket.io/?EIO=9&transport=polling'),
    'foreign handshake': await get('/socket.io/?EIO=4&transport=polling', { origin: 'https://evil.example' }),
    101: await get('/socket.io/?EIO=4&transport=websocket', upgrade),
    'refused upgrade': await get('/elsewhere', upgrade),
    malformed: { status: 400, headers: malformed },
    metrics: await ask(at, 'GET', '/metrics', { port: at.ready['rubricon.admin_port'] ?? at.ready.admin_port }),
    'no such admin page': await ask(at, 'GET', '/x', { port: at.ready['rubricon.admin_port'] ?? at.ready.admin_port }),
  };
}

test('S16: every answer, errors and handshakes included, tells browsers what not to do', { timeout: 60_000 }, async () => {
  for (const [at, allowed, https] of [[server, origin, true], [plain, plain.url, false]]) {
    const ann = await Device.register(at);
    for (const [what, { headers, status }] of Object.entries(await everyKind(at, ann, allowed))) {
      const policy = headers['content-security-policy'] ?? '';
      assert.match(policy, /default-src '(none|self)'/, `${what} (${status})`);
      assert.match(policy, /frame-ancestors 'none'/, what);
      assert.doesNotMatch(policy, /unsafe|\*/, what);
      assert.equal(headers['x-content-type-options'], 'nosniff', what);
      assert.match(headers['referrer-policy'], /^(same-origin|no-referrer)$/, what);
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin', what);
      assert.equal(headers['x-frame-options'], 'DENY', what);
      if (https) assert.match(headers['strict-transport-security'], /^max-age=31536000\b/, what);
      else assert.equal(headers['strict-transport-security'], undefined, what);
    }
  }
});

test('S35: X-Forwarded-For counts from configured proxies alone, and from its trusted end', { timeout: 90_000 }, async () => {
  const failing = async (at, forwarded) => (await ask(at, 'POST', '/api/auth/login', {
    body: { email: 'nobody@school.example', password: 'wrong password' },
    headers: forwarded ? { 'x-forwarded-for': forwarded } : {},
  })).status;
  const alone = await (await Server.create({ env: { RUBRICON_LOGIN_FAILURES: '2' } })).start();
  const behind = await (await Server.create({ env: { RUBRICON_LOGIN_FAILURES: '2' }, args: ['--trusted-proxies', '127.0.0.1,10.0.0.0/8'] })).start();
  try {
    assert.deepEqual([await failing(alone, '192.0.2.1'), await failing(alone, '192.0.2.2'), await failing(alone, '192.0.2.3')], [401, 401, 429],
      'nobody is trusted: three addresses that were only said are one');
    assert.deepEqual([await failing(behind, '192.0.2.1'), await failing(behind, '192.0.2.1')], [401, 401]);
    assert.equal(await failing(behind, '192.0.2.1'), 429, 'the proxy is believed');
    assert.equal(await failing(behind, '192.0.2.1, 10.0.0.7'), 429, 'through a second one, too');
    assert.equal(await failing(behind, '203.0.113.9, 192.0.2.1'), 429, 'what the client wrote before is not');
    assert.equal(await failing(behind, '192.0.2.2'), 401, 'somebody else is somebody else');
    const ips = behind.log.filter((each) => each['event.action'] === 'api.login_failed').map((each) => each['client.ip']);
    assert.deepEqual([...new Set(ips)].sort(), ['192.0.2.1', '192.0.2.2']);
  } finally {
    await Promise.all([alone.destroy(), behind.destroy()]);
  }
});

test('S37: metrics are on a listener of their own, which serves neither page nor API', { timeout: 60_000 }, async () => {
  const port = server.ready['rubricon.admin_port'] ?? server.ready.admin_port;
  for (const path_ of ['/metrics', '/metrics/', '/debug', '/debug/pprof', '/admin', '/status', '/api/admin', '/actuator', '/server-status']) {
    const answer = await ask(server, 'GET', path_);
    assert.equal(answer.status, 404, path_);
    assert.doesNotMatch(answer.text, /rubricon_net_/);
  }
  const metrics = await ask(server, 'GET', '/metrics', { port });
  assert.equal(metrics.status, 200);
  assert.match(metrics.text, /rubricon_net_connections/);
  for (const path_ of ['/', '/api/me', '/api/chat', '/socket.io/?EIO=4&transport=polling', '/index.html']) {
    assert.equal((await ask(server, 'GET', path_, { port })).status, 404, path_);
  }
  assert.equal((await ask(server, 'GET', '/socket.io/?EIO=4&transport=websocket', { port, headers: upgrade })).status, 404);
  const { stdout } = server.command('config');
  assert.match(stdout, /admin_listen .*"127\.0\.0\.1:9464"/, 'and on loopback unless somebody chose otherwise');
});
