// S36: what people write, what they are called, and whatever opens a door is in no log.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { io } from 'socket.io-client';
import { Device } from '../support/client.mjs';
import { ask, bearer, cookies, exchangeBytes } from '../support/http.mjs';
import { Server } from '../support/server.mjs';

const marker = (what) => `MARK-${what}-7f3a91`;

/** A whole day of a school, with a marker in each thing that somebody wrote. */
async function scenario(server, secrets) {
  const account = { email: `${marker('address')}@school.example`.toLowerCase(), password: marker('password'), name: marker('name') };
  const registered = await ask(server, 'POST', '/api/auth/register', { body: account });
  assert.equal(registered.status, 201);
  secrets.push(account.email);
  const device = new Device(server, account);
  device.adopt(registered.body);
  const cookie = cookies(registered);
  const refreshed = await ask(server, 'POST', '/api/auth/refresh', { body: {}, headers: { cookie } });
  secrets.push(device.token, cookie.split('=')[1], cookies(refreshed).split('=')[1], refreshed.body.accessToken);
  await device.connect();
  secrets.push(device.socket.id); // known only while connected
  const chatId = await device.createChat(marker('title'), { subject: marker('context') });
  await device.join(chatId);
  const { body: { id } } = await device.post(chatId, `請為八年級的議論文設計評分規準，5 個等級，總分 100 ${marker('message')}`, marker('client-id'));
  await device.until(() => device.messages(chatId).length === 2);
  secrets.push(device.messages(chatId)[1].content.slice(0, 40)); // what the assistant wrote
  await device.socket.emitWithAck('send-msg', { chatId, content: marker('by-socket') });
  await device.rest('PATCH', `/api/chat/${chatId}/messages/${id}`, { content: marker('edited') });
  const { body } = await device.rest('GET', `/api/chat/${chatId}/rubric`);
  await device.rest('PUT', `/api/chat/${chatId}/rubric`, { ...body.rubric, title: marker('rubric') }, { 'if-match': `"${body.version}"` });
  await device.rest('GET', `/api/chat?q=${marker('search')}`);

  // And all that goes wrong.
  await ask(server, 'POST', '/api/auth/login', { body: { email: account.email, password: marker('wrong-password') } });
  await ask(server, 'POST', '/api/auth/login', { body: `{"email": "${marker('broken-json')}` });
  await ask(server, 'GET', `/api/${marker('path')}?token=${marker('query-token')}`, { headers: { ...bearer(marker('bearer')), cookie: `rubricon-refresh=${marker('cookie')}` } });
  await ask(server, 'POST', '/api/chat/messages', { body: { chatId, content: 'x', [marker('field')]: marker('value') }, headers: bearer(device.token) });
  await ask(server, 'GET', `/${marker('page')}`, { headers: { 'user-agent': marker('agent'), referer: `https://x/${marker('referer')}` } });
  await ask(server, 'GET', `/socket.io/?EIO=4&transport=polling&token=${marker('socket-query')}&sid=${marker('sid')}`);
  await exchangeBytes(server, `GET /${marker('raw')} HTTP/1.1\r\nHost: a\r\nBad ${marker('header')}: x\r\n\r\n`);
  const refused = io(server.url, { auth: { token: marker('handshake') }, forceNew: true, reconnection: false, transports: ['websocket'] });
  await new Promise((resolve) => refused.once('connect_error', resolve));
  for (const [event, value] of [['join-chat', marker('event')], [marker('event-name'), 1], ['auth', { token: marker('renewal') }], ['send-msg', { chatId: marker('chat'), content: marker('lost') }]]) {
    await device.socket.emitWithAck(event, value);
  }
  device.socket.emit('join-chat', marker('too-large').repeat(600));
  await new Promise((resolve) => device.socket.once('disconnect', resolve));
  await adminDoors(server, account, secrets);
  await device.rest('PUT', '/api/me/password', { password: account.password, newPassword: marker('new-password') });
  device.close();
}

/** The Admin UI's way in and back, a connection that is recovered, and the operators' listener, with good and bad secrets. */
async function adminDoors(server, account, secrets) {
  const enter = (auth) => io(`${server.url}/admin`, { auth, forceNew: true, reconnection: false, transports: ['websocket'] });
  const ui = enter({ username: account.email, password: account.password }); // of the first account, an administrator
  const sessionId = await new Promise((resolve) => ui.once('session', resolve));
  ui.disconnect();
  const again = enter({ sessionId });
  await once(again, 'config');
  again.disconnect();
  secrets.push(sessionId);
  for (const auth of [{ username: marker('ui-user'), password: marker('ui-password') }, { sessionId: marker('ui-session') }, { token: marker('ui-token') }]) {
    const [error] = await once(enter(auth), 'connect_error');
    assert.equal(error.message, 'invalid credentials');
  }

  const device = await new Device(server, account).another();
  const open = (auth) => io(server.url, { auth: { token: device.token, ...auth }, forceNew: true, reconnection: false, transports: ['websocket'] });
  const first = open({});
  await once(first, 'connect');
  const chatId = await device.createChat('', { ai: 'off' });
  await first.emitWithAck('join-chat', { chatId, epoch: 1, after: 0 });
  const heard = once(first, 'new-msg');
  await device.post(chatId, 'x');
  await heard;
  const { _pid: pid, _lastOffset: offset } = first;
  assert.ok(pid?.length > 8 && offset?.length > 8, 'the client could be recovered');
  secrets.push(pid, offset);
  first.io.engine.close();
  for (const auth of [{ pid, offset }, { pid: marker('pid'), offset: marker('offset') }]) {
    const back = open(auth);
    await once(back, 'connect');
    back.disconnect();
  }

  const [, port] = /admin_port\W+(\d+)/.exec(server.lines.find((line) => line.includes('app.ready'))); // in either style
  const listed = server.command('user', 'list', '--admin-listen', `127.0.0.1:${port}`); // sealed, and let in
  assert.equal(listed.status, 0, listed.stderr);
  for (const authorization of [`Rubricon-Operator ${Date.now()}:${marker('seal')}`, `Rubricon-Operator ${marker('time')}:${'0'.repeat(64)}`, `Rubricon-Operator ${Date.now()}:${'7f3a91'.repeat(10)}0000`]) {
    const answer = await ask(server, 'POST', `/admin/users/${marker('operation')}`, { port, body: { email: marker('operand') }, headers: { authorization } });
    assert.equal(answer.status, 401);
  }
}

for (const style of ['json', 'text']) {
  test(`S36: neither messages nor names nor secrets are in the log, which is ${style}`, { timeout: 120_000 }, async () => {
    const server = await Server.create({ env: { RUBRICON_LOG_LEVEL: 'debug' }, args: ['--admin-ui', 'on', ...(style === 'text' ? ['--log', 'text'] : [])] });
    await server.start();
    const secrets = [];
    await scenario(server, secrets);
    await server.stop();
    const logged = server.output() + server.stderr();
    assert.ok(logged.includes('api.login_failed') && logged.includes('api.request_refused'), 'failures are logged');
    assert.doesNotMatch(logged, /MARK-/i);
    assert.doesNotMatch(logged, /7f3a91/i);
    for (const secret of secrets.filter((each) => each.length > 8)) assert.ok(!logged.includes(secret), secret);
    await server.destroy();
  });
}

test('S36: each line of the log is one object, whatever a client sends', { timeout: 60_000 }, async () => {
  const server = await (await Server.create({ env: { RUBRICON_LOG_LEVEL: 'debug' }, args: ['--trusted-proxies', '127.0.0.1'] })).start();
  const injected = '1.2.3.4\\n{"event.action":"forged"}';
  await ask(server, 'POST', '/api/auth/login', { body: { email: 'a@b.example', password: 'wrong password' }, headers: { 'x-forwarded-for': injected, traceparent: '00-"},{"event.action":"forged"' } });
  await server.stop();
  const lines = server.output().trim().split('\n').map((line) => JSON.parse(line));
  assert.ok(lines.length > 2);
  assert.ok(lines.every((each) => each['@timestamp'] && each['event.action'] && each['event.action'] !== 'forged'));
  await server.destroy();
});

test('S36: a password that was given on the command line is in no list of processes, and in no log', { timeout: 60_000 }, async () => {
  const server = await (await Server.create({ args: ['--redis-url', `redis://me:${marker('password')}@127.0.0.1:1`] })).start();
  const line = await readFile(`/proc/${server.child.pid}/cmdline`, 'utf8');
  assert.match(line, /redis:\/\/me:\*+@127\.0\.0\.1:1/);
  assert.doesNotMatch(line, /MARK-/);
  await server.stop();
  assert.doesNotMatch(server.output() + server.stderr(), /MARK-/);
  await server.destroy({ audit: false }); // its database is no matter here
});
