// S7 to S10 and what S12 says of sockets, on the real binary.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { Device } from '../support/client.mjs';
import { ask, exchangeBytes, upgrade } from '../support/http.mjs';
import { Server } from '../support/server.mjs';
import { shortened } from '../support/tokens.mjs';

const origin = 'https://good.example';
let server;
before(async () => (server = await (await Server.create({ args: ['--public-origins', `${origin},http://localhost:9`] })).start()));
after(() => server.destroy());

const polling = '/socket.io/?EIO=4&transport=polling';
const websocket = '/socket.io/?EIO=4&transport=websocket';

/** A bare WebSocket that keeps what it hears; `closed` resolves with code and seconds. */
function dial(at = server, options = {}) {
  const socket = new WebSocket(`${at.url.replace('http', 'ws')}${websocket}`, { perMessageDeflate: true, ...options });
  socket.heard = [];
  const begun = performance.now();
  socket.closed = new Promise((resolve) => socket.once('close', (code) => resolve({ code, seconds: (performance.now() - begun) / 1000 })));
  socket.on('error', () => {});
  socket.on('message', (data) => {
    socket.heard.push(String(data));
    socket.emit('heard');
  });
  return socket;
}

async function until(socket, predicate) {
  while (!socket.heard.some(predicate)) await new Promise((resolve) => socket.once('heard', resolve));
}

/** A bare WebSocket that has joined `/` with `token`. */
async function admitted(token, at = server) {
  const socket = dial(at);
  await until(socket, (text) => text.startsWith('0{'));
  socket.send(`40${JSON.stringify({ token })}`);
  await until(socket, (text) => text.startsWith('40{'));
  return socket;
}

test('S7: an upgrade and a poll from any origin but ours are refused, to the letter', { timeout: 60_000 }, async () => {
  const foreign = ['null', 'https://evil.example', 'https://good.example.evil.example', 'https://evilgood.example', 'https://good.example:444',
    'http://good.example', 'https://good.example/', 'https://GOOD.example', 'https://sub.good.example', 'https://good.example@evil.example',
    'https://good.example https://evil.example', 'file://', 'http://localhost:90', 'http://localhost', `http://127.0.0.1:${server.port}`];
  for (const headers of foreign.map((each) => ({ origin: each }))) {
    const polled = await ask(server, 'GET', polling, { headers });
    assert.equal(polled.status, 403, `${headers.origin} by polling`);
    assert.equal(polled.headers['access-control-allow-origin'], undefined);
    const upgraded = await ask(server, 'GET', websocket, { headers: { ...headers, ...upgrade } });
    assert.ok([400, 403].includes(upgraded.status), `${headers.origin} by WebSocket: ${upgraded.status}`);
  }
  assert.equal((await ask(server, 'GET', polling, { headers: { origin } })).status, 200);
  assert.equal((await ask(server, 'GET', websocket, { headers: { origin, ...upgrade } })).status, 101);
  // A page cannot leave Origin out; a program may, and is nobody: no cookie says who a socket is.
  const device = await Device.register(server);
  const { email, password } = device.account;
  const login = await ask(server, 'POST', '/api/auth/login', { body: { email, password } });
  const cookie = login.headers['set-cookie'].map((each) => each.split(';')[0]).join('; ');
  const socket = io(server.url, { transports: ['websocket'], extraHeaders: { cookie }, forceNew: true, reconnection: false });
  const error = await new Promise((resolve) => socket.once('connect_error', resolve));
  assert.equal(error.data.code, 'unauthenticated');
});

test('S8: whoever has not said who they are within ten seconds is gone', { timeout: 60_000 }, async () => {
  const [silent, wrong] = [dial(), dial()];
  await until(wrong, (text) => text.startsWith('0{'));
  wrong.send(`40${JSON.stringify({ token: 'forged' })}`);
  await until(wrong, (text) => text.startsWith('44'));
  for (const socket of [silent, wrong]) {
    const { seconds } = await Promise.race([socket.closed, wait(15_000, { seconds: Infinity })]);
    assert.ok(seconds < 12, `closed after ${seconds} s`);
  }
});

test('S8: by polling, too', { timeout: 60_000 }, async () => {
  const begun = performance.now();
  const open = await ask(server, 'GET', polling);
  const session = `${polling}&sid=${JSON.parse(open.text.slice(1)).sid}`;
  assert.equal((await ask(server, 'GET', session)).text, '1', 'the session is closed'); // a poll waits for that
  const seconds = (performance.now() - begun) / 1000;
  assert.ok(seconds > 8 && seconds < 12, `closed after ${seconds} s`);
  const gone = await ask(server, 'POST', session, { body: '40', headers: { 'content-type': 'text/plain' } });
  assert.deepEqual([gone.status, gone.body.code], [400, 1], 'nobody knows it any more');
});

test('S9: each event is authorised anew; a removed member is out within 2 s and stays out', { timeout: 60_000 }, async () => {
  const [ann, bob] = [await Device.register(server), await Device.register(server)];
  await Promise.all([ann.connect(), bob.connect()]);
  const chatId = await ann.createChat();
  const share = () => ann.rest('POST', `/api/chat/${chatId}/members`, { email: bob.account.email, role: 'editor' });
  assert.equal((await bob.socket.emitWithAck('join-chat', chatId)).error?.code, 'not_found', 'not yet a member');
  assert.equal((await share()).status, 200);
  await Promise.all([ann.join(chatId), bob.join(chatId)]);
  await ann.post(chatId, 'for both');
  await bob.until(() => bob.messages(chatId).some((each) => each.content === 'for both'));

  const gone = new Promise((resolve) => bob.socket.once('member-removed', resolve));
  const begun = performance.now();
  assert.equal((await ann.rest('DELETE', `/api/chat/${chatId}/members/${bob.user.id}`)).status, 204);
  await Promise.race([gone, wait(5_000)]);
  assert.ok(performance.now() - begun < 2_000);
  let heard = 0;
  for (const name of ['new-msg', 'typing', 'presence', 'ai-delta']) bob.socket.on(name, () => (heard += 1));
  await ann.post(chatId, 'for one');
  ann.socket.emit('typing', { chatId });
  await ann.until(() => ann.messages(chatId).some((each) => each.content === 'for one'));
  assert.equal((await bob.socket.emitWithAck('join-chat', { chatId, epoch: 1, after: 0 })).error?.code, 'not_found');
  assert.equal((await bob.socket.emitWithAck('send-msg', { chatId, content: 'x' })).error?.code, 'not_found');
  assert.equal(heard, 0, 'bob hears nothing more');
  assert.deepEqual([ann.violations, bob.violations], [[], []]);

  // A viewer may look and not speak, also by socket.
  assert.equal((await ann.rest('POST', `/api/chat/${chatId}/members`, { email: bob.account.email, role: 'viewer' })).status, 200);
  assert.equal((await bob.socket.emitWithAck('join-chat', { chatId, epoch: 1, after: 0 })).ok, true);
  assert.equal((await bob.socket.emitWithAck('send-msg', { chatId, content: 'x' })).error?.code, 'forbidden');

  // An open socket whose token is over may renew it and nothing else.
  const short = await bob.another();
  short.token = shortened(server, short.token, 2);
  await short.connect();
  await wait(2_500);
  for (const [event, value] of [['join-chat', chatId], ['join-user', bob.user.id], ['send-msg', { chatId, content: 'x' }]]) {
    assert.equal((await short.socket.emitWithAck(event, value)).error?.code, 'token_expired', event);
  }
  assert.equal((await short.socket.emitWithAck('auth', { token: bob.token })).ok, true);
  assert.equal((await short.socket.emitWithAck('join-chat', chatId)).ok, true);
  for (const device of [ann, bob, short]) device.close();
});

test('S10: by polling a body above maxPayload is not read, and its connection is over', { timeout: 60_000 }, async () => {
  const { sid, maxPayload } = JSON.parse((await ask(server, 'GET', polling)).text.slice(1));
  assert.equal(maxPayload, 262_144);
  const head = `POST ${polling}&sid=${sid} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: ${maxPayload + 1}\r\n\r\n`;
  assert.match(await exchangeBytes(server, `${head}42["typing","`), /^HTTP\/1\.1 413 /); // resolves when the server closes
});

test('S10: what is too large, too deep, too much or compressed ends its connection', { timeout: 60_000 }, async () => {
  const { token } = await Device.register(server);
  const fatal = {
    'a frame above maxPayload': (socket) => socket.send(`42["typing","${'x'.repeat(262_144)}"]`),
    'fragments above maxPayload': (socket) => {
      for (let n = 0; n < 40; n += 1) socket.send(`42${'x'.repeat(8_192)}`, { fin: false });
    },
    'an event above 8 KiB': (socket) => socket.send(`42["join-chat","${'x'.repeat(9_000)}"]`),
    'JSON of 70 levels': (socket) => socket.send(`42["typing",${'['.repeat(70)}${']'.repeat(70)}]`),
    'eleven attachments': (socket) => socket.send(`4511-["typing",${Array.from({ length: 11 }, (_, num) => JSON.stringify({ _placeholder: true, num })).join()}]`),
    'a flood of ping frames': (socket) => {
      for (let n = 0; n < 2_000; n += 1) socket.ping();
    },
    'a flood of packets': (socket) => {
      for (let n = 0; n < 2_000; n += 1) socket.send('3');
    },
    'a flood of events': (socket) => {
      for (let n = 0; n < 200; n += 1) socket.send('42["leave-chat","x"]');
    },
    'a reserved bit, as of compression': (socket) => socket._socket.write(Buffer.from([0xc1, 0x81, 0, 0, 0, 0, 0x33])),
  };
  for (const [what, send] of Object.entries(fatal)) {
    const [victim, bystander] = [await admitted(token), await admitted(token)];
    assert.equal(victim.extensions, '', 'compression was offered and not taken');
    send(victim);
    const { seconds } = await Promise.race([victim.closed, wait(5_000, { seconds: Infinity })]);
    assert.ok(seconds < 5, what);
    bystander.send('427["leave-chat","x"]');
    const answered = until(bystander, (text) => text.startsWith('437[')).then(() => true);
    assert.ok(await Promise.race([answered, bystander.closed.then(() => false)]), `${what}: somebody else is served`);
    bystander.terminate();
  }
});

test('S12: so many sockets of a user, so many of an address, so many events; more are told', { timeout: 90_000 }, async () => {
  const env = { RUBRICON_USER_SOCKETS: '3', RUBRICON_ADDRESS_SOCKETS: '8', RUBRICON_ADDRESS_CONNECTS_PER_SECOND: '12', RUBRICON_SOCKET_EVENTS_PER_SECOND: '5' };
  const own = await (await Server.create({ env })).start();
  const open = (token, localAddress) => io(own.url, { auth: { token }, forceNew: true, reconnection: false, transports: ['websocket'], localAddress });
  const outcome = (socket) => new Promise((resolve) => {
    socket.once('connect', () => resolve('connected'));
    socket.once('connect_error', (error) => resolve(error.data?.code ?? 'refused'));
  });
  const sockets = [];
  const dialAs = (token) => {
    sockets.push(open(token));
    return outcome(sockets.at(-1));
  };
  const [ann, bob, cai] = [await Device.register(own), await Device.register(own), await Device.register(own)];
  const many = async (token, times) => {
    const results = [];
    for (let n = 0; n < times; n += 1) results.push(await dialAs(token));
    return results;
  };
  assert.deepEqual(await many(ann.token, 4), ['connected', 'connected', 'connected', 'too_many_connections'], 'three sockets of a user');
  const asked = [];
  for (let n = 0; n < 16; n += 1) asked.push(sockets[0].emitWithAck('leave-chat', 'x'));
  const acks = await Promise.all(asked);
  assert.ok(acks.filter((ack) => ack.ok).length >= 10, 'the burst');
  assert.ok(acks.some((ack) => ack.error?.code === 'rate_limited'), 'then they are refused');
  const over = new Promise((resolve) => sockets[0].once('server-closing', resolve));
  for (let n = 0; n < 40; n += 1) sockets[0].emit('leave-chat', 'x');
  assert.deepEqual(await over, { code: 'too_many_events', comeBack: false });
  assert.equal(await dialAs(ann.token), 'connected', 'and its place is free again');

  assert.deepEqual(await many(bob.token, 3), ['connected', 'connected', 'connected']);
  await wait(1_000); // the connects of the address are back
  assert.equal(await dialAs(cai.token), 'connected');
  assert.equal(await dialAs(cai.token), 'connected');
  assert.notEqual(await dialAs(cai.token), 'connected', 'the ninth of this address');
  for (const socket of sockets) socket.disconnect();
  await own.destroy();
});

test('S12: an address connects so many times a second; more come back by themselves, and get in', { timeout: 60_000 }, async () => {
  const own = await (await Server.create({ env: { RUBRICON_ADDRESS_CONNECTS_PER_SECOND: '10' } })).start();
  const devices = await Promise.all([1, 2, 3].map(() => Device.register(own))); // 20 sockets each, and the address many more
  let refused = 0;
  const sockets = Array.from({ length: 45 }, (_, n) =>
    io(own.url, { auth: { token: devices[n % 3].token }, forceNew: true, reconnectionDelayMax: 2_000, transports: ['websocket'] }));
  const began = Date.now();
  await Promise.all(sockets.map((socket) => new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.on('connect_error', (error) => {
      if (error.data) reject(new Error(`CONNECT was refused: ${error.data.code}`)); // official clients stay away then
      refused += 1;
    });
  })));
  assert.ok(refused > 0, 'not all at once');
  assert.ok(Date.now() - began >= 3_000, '10 at once and 10 a second: the 45th needs 3.5 s');
  for (const socket of sockets) socket.disconnect();
  await own.destroy();
});
