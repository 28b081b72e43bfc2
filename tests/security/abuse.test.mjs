// S12, S32, S33, S38: how much one may ask for, what one may not set, how passwords are guessed, and
// what happens where the server does not know. On the real binary.
import assert from 'node:assert/strict';
import { chmodSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { metric } from '../support/crowd.mjs';
import { ask, bearer } from '../support/http.mjs';
import { Server } from '../support/server.mjs';
import { parts } from '../support/tokens.mjs';

let server;
before(async () => (server = await (await Server.create()).start()));
after(() => server.destroy());

/** Answers 429 as the contract says: a problem document and when to come back. */
function isThrottled(answer, what) {
  assert.equal(answer.status, 429, what);
  assert.equal(answer.body.code, 'rate_limited', what);
  assert.ok(Number(answer.headers['retry-after']) >= 1, what);
}

const statusesOf = async (times, once) => {
  const answers = await Promise.all(Array.from({ length: times }, once));
  return { passed: answers.filter((each) => each.status < 300), refused: answers.filter((each) => each.status === 429), answers };
};

test('S12: so many requests of a user, of an address, so many messages; more are told when to come back', { timeout: 60_000 }, async () => {
  const env = { RUBRICON_USER_REQUESTS_PER_SECOND: '10', RUBRICON_USER_MESSAGES_PER_SECOND: '2', RUBRICON_ADDRESS_REQUESTS_PER_SECOND: '40' };
  const own = await (await Server.create({ env })).start();
  try {
    const [ann, bob] = [await Device.register(own), await Device.register(own)];
    const chatId = await bob.createChat();
    const reads = await statusesOf(60, () => ask(own, 'GET', '/api/me', { headers: bearer(ann.token) }));
    assert.ok(reads.passed.length >= 20 && reads.refused.length >= 1, `${reads.passed.length} and ${reads.refused.length}`);
    for (const each of reads.refused) isThrottled(each, 'requests');
    assert.equal((await ask(own, 'GET', '/api/me', { headers: bearer(bob.token) })).status, 200, 'not somebody else');

    const posts = await statusesOf(12, () => ask(own, 'POST', '/api/chat/messages', { body: { chatId, content: 'x' }, headers: bearer(bob.token) }));
    assert.ok(posts.passed.length >= 4 && posts.refused.length >= 1);
    for (const each of posts.refused) isThrottled(each, 'messages');

    const nobody = await statusesOf(200, () => ask(own, 'GET', '/api/me', { headers: bearer('garbage'), from: '127.0.0.7' }));
    assert.ok(nobody.refused.length >= 1, 'whoever has no name has an address');
    for (const each of nobody.refused) isThrottled(each, 'address');
    assert.equal((await ask(own, 'GET', '/healthz', { from: '127.0.0.7' })).status, 200, 'whoever watches over us gets through');
    assert.equal((await ask(own, 'GET', '/api/me', { headers: bearer('garbage'), from: '127.0.0.8' })).status, 401, 'another address does');
  } finally {
    await own.destroy();
  }
});

test('S12: so many accounts and sign-ins of an address', { timeout: 120_000 }, async () => {
  const from = '127.0.0.9';
  const sign = () => ask(server, 'POST', '/api/auth/refresh', { body: {}, from });
  const { answers, refused } = await statusesOf(200, sign);
  assert.ok(answers.filter((each) => each.status === 401).length >= 100);
  assert.ok(refused.length >= 1, 'some are refused');
  for (const each of refused) isThrottled(each, 'auth');
  assert.equal((await ask(server, 'POST', '/api/auth/refresh', { body: {}, from: '127.0.0.10' })).status, 401);
});

test('S32: role, author, number and owner cannot be set by saying so', { timeout: 60_000 }, async () => {
  await Device.register(server, 'First'); // the administrator
  const account = { email: 'mass@school.example', password: 'correct horse battery', name: 'Mass' };
  const refused = async (method, path_, body, token) => {
    const answer = await ask(server, method, path_, { body, headers: { ...(token ? bearer(token) : {}), 'if-match': '"1"' } });
    assert.ok(answer.status === 400 && answer.body.code === 'unknown_field', `${method} ${path_} ${JSON.stringify(body)}: ${answer.status} ${answer.text}`);
  };
  for (const extra of [{ role: 'admin' }, { id: '0199e2a4-3c1e-7a10-8f00-000000000001' }, { isAdmin: true }, { __proto__x: 1 }]) {
    await refused('POST', '/api/auth/register', { ...account, ...extra });
  }
  const device = await Device.register(server, 'Mass');
  const chatId = await device.createChat();
  const { body: { id } } = await device.post(chatId, 'mine');
  for (const extra of [{ role: 'admin' }, { email: 'x@y.example' }, { id: 'x' }, { password: 'x' }]) {
    await refused('PATCH', '/api/me', { name: 'x', ...extra }, device.token);
  }
  for (const extra of [{ role: 'AI' }, { userId: device.user.id }, { seq: 1 }, { epoch: 9 }, { time: '2020-01-01T00:00:00.000Z' }, { meta: {} }, { id }]) {
    await refused('POST', '/api/chat/messages', { chatId, content: 'x', ...extra }, device.token);
  }
  for (const extra of [{ userId: device.user.id }, { epoch: 2 }, { members: [] }, { id: chatId }]) {
    await refused('POST', '/api/chat', { title: 'x', ...extra }, device.token);
    await refused('PATCH', `/api/chat/${chatId}`, { title: 'x', ...extra }, device.token);
  }
  await refused('PATCH', `/api/chat/${chatId}/messages/${id}`, { content: 'x', seq: 1 }, device.token);
  const { body } = await device.rest('GET', '/api/me');
  assert.equal(body.role, 'teacher');
});

/** 60 and 40 of `total`, with whatever `said` adds to the first criterion, to its first cell and to the whole. */
function rubric({ criterion = {}, cell = {}, whole = {} } = {}) {
  const row = (id, weight, more, first) => ({ id, name: { en: id }, weight, cells: [{ levelId: 'best', ...first }, { levelId: 'worst' }], ...more });
  return {
    title: { en: 'Essay' }, language: 'en', kind: 'analytic', assignmentType: null, grade: 8, gradeBand: 'junior_high', total: 100,
    levels: [{ id: 'best', name: { en: 'Best' } }, { id: 'worst', name: { en: 'Worst' } }],
    criteria: [row('thesis', 60, criterion, cell), row('style', 40)], ...whole,
  };
}

test('S32: points are computed, whatever a rubric says of them; bad ones change nothing', { timeout: 60_000 }, async () => {
  const device = await Device.register(server, 'Pointed');
  const chatId = await device.createChat();
  const where = `/api/chat/${chatId}/rubric`;
  let version = 0;
  const put = (body) => device.rest('PUT', where, body, { 'if-match': `"${version}"` });
  const points = (answer) => answer.body.rubric.criteria.map((each) => [each.points, ...each.cells.map((cell) => cell.points)]);
  const stored = async (body, expected, what) => {
    const answer = await put(body);
    assert.equal(answer.status, 200, what);
    version += 1;
    assert.deepEqual(points(answer), expected, what);
    assert.deepEqual(points(await device.rest('GET', where)), expected, `${what}, as it is stored`);
  };
  const computed = [[60, 60, 0], [40, 40, 0]];
  await stored(rubric(), computed, 'no points');
  for (const said of [-1, -1e308, 0, 61, 0.001, 1e308, 9_007_199_254_740_993, -0]) {
    await stored(rubric({ criterion: { points: said } }), computed, `a criterion of ${said} points`);
    await stored(rubric({ cell: { points: said } }), computed, `a cell of ${said} points`);
  }
  await stored(rubric({ criterion: { points: 70 }, cell: { points: 90 } }), computed, 'a sum that does not fit the total, nor a cell its row');
  await stored(rubric({ whole: { total: 50 }, criterion: { points: 60 } }), [[30, 30, 0], [20, 20, 0]], 'another total');

  const { headers, body: before_ } = await device.rest('GET', where);
  const refused = async (body, statuses, what) => {
    const answer = await put(body);
    assert.ok(statuses.includes(answer.status), `${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
    const now = await device.rest('GET', where);
    assert.deepEqual([now.headers.get('etag'), now.body], [headers.get('etag'), before_], `${what} changed something`);
  };
  for (const bad of ['60', '', 'NaN', null, true, [60], { value: 60 }]) {
    const text = JSON.stringify(bad);
    await refused(rubric({ criterion: { points: bad } }), [400], `a criterion of ${text} points`);
    await refused(rubric({ cell: { points: bad } }), [400], `a cell of ${text} points`);
    await refused(rubric({ criterion: { weight: bad } }), [400], `a weight of ${text}`);
    await refused(rubric({ whole: { total: bad } }), [400], `a total of ${text}`);
  }
  for (const bad of [-1, -0.01, -1e308, 1e308, 100.01, 9_007_199_254_740_993]) {
    await refused(rubric({ criterion: { weight: bad } }), [422], `a weight of ${bad}`);
  }
  for (const bad of [-1, 0, -1e308, 1e308, 10_000.01]) await refused(rubric({ whole: { total: bad } }), [422], `a total of ${bad}`);
  // What JSON cannot say, and some writers of JSON say all the same.
  for (const bad of ['NaN', 'Infinity', '-Infinity', '0x3c', '+60', '060', '60.', '.6']) {
    for (const at of [rubric({ criterion: { points: 77 } }), rubric({ criterion: { weight: 77 } }), rubric({ whole: { total: 77 } })]) {
      await refused(JSON.stringify(at).replace(':77', `:${bad}`), [400], bad);
    }
  }
  for (const bad of ['1e999', '-1e999']) { // no finite number
    await refused(JSON.stringify(rubric({ criterion: { weight: 77 } })).replace(':77', `:${bad}`), [400, 422], `a weight of ${bad}`);
    await refused(JSON.stringify(rubric({ whole: { total: 77 } })).replace(':77', `:${bad}`), [400, 422], `a total of ${bad}`);
  }
});

test('S33: guessing is throttled for account and address, and nobody is locked out', { timeout: 120_000 }, async () => {
  const own = await (await Server.create({ env: { RUBRICON_LOGIN_FAILURES: '4' } })).start();
  try {
    const { account: { email, password } } = await Device.register(own);
    const login = (from, secret = password) => ask(own, 'POST', '/api/auth/login', { body: { email, password: secret }, from });
    for (let n = 0; n < 4; n += 1) assert.equal((await login('127.0.0.2', `guess ${n} of many`)).status, 401);
    isThrottled(await login('127.0.0.2', 'guess 5 of many'), 'one address');
    isThrottled(await login('127.0.0.2'), 'also with the right one, or it would tell');
    assert.equal((await login('127.0.0.3')).status, 200, 'its owner is elsewhere, and gets in');
    const atOnce = await Promise.all(Array.from({ length: 24 }, (_, n) => login('127.0.0.4', `guess ${n} at once`)));
    assert.ok(atOnce.filter(({ status }) => status === 401).length <= 4, 'many at once are no more than one after another');
    // From everywhere: forty failures of the account in all, then each network has one guess.
    let refused = 0;
    for (let n = 4; n < 24; n += 1) {
      for (let guess = 0; guess < 3; guess += 1) refused += (await login(`127.0.1.${n}`, `guess ${guess} from ${n}`)).status === 429 ? 1 : 0;
    }
    assert.ok(refused >= 10, `${refused} refused`);
    assert.equal((await login('127.0.2.1')).status, 200, 'and still its owner gets in, from a network that has not failed');
    assert.ok(own.log.some((each) => each['event.action'] === 'api.login_failed'), 'failures are logged');
    assert.ok(own.log.some((each) => each['event.action'] === 'api.login_throttled'));
  } finally {
    await own.destroy();
  }
});

test('S33: an unknown address and a wrong password look the same and are the same work', { timeout: 120_000 }, async () => {
  const { account: { email } } = await Device.register(server);
  // All that takes long is argon2id; counted is each run of it at full cost.
  const hashes = () => metric(server, 'rubricon_crypto_password_hashes_total');
  const attempt = async (address) => {
    const before_ = await hashes();
    const answer = await ask(server, 'POST', '/api/auth/login', { body: { email: address, password: 'wrong password' }, from: '127.0.3.1' });
    const { traceId, ...body } = answer.body;
    assert.match(traceId, /^[0-9a-f]{32}$/);
    assert.equal((await hashes()) - before_, 1, `the password hashed once for ${address === email ? 'a known' : 'an unknown'} address`);
    return JSON.stringify([answer.status, body, Object.keys(answer.headers).sort()]);
  };
  const looks = [];
  for (let n = 0; n < 3; n += 1) looks.push(await attempt(email), await attempt(`nobody${n}@school.example`));
  assert.equal(new Set(looks).size, 1);
});

test('S38: who was signed out stays out over kill -9, from the first answer on', { timeout: 120_000 }, async () => {
  const own = await (await Server.create()).start();
  try {
    const owner = await Device.register(own);
    const ended = await owner.another();
    assert.equal((await owner.rest('DELETE', `/api/me/sessions/${parts(ended.token).claims.sid}`)).status, 204);
    const staysOut = async (when) => {
      await own.kill();
      let ready = false;
      const starting = own.start().then(() => (ready = true));
      const seen = new Set();
      for (let more = 5; more > 0; more -= ready ? 1 : 0) {
        const answer = await ask(own, 'GET', '/api/me', { headers: bearer(ended.token) }).catch(() => undefined);
        if (answer) seen.add(answer.status);
      }
      await starting;
      assert.ok([...seen].every((status) => [401, 503].includes(status)), `${when}, seen was ${[...seen]}`);
      assert.ok(seen.has(401), `${when}, seen was ${[...seen]}`);
      assert.equal((await owner.rest('GET', '/api/me')).status, 200);
    };
    await staysOut('killed at once');
    // What comes after an event that was heard is in a later batch: after two, nothing of the sign-out is left to be said.
    const chatId = await owner.createChat('', { ai: 'off' });
    await owner.connect();
    await owner.join(chatId);
    for (const content of ['one', 'two']) {
      await owner.post(chatId, content);
      await owner.until(() => owner.messages(chatId).some((each) => each.content === content));
    }
    owner.close();
    await staysOut('known to the store alone');
  } finally {
    await own.destroy();
  }
});

test('S38: keys that others may read, or that are none, are refused instead of replaced', { timeout: 120_000 }, async () => {
  const own = await (await Server.create()).start();
  const device = await Device.register(own);
  await own.stop();
  const key = path.join(own.data, 'keys/current.pem');
  chmodSync(key, 0o644);
  await assert.rejects(own.start(), /chmod 600/);
  chmodSync(key, 0o600);
  renameSync(key, `${key}.aside`);
  writeFileSync(key, 'not a key', { mode: 0o600 });
  await assert.rejects(own.start(), /P-256/);
  renameSync(`${key}.aside`, key);
  await own.start();
  // While it runs, keys that cannot be read change nothing: neither is everybody let in nor anybody out.
  renameSync(key, `${key}.aside`);
  writeFileSync(key, 'not a key', { mode: 0o600 });
  while (!own.log.some((each) => each['event.action'] === 'app.keys_unreadable')) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal((await ask(own, 'GET', '/api/me', { headers: bearer(device.token) })).status, 200);
  assert.equal((await ask(own, 'GET', '/api/me', { headers: bearer('x.y.z') })).status, 401);
  renameSync(`${key}.aside`, key);
  assert.ok(readdirSync(path.join(own.data, 'keys')).length >= 2);
  await own.destroy();
});
