// The official socket.io-client and engine.io-client, by each transport.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { Socket as EngineSocket } from 'engine.io-client';
import { io } from 'socket.io-client';
import { Echo, sleep, within } from './echo.mjs';

const ways = {
  'polling only': ['polling'],
  'WebSocket only': ['websocket'],
  'polling, then upgrade': ['polling', 'websocket'],
};

let echo;
before(async () => (echo = await Echo.start({ 'ping-interval': 300, 'ping-timeout': 200, 'max-payload': 200_000 })));
after(() => echo.stop());

for (const [way, transports] of Object.entries(ways)) {
  describe(way, () => {
    const clients = [];
    after(() => clients.forEach((client) => client.disconnect()));

    function client(namespace = '/', options = {}) {
      const socket = io(echo.url + namespace, { transports, forceNew: true, reconnection: false, ...options });
      clients.push(socket);
      return socket;
    }
    async function connected(namespace, options) {
      const socket = client(namespace, options);
      const [[auth]] = await within(Promise.all([once(socket, 'auth'), once(socket, 'connect')]), 'connect');
      return Object.assign(socket, { heard: auth });
    }

    test(`${way}: connects and tells its auth`, async () => {
      assert.deepEqual((await connected()).heard, {});
      assert.deepEqual((await connected('/custom', { auth: { token: 'x', n: 1 } })).heard, { token: 'x', n: 1 });
    });

    test(`${way}: ends on the transport it should`, async () => {
      const socket = await connected();
      if (transports.length > 1 && socket.io.engine.transport.name !== 'websocket') {
        await within(once(socket.io.engine, 'upgrade'), 'upgrade');
      }
      assert.equal(socket.io.engine.transport.name, transports.at(-1));
    });

    test(`${way}: sends and receives text and binary, deep inside`, async () => {
      const socket = await connected();
      const args = [1, 'two', { three: [true, null, { four: 4.5 }] }, '評分 😀', Buffer.from([1, 2, 3]),
        { deep: [Buffer.from([4])] }];
      socket.emit('message', ...args);
      assert.deepEqual(await within(once(socket, 'message-back'), 'message-back'), args);
    });

    test(`${way}: acknowledgements go both ways`, async () => {
      const socket = await connected();
      assert.equal(await within(socket.emitWithAck('message-with-ack', 'x'), 'ack'), 'x');
      assert.deepEqual(await within(socket.emitWithAck('message-with-ack', Buffer.from([7])), 'ack'), Buffer.from([7]));
      socket.on('kit-question', (x, answer) => answer(x * 2, Buffer.from([x])));
      socket.emit('kit-ask', 21);
      assert.deepEqual(await within(once(socket, 'kit-answer'), 'kit-answer'), [42, Buffer.from([21])]);
    });

    test(`${way}: an event without listener times out`, async () => {
      const socket = await connected();
      await assert.rejects(socket.timeout(100).emitWithAck('nobody'), /timed out/);
    });

    test(`${way}: is told why it is refused`, async () => {
      const refused = client('/', { auth: { token: 'bad' } });
      const [error] = await within(once(refused, 'connect_error'), 'connect_error');
      assert.equal(error.message, 'unauthorized');
      assert.deepEqual(error.data, { code: 'token_bad' });
      const unknown = client('/random');
      const [invalid] = await within(once(unknown, 'connect_error'), 'connect_error');
      assert.equal(invalid.message, 'Invalid namespace');
    });

    test(`${way}: several namespaces share one connection`, async () => {
      const main = await connected('/', { forceNew: false, multiplex: true });
      const custom = main.io.socket('/custom');
      await within(once(custom, 'connect'), 'connect');
      assert.notEqual(main.id, custom.id);
      main.disconnect();
      assert.equal(await within(custom.emitWithAck('message-with-ack', 'still'), 'ack'), 'still');
      custom.disconnect();
    });

    test(`${way}: lives through many heartbeats`, async () => {
      const socket = await connected();
      let ended = '';
      socket.on('disconnect', (reason) => (ended = reason));
      await sleep(1500);
      assert.equal(ended, '');
      assert.equal(await within(socket.emitWithAck('message-with-ack', 1), 'ack'), 1);
    });

    test(`${way}: rooms`, async () => {
      const [a, b] = [await connected(), await connected()];
      await Promise.all([a, b].map((socket) => within(socket.emitWithAck('kit-join', `room ${way}`), 'ack')));
      const heard = once(b, 'kit-room-recv');
      a.emit('kit-room-send', `room ${way}`, 'hello', Buffer.from([1]));
      assert.deepEqual(await within(heard, 'kit-room-recv'), ['hello', Buffer.from([1])]);
    });

    test(`${way}: being kicked is a server disconnect`, async () => {
      const socket = await connected();
      socket.emit('kit-kick');
      const [reason] = await within(once(socket, 'disconnect'), 'disconnect');
      assert.equal(reason, 'io server disconnect');
    });

    test(`${way}: nothing is lost or reordered while it upgrades`, async () => {
      const socket = client();
      const back = [];
      socket.on('message-back', (i) => back.push(i));
      const count = 400;
      await within(once(socket, 'connect'), 'connect');
      for (let i = 0; i < count; ++i) {
        socket.emit('message', i);
        if (i % 10 === 0) await sleep(1);
      }
      const from = Date.now();
      while (back.length < count && Date.now() - from < 5000) await sleep(10);
      assert.deepEqual(back, Array.from({ length: count }, (_, i) => i));
    });

    test(`${way}: a large message below the limit passes, one above it ends the connection`, async () => {
      const socket = await connected();
      const large = 'x'.repeat(150_000);
      assert.equal(await within(socket.emitWithAck('message-with-ack', large), 'ack'), large);
      socket.emit('message', 'x'.repeat(250_000));
      const [reason] = await within(once(socket, 'disconnect'), 'disconnect');
      assert.match(reason, /^transport (close|error)$/);
      await (await echo.polling()).assertAlive();
    });

    test(`${way}: the bare engine echoes text and binary`, async () => {
      const socket = new EngineSocket(echo.url, { path: '/engine.io/', transports });
      await within(new Promise((resolve) => socket.on('open', resolve)), 'open');
      const received = [];
      socket.on('message', (data) => received.push(data));
      for (const data of ['a', '評分', Buffer.from([1, 2, 3]), 'z']) socket.send(data);
      const from = Date.now();
      while (received.length < 4 && Date.now() - from < 3000) await sleep(10);
      assert.deepEqual(received, ['a', '評分', Buffer.from([1, 2, 3]), 'z']);
      socket.close();
    });
  });
}

test('many clients by all transports at once', async () => {
  const server = await Echo.start();
  const sockets = Array.from({ length: 90 }, (_, i) =>
    io(server.url, { transports: Object.values(ways)[i % 3], forceNew: true, reconnection: false }));
  await within(Promise.all(sockets.map((socket) => once(socket, 'connect'))), 'connect', 10_000);
  const answers = await within(Promise.all(sockets.map((s, i) => s.emitWithAck('message-with-ack', i))), 'acks', 10_000);
  assert.deepEqual(answers, sockets.map((_, i) => i));
  for (const socket of sockets) socket.disconnect();
  await server.stop();
});

// A client that has paused polling for an upgrade hears nothing by polling: it must hear it by the
// WebSocket. (When a server dies without a word in that moment, only its ping time-out tells it.)
test('a client notices at once that the server was stopped, at whatever moment of its upgrade', async () => {
  for (let i = 0; i < 16; ++i) {
    const server = await Echo.start();
    const socket = io(server.url, { transports: ['polling', 'websocket'], reconnectionDelay: 50, forceNew: true });
    const gone = once(socket, 'disconnect');
    socket.io.on('open', () => socket.io.engine.once('upgrading', async () => {
      if (i > 7) await sleep(i - 8);
      server.child.kill('SIGTERM');
    }));
    await within(once(socket, 'connect'), 'connect');
    await Promise.all([within(server.exited, 'the end'), within(gone, `disconnect, attempt ${i}`)]);
    socket.disconnect();
  }
});

for (const transports of [['polling'], ['websocket']]) test(`a client comes back by itself when the server was stopped, ${transports}`, async () => {
  const first = await Echo.start();
  const socket = io(first.url, { transports, reconnectionDelay: 50, forceNew: true });
  await within(once(socket, 'connect'), 'connect');
  const gone = once(socket, 'disconnect');
  await first.stop();
  assert.match((await within(gone, 'disconnect'))[0], /^transport (close|error)$/);
  assert.equal(socket.active, true);
  socket.disconnect();
});

test('retries: what breaks off is sent again after the reconnection, in order', async () => {
  const server = await Echo.start();
  const options = { transports: ['websocket'], forceNew: true, reconnectionDelay: 20, retries: 5, ackTimeout: 300 };
  const socket = io(server.url, options);
  await within(once(socket, 'connect'), 'connect');
  const acked = [];
  const all = Promise.all(Array.from({ length: 20 }, (_, i) => new Promise((done, fail) => {
    socket.emit('message-with-ack', i, (error, answer) => {
      acked.push(answer);
      if (answer === 5) socket.io.engine.close();
      error ? fail(error) : done();
    });
  })));
  await within(all, 'all acknowledgements');
  assert.deepEqual(acked, Array.from({ length: 20 }, (_, i) => i));
  socket.disconnect();
  await server.stop();
});

test('recovery: the official client is recovered and hears what it missed', async () => {
  const server = await Echo.start({ recovery: 'on' });
  const options = { transports: ['websocket'], forceNew: true, reconnectionDelay: 200 };
  const [a, b] = [io(server.url, options), io(server.url, options)];
  await within(Promise.all([a, b].map((socket) => once(socket, 'auth'))), 'auth');
  await Promise.all([a, b].map((socket) => socket.emitWithAck('kit-join', 'r')));
  const { id } = b;
  const heard = [];
  b.on('kit-room-recv', (text) => heard.push(text));
  b.io.engine.close();
  await sleep(50);
  a.emit('kit-room-send', 'r', 'missed');
  await within(once(b, 'connect'), 'reconnect');
  assert.equal(b.recovered, true);
  assert.equal(b.id, id);
  await sleep(50);
  assert.deepEqual(heard, ['missed']);
  a.disconnect();
  b.disconnect();
  await server.stop();
});
