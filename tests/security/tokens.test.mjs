// S1 to S6, S11: tokens and sessions, on the real binary.
// tests: src/app/keys_rotate.cpp src/app/user_admin.cpp src/app/running_server.cpp
import assert from 'node:assert/strict';
import { createHash, createHmac, createPublicKey } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { Device } from '../support/client.mjs';
import { ask, bearer, cookies } from '../support/http.mjs';
import { Server } from '../support/server.mjs';
import { altered, foreignKey, parts, serverKey, shortened, signed } from '../support/tokens.mjs';

let server;
before(async () => {
  server = await (await Server.create()).start();
  await Device.register(server, 'First'); // the administrator; everybody else is a teacher
});
after(() => server.destroy());

const whoAmI = (token, at = server) => ask(at, 'GET', '/api/me', { headers: bearer(token) });

/** What the handshake of a socket with `token` is answered: 'connected' or an error's code. */
function handshake(token, at = server) {
  const socket = io(at.url, { auth: { token }, forceNew: true, reconnection: false, transports: ['websocket'] });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('connected'));
    socket.once('connect_error', (error) => resolve(error.data?.code ?? error.message));
  }).finally(() => socket.disconnect());
}

async function refusedEverywhere(token, what, code = 'unauthenticated') {
  const answer = await whoAmI(token);
  assert.equal(answer.status, 401, what);
  assert.equal(answer.body.code, code, what);
  assert.equal(await handshake(token), code, what);
}

/** Resolves with the seconds until the socket is closed by the server, or with Infinity after five. */
function closing(device) {
  const begun = performance.now();
  const closed = new Promise((resolve) => device.socket.once('disconnect', () => resolve((performance.now() - begun) / 1000)));
  return Promise.race([closed, wait(5_000, Infinity)]);
}

test('S1: a token chooses no algorithm and no key, and foreign keys do not count', { timeout: 60_000 }, async () => {
  const { token } = await Device.register(server);
  assert.equal((await whoAmI(token)).status, 200);
  assert.equal((await whoAmI(altered(server, token, {}))).status, 200, 'what the test signs itself is as good');
  const { header, claims } = parts(token);
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = (head) => `${encode(head)}.${encode(claims)}.`;
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) await refusedEverywhere(unsigned({ ...header, alg }), `alg ${alg}`);
  const publicPem = createPublicKey(serverKey(server)).export({ type: 'spki', format: 'pem' });
  const hashed = `${encode({ ...header, alg: 'HS256' })}.${encode(claims)}`;
  await refusedEverywhere(`${hashed}.${createHmac('sha256', publicPem).update(hashed).digest('base64url')}`, 'the public key as an HMAC secret');
  for (const alg of ['HS256', 'RS256', 'ES384', 'EdDSA']) await refusedEverywhere(altered(server, token, { header: { alg } }), alg);
  const jwk = createPublicKey(serverKey(server)).export({ format: 'jwk' });
  for (const extra of [{ jku: `${server.url}/keys` }, { x5u: `${server.url}/x` }, { jwk }, { x5c: ['MIIB'] }, { crit: ['exp'] }]) {
    await refusedEverywhere(altered(server, token, { header: extra }), `header ${Object.keys(extra)}`);
  }
  const foreign = foreignKey();
  await refusedEverywhere(signed(header, claims, foreign), 'our kid, a foreign key');
  await refusedEverywhere(signed({ ...header, kid: 'other' }, claims, serverKey(server)), 'an unknown kid');
  await refusedEverywhere(signed({ ...header, kid: '../../keys/current.pem' }, claims, foreign), 'a path as kid');
  const { kid: _, ...nameless } = header;
  await refusedEverywhere(signed(nameless, claims, serverKey(server)), 'no kid');
});

test('S2: exp, nbf, iss, aud, typ are looked at, and no other kind of token is an access token', { timeout: 60_000 }, async () => {
  const device = await Device.register(server);
  const now = Math.floor(Date.now() / 1000);
  const { claims } = parts(device.token);
  assert.ok(claims.exp - claims.iat <= 15 * 60, 'fifteen minutes at most');
  await refusedEverywhere(shortened(server, device.token, 0), 'expired', 'token_expired');
  for (const changed of [{ nbf: now + 3_600 }, { iat: now + 3_600 }, { exp: now + 24 * 3_600 }, { iss: 'somebody' }, { aud: 'uploads' },
    { aud: ['rubricon'] }, { sub: 'root' }, { exp: `${claims.exp}` }, { exp: 1e300 }, { exp: undefined }, { nbf: undefined }, { sid: undefined }]) {
    await refusedEverywhere(altered(server, device.token, { claims: changed }), JSON.stringify(changed));
  }
  for (const typ of ['JWT', 'rt+jwt', undefined]) await refusedEverywhere(altered(server, device.token, { header: { typ } }), `typ ${typ}`);
  const { email, password } = device.account;
  const refresh = cookies(await ask(server, 'POST', '/api/auth/login', { body: { email, password } })).split('=')[1];
  await refusedEverywhere(refresh, 'a refresh token');
  const swapped = await ask(server, 'POST', '/api/auth/refresh', { body: {}, headers: { cookie: `rubricon-refresh=${device.token}`, host: 'localhost' } });
  assert.equal(swapped.status, 401, 'nor is an access token a refresh token');
});

test('S3: keys rotate while the server runs, the old one counts for the overlap and no longer', { timeout: 90_000 }, async () => {
  const own = await (await Server.create()).start();
  try {
    const device = await Device.register(own);
    const kids = async () => (await ask(own, 'GET', '/.well-known/jwks.json')).body.keys.map((key) => key.kid);
    const old = parts(device.token).header.kid;
    assert.deepEqual(await kids(), [old]);
    const overlap = 16;
    const rotated = own.command('keys', 'rotate', '--overlap', `${overlap}`);
    assert.equal(rotated.status, 0, rotated.stderr);
    const over = performance.now() + overlap * 1_000;
    while ((await kids()).length < 2) await wait(50);
    const [kid] = await kids();
    assert.notEqual(kid, old);
    // Published first, so that every process knows it; then it signs.
    const soon = (await device.another()).token;
    assert.equal(parts(soon).header.kid, old);
    let fresh = soon;
    while (parts(fresh).header.kid === old) {
      await wait(500);
      fresh = (await device.another()).token;
    }
    assert.equal(parts(fresh).header.kid, kid);
    assert.deepEqual(await kids(), [kid, old]);
    assert.match(rotated.stdout, new RegExp(`${kid}[^]*${old}`));
    const [before, now] = [await whoAmI(device.token, own), await whoAmI(fresh, own)];
    assert.ok(performance.now() < over, 'asked while both count');
    assert.deepEqual([before.status, now.status], [200, 200]);
    assert.equal(await handshake(fresh, own), 'connected');
    while ((await kids()).length > 1) await wait(200);
    assert.equal((await whoAmI(device.token, own)).status, 401, 'remembered from before, it is refused all the same');
    assert.notEqual(await handshake(device.token, own), 'connected');
    assert.equal((await whoAmI(fresh, own)).status, 200);
    await own.stop();
    await own.start();
    assert.deepEqual(await kids(), [kid], 'and so it stays');
  } finally {
    await own.destroy();
  }
});

test('S4: a refresh token is used once, kept as a hash, and its reuse ends the session for thief and owner', { timeout: 90_000 }, async (context) => {
  const own = await (await Server.create()).start();
  try {
    const { account: { email, password } } = await Device.register(own);
    const first = await ask(own, 'POST', '/api/auth/login', { body: { email, password } });
    const refresh = (cookie) => ask(own, 'POST', '/api/auth/refresh', { body: {}, headers: { cookie } });
    const stolen = cookies(first);
    const secret = stolen.split('=')[1];
    assert.equal(Buffer.from(secret, 'base64url').length, 32, '256 bits');
    const [lost, again] = [await refresh(stolen), await refresh(stolen)];
    assert.equal(cookies(lost), cookies(again), 'a lost reply is repeated');
    assert.notEqual(cookies(lost), stolen);
    const newest = await refresh(cookies(lost));
    assert.equal(newest.status, 200);
    const stored = Buffer.concat(['rubricon.db', 'rubricon.db-wal'].map((name) => readFileSync(path.join(own.data, name))));
    assert.ok(!stored.includes(secret) && !stored.includes(Buffer.from(secret, 'base64url')), 'not on the disk');
    const hashes = [secret, Buffer.from(secret, 'base64url')].map((form) => createHash('sha256').update(form).digest());
    assert.ok(hashes.some((hash) => stored.includes(hash)), 'but its hash is');
    await wait(10_500); // the grace for lost replies
    const reused = await refresh(stolen);
    assert.deepEqual([reused.status, reused.body.code], [401, 'refresh_reused']);
    assert.equal((await refresh(cookies(newest))).body.code, 'refresh_invalid', 'the owner has to sign in, too');
    const ended = performance.now();
    while ((await whoAmI(newest.body.accessToken, own)).status !== 401) {
      assert.ok(performance.now() - ended < 2_000, 'and the access tokens are over, as with every session that ends'); // S5
    }
    context.diagnostic(`over after ${Math.round(performance.now() - ended)} ms`);
  } finally {
    await own.destroy();
  }
});

test('S5: signing out, ending a session, a new password and disabling the account close tokens and sockets within 2 s', { timeout: 120_000 }, async () => {
  const owner = await Device.register(server);
  const away = async (what, end) => {
    const device = await owner.another();
    await device.connect();
    const closed = closing(device);
    await end(device);
    const seconds = await closed;
    assert.ok(seconds < 2, `${what}: closed after ${seconds} s`);
    assert.equal((await whoAmI(device.token)).body.code, 'session_revoked', what);
    assert.equal(await handshake(device.token), 'session_revoked', what);
    device.close();
  };
  await owner.connect();
  await away('logout', async (device) => assert.equal((await device.rest('POST', '/api/auth/logout', {})).status, 204));
  await away('ended from another device', async (device) => {
    const { body: { sessions } } = await owner.rest('GET', '/api/me/sessions');
    const { sid } = parts(device.token).claims;
    assert.deepEqual(sessions.filter((each) => each.current).map((each) => each.id), [parts(owner.token).claims.sid]);
    assert.ok(sessions.some((each) => each.id === sid));
    assert.equal((await owner.rest('DELETE', `/api/me/sessions/${sid}`)).status, 204);
  });
  await away('a new password', async () => {
    const { password } = owner.account;
    owner.account.password = 'something else entirely';
    const change = { password, newPassword: owner.account.password };
    assert.equal((await owner.rest('PUT', '/api/me/password', change)).status, 204);
  });
  assert.equal(owner.socket.connected, true, 'the session that did it goes on');
  assert.equal((await whoAmI(owner.token)).status, 200);
  const user = (...command) => server.command('user', ...command, '--admin-listen', `127.0.0.1:${server.ready['rubricon.admin_port']}`);
  await away('a disabled account', async () => {
    const { status, stdout, stderr } = user('disable', owner.account.email);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /is disabled; [2-9] sessions were ended/);
  });
  const signIn = () => owner.rest('POST', '/api/auth/login', { email: owner.account.email, password: owner.account.password });
  assert.deepEqual([(await signIn()).status, (await signIn()).body.code], [403, 'account_disabled']);
  assert.match(user('list').stdout, new RegExp(`^${owner.account.email}\t.*\tteacher\tdisabled$`, 'm'));
  assert.equal(user('enable', owner.account.email).status, 0);
  assert.equal((await signIn()).status, 200);
  assert.deepEqual([user('disable', 'nobody@school.tw').status, user('disable', 'x').status], [1, 2]);
  owner.close();
});

test('S6: nobody is who they say, in a body, a query, a header or an event', { timeout: 60_000 }, async () => {
  const [ann, mallory] = [await Device.register(server), await Device.register(server)];
  const chatId = await mallory.createChat();
  const me = await ask(server, 'GET', `/api/me?userId=${ann.user.id}`, { headers: { ...bearer(mallory.token), 'x-user-id': ann.user.id, 'x-api-key': 'admin' } });
  assert.equal(me.body.id, mallory.user.id);
  for (const headers of [{ 'x-user-id': ann.user.id }, { 'x-api-key': 'rubricon' }, { authorization: `Basic ${btoa('ann:ann')}` }, { cookie: `token=${ann.token}` }]) {
    assert.equal((await ask(server, 'GET', '/api/me', { headers })).status, 401, JSON.stringify(headers));
  }
  const posted = await mallory.rest('POST', '/api/chat/messages', { chatId, content: 'x', userId: ann.user.id });
  assert.deepEqual([posted.status, posted.body.code], [400, 'unknown_field']);
  await mallory.connect();
  for (const named of [ann.user.id, { userId: ann.user.id }, { userId: ann.user.id, epoch: 1, after: 0 }]) {
    assert.equal((await mallory.socket.emitWithAck('join-user', named)).error?.code, 'forbidden', `join-user ${JSON.stringify(named)}`);
  }
  assert.equal((await mallory.socket.emitWithAck('send-msg', { chatId, content: 'x', userId: ann.user.id })).error?.code, 'forbidden');
  assert.equal((await mallory.socket.emitWithAck('auth', { token: ann.token })).error?.code, 'forbidden');
  const sent = await mallory.socket.emitWithAck('send-msg', { chatId, content: 'x' });
  assert.equal(sent.ok, true);
  const { body: { msgs } } = await mallory.rest('GET', `/api/chat/${chatId}/messages`);
  assert.equal(msgs[0].userId, mallory.user.id);
  mallory.close();
});

test('S11: a token counts in no URL, and is in none', { timeout: 60_000 }, async () => {
  const { token } = await Device.register(server);
  for (const name of ['token', 'access_token', 'auth', 'authorization', 'jwt']) {
    const byQuery = await ask(server, 'GET', `/api/me?${name}=${token}`);
    assert.equal(byQuery.status, 401, name);
    const socket = io(server.url, { query: { [name]: token }, forceNew: true, reconnection: false, transports: ['websocket'] });
    const error = await new Promise((resolve) => socket.once('connect_error', resolve));
    assert.equal(error.data?.code, 'unauthenticated', name);
    socket.disconnect();
  }
  assert.ok(!JSON.stringify(server.log).includes(token) && !server.stderr().includes(token), 'nor in the log');
  const page = path.resolve(import.meta.dirname, '../../client/src');
  const sources = readdirSync(page, { recursive: true }).filter((name) => /(?<!\.test)\.tsx?$/.test(name));
  assert.ok(sources.length > 20);
  for (const name of sources) assert.doesNotMatch(readFileSync(path.join(page, name), 'utf8'), /[?&](access_)?token=/, name);
});
