// Official clients from 4.0 to the newest, each by each transport, and one of 2.x, which is refused.
// Only what the oldest can do is used; official-client.test.mjs does more with the newest.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { clientOf2, versions } from '../support/client_versions.mjs';
import { Echo, within } from './echo.mjs';

const ways = {
  'polling only': ['polling'],
  'WebSocket only': ['websocket'],
  'polling, then upgrade': ['polling', 'websocket'],
};
const heartbeat = { 'ping-interval': 300, 'ping-timeout': 200 };

const heard = (socket, event) => within(once(socket, event), event);
const asked = (socket, ...args) => within(new Promise((done) => socket.emit(...args, (...answer) => done(answer))), 'ack');

describe('versions', () => {
  let echo;
  const sockets = [];
  before(async () => (echo = await Echo.start({ ...heartbeat, 'max-payload': 100_000 })));
  after(async () => {
    for (const socket of sockets) socket.disconnect();
    await echo.stop();
  });

  for (const [version, { io }] of Object.entries(versions)) {
    for (const [way, transports] of Object.entries(ways)) {
      const open = (namespace, options) => {
        const socket = io(echo.url + namespace, { transports, forceNew: true, reconnection: false, ...options });
        sockets.push(socket);
        return socket;
      };
      const joined = async (namespace = '/', options = {}) => {
        const socket = open(namespace, options);
        const [[auth]] = await Promise.all([heard(socket, 'auth'), heard(socket, 'connect')]);
        return Object.assign(socket, { heardAuth: auth });
      };
      const upgraded = async (socket) => {
        const { engine } = socket.io;
        if (engine.transport.name !== transports.at(-1)) await heard(engine, 'upgrade');
        assert.equal(engine.transport.name, transports.at(-1));
      };

      test(`${version}, ${way}: joins with its auth object and ends on the right transport`, async () => {
        const socket = await joined('/custom', { auth: { token: 'x' } });
        assert.deepEqual(socket.heardAuth, { token: 'x' });
        assert.match(socket.id, /^[A-Za-z0-9_-]{20}$/);
        await upgraded(socket);
      });

      test(`${version}, ${way}: events and answers, text and binary, before and after the upgrade`, async () => {
        const socket = await joined();
        const args = [1, { deep: [Buffer.from([1, 2]), '評分 😀'] }, Buffer.from([3])];
        for (const stage of ['before', 'after']) {
          const back = heard(socket, 'message-back');
          socket.emit('message', stage, ...args);
          assert.deepEqual(await back, [stage, ...args]);
          assert.deepEqual(await asked(socket, 'message-with-ack', stage, ...args), [stage, ...args]);
          await upgraded(socket);
        }
        socket.on('kit-question', (x, answer) => answer(x * 2, Buffer.from([x])));
        socket.emit('kit-ask', 21);
        assert.deepEqual(await heard(socket, 'kit-answer'), [42, Buffer.from([21])]);
      });

      test(`${version}, ${way}: hears its room and not another`, async () => {
        const [a, b, c] = [await joined(), await joined(), await joined()];
        const room = `room ${version} ${way}`;
        assert.deepEqual(await asked(a, 'kit-join', room), [true]);
        assert.deepEqual(await asked(b, 'kit-join', room), [true]);
        const strays = [];
        for (const socket of [a, c]) socket.on('kit-room-recv', (...heardArgs) => strays.push(heardArgs));
        const recv = heard(b, 'kit-room-recv');
        await asked(a, 'kit-room-send', room, 'hello', Buffer.from([1]));
        assert.deepEqual(await recv, ['hello', Buffer.from([1])]);
        await asked(c, 'message-with-ack');
        assert.deepEqual(strays, []);
      });

      test(`${version}, ${way}: is refused in words`, async () => {
        const [bad] = await heard(open('/', { auth: { token: 'bad' } }), 'connect_error');
        assert.deepEqual([bad.message, bad.data], ['unauthorized', { code: 'token_bad' }]);
        const [unknown] = await heard(open('/random'), 'connect_error');
        assert.deepEqual([unknown.message, unknown.data], ['Invalid namespace', undefined]);
      });

      test(`${version}, ${way}: namespaces share a connection, and are left one by one`, async () => {
        const main = await joined();
        const custom = main.io.socket('/custom');
        await heard(custom, 'connect');
        const reason = heard(main, 'disconnect');
        main.emit('kit-kick');
        assert.equal((await reason)[0], 'io server disconnect');
        assert.deepEqual(await asked(custom, 'message-with-ack', 'still'), ['still']);
        custom.disconnect();
      });

      test(`${version}, ${way}: answers heartbeats`, async () => {
        const socket = await joined();
        const ended = once(socket, 'disconnect').then(([reason]) => assert.fail(reason));
        let pings = 0;
        const four = new Promise((done) => {
          socket.io.engine.on('packet', ({ type }) => type === 'ping' && ++pings === 4 && done());
        });
        await within(Promise.race([four, ended]), 'four pings');
        ended.catch(() => {});
        assert.deepEqual(await asked(socket, 'message-with-ack', 1), [1]);
      });

      test(`${version}, ${way}: comes back by itself after its transport broke`, async () => {
        const socket = await joined('/', { reconnection: true, reconnectionDelay: 20 });
        const [first, gone] = [socket.id, heard(socket, 'disconnect')];
        socket.io.engine.close();
        await gone;
        await heard(socket, 'connect');
        assert.notEqual(socket.id, first);
        assert.deepEqual(await asked(socket, 'message-with-ack', 1), [1]);
      });
    }
  }

  // Since 4.5 clients cut what they post by the server's maxPayload.
  for (const version of ['4.6', '4.8']) {
    test(`${version}: what waits is posted in bodies below maxPayload`, async () => {
      const socket = versions[version].io(echo.url, { transports: ['polling'], forceNew: true, reconnection: false });
      sockets.push(socket);
      await heard(socket, 'connect');
      const answers = Array.from({ length: 30 }, (_, i) => asked(socket, 'message-with-ack', i, 'x'.repeat(9_000)));
      assert.deepEqual((await Promise.all(answers)).map(([i]) => i), Array.from({ length: 30 }, (_, i) => i));
    });
  }
});

describe('recovery, by version', () => {
  let echo;
  before(async () => (echo = await Echo.start({ recovery: 'on' })));
  after(() => echo.stop());

  for (const [version, { io }] of Object.entries(versions)) {
    const recovers = Number(version) >= 4.6;
    test(`${version}: ${recovers ? 'is recovered' : 'knows nothing of recovery, and works'}`, async () => {
      const socket = io(echo.url, { forceNew: true, reconnectionDelay: 20 });
      await Promise.all([heard(socket, 'auth'), heard(socket, 'connect')]);
      const [first, gone] = [socket.id, heard(socket, 'disconnect')];
      socket.io.engine.close();
      await gone;
      await heard(socket, 'connect');
      assert.equal(socket.recovered ?? false, recovers);
      assert.equal(socket.id === first, recovers);
      socket.emit('message', 1);
      assert.equal((await heard(socket, 'message-back'))[0], 1);
      socket.disconnect();
    });
  }
});

describe('clients of 2.x', () => {
  let echo;
  before(async () => (echo = await Echo.start()));
  after(() => echo.stop());

  for (const transport of ['polling', 'websocket']) {
    test(`2.x, ${transport}: is refused and told so`, async () => {
      const socket = clientOf2(echo.url, { transports: [transport], forceNew: true, reconnection: false });
      const [error] = await heard(socket, 'connect_error');
      assert.equal(error.type, 'TransportError');
      if (transport === 'polling') assert.equal(error.description, 400);
      if (transport === 'websocket') assert.match(error.description.message, /Unexpected server response: 400/);
      assert.equal(socket.connected, false);
      socket.close();
      // What that client asked for, and the words it was answered with.
      const response = await echo.fetch('EIO=3&transport=polling', { path: '/socket.io/' });
      assert.deepEqual(await response.json(), { code: 5, message: 'Unsupported protocol version' });
    });
  }
});
