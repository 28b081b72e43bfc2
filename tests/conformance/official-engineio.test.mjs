// What the official suite of the Engine.IO protocol checks, in our words: on /engine.io/, and again,
// where it says the same, on /socket.io/, as the official suite of Socket.IO does.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Echo, sleep } from './echo.mjs';
import { Suite, heard } from './one_at_a_time.mjs';

const interval = 300;
const timeout = 200;

let echo;
before(async () => (echo = await Echo.start({ 'ping-interval': interval, 'ping-timeout': timeout })));
after(() => echo.stop());

function assertOpen(packet, upgrades) {
  assert.equal(packet[0], '0');
  const { sid, ...rest } = JSON.parse(packet.slice(1));
  assert.equal(typeof sid, 'string');
  assert.deepEqual(rest, { upgrades, pingInterval: interval, pingTimeout: timeout, maxPayload: 1000000 });
}

for (const path of ['/engine.io/', '/socket.io/']) {
  describe(path, () => {
    let suite;
    before(() => (suite = new Suite(echo, path)));

    test(`${path} polling opens a session`, async () => {
      assertOpen(await suite.poll('EIO=4&transport=polling'), ['websocket']);
    });

    test(`${path} polling needs a valid EIO`, async () => {
      for (const query of ['transport=polling', 'EIO=abc&transport=polling']) await suite.assertStatus(400, query);
    });

    test(`${path} polling needs a valid transport`, async () => {
      for (const query of ['EIO=4', 'EIO=4&transport=abc']) await suite.assertStatus(400, query);
    });

    test(`${path} polling opens with GET only`, async () => {
      for (const method of ['POST', 'PUT']) await suite.assertStatus(400, 'EIO=4&transport=polling', { method });
    });

    test(`${path} WebSocket opens a session`, async () => {
      const socket = suite.connect('EIO=4&transport=websocket');
      assertOpen((await heard(socket, 'message')).data, []);
      socket.close();
    });

    for (const query of ['transport=websocket', 'EIO=abc&transport=websocket', 'EIO=4', 'EIO=4&transport=abc']) {
      test(`${path} WebSocket with ?${query} is closed`, async () => {
        const socket = suite.connect(query);
        socket.on('error', () => {});
        await heard(socket, 'close');
      });
    }

    test(`${path} polling is pinged and answers`, async () => {
      const query = await suite.polling();
      for (let i = 0; i < 3; ++i) {
        assert.equal(await suite.poll(query), '2');
        assert.equal((await suite.post(query, '3')).status, 200);
      }
    });

    test(`${path} polling without an answer is over after interval and timeout, exactly`, async () => {
      // Many at once, out of step with each other: no session may be late.
      await Promise.all(Array.from({ length: 40 }, async (_, i) => {
        await sleep(i * 3);
        const query = await suite.polling();
        await sleep(interval + timeout + 2); // timers of Node may ring a millisecond early
        await suite.assertStatus(400, query);
      }));
    });

    test(`${path} WebSocket is pinged and answers`, async () => {
      const socket = await suite.session();
      for (let i = 0; i < 3; ++i) {
        assert.equal((await heard(socket, 'message')).data, '2');
        socket.send('3');
      }
      socket.close();
    });

    test(`${path} WebSocket without an answer is closed`, async () => {
      await heard(suite.connect('EIO=4&transport=websocket'), 'close');
    });

    test(`${path} polling is closed by the client, its poll ends with a noop`, async () => {
      const query = await suite.polling();
      const [polled] = await Promise.all([suite.poll(query), suite.post(query, '1')]);
      assert.equal(polled, '6');
      await suite.assertStatus(400, query);
    });

    test(`${path} WebSocket is closed by the client`, async () => {
      const socket = await suite.session();
      socket.send('1');
      await heard(socket, 'close');
    });

    test(`${path} upgrades, and the poll is let go`, async () => {
      const query = await suite.polling();
      const socket = await suite.probed(query);
      assert.equal(await suite.poll(query), '6');
      socket.send('5');
      socket.close();
    });

    test(`${path} takes no HTTP requests after the upgrade, even if it was announced and done at once`, async () => {
      const query = await suite.polling();
      const socket = suite.connect(query.replace('polling', 'websocket'));
      await heard(socket, 'open');
      socket.send('2probe');
      socket.send('5');
      await suite.assertStatus(400, query);
      socket.close();
    });

    test(`${path} closes a second WebSocket of the session, which is no error`, async () => {
      const query = await suite.polling();
      const socket = suite.connect(query.replace('polling', 'websocket'));
      await heard(socket, 'open');
      socket.send('2probe');
      socket.send('5');
      const { code } = await heard(suite.connect(query.replace('polling', 'websocket')), 'close');
      assert.equal(code, 1005);
      assert.equal(socket.readyState, 1);
      socket.close();
    });
  });
}

describe('messages', () => {
  let suite;
  before(() => (suite = new Suite(echo, '/engine.io/')));

  for (const body of ['4hello', '4one\x1e4two\x1e4three', '4hello\x1ebAQIDBA==']) {
    test(`polling echoes ${JSON.stringify(body)}`, async () => {
      const query = await suite.polling();
      const response = await suite.post(query, body);
      assert.equal(response.status, 200);
      assert.equal(await response.text(), 'ok');
      assert.equal(await suite.poll(query), body);
    });
  }

  test('polling ends at an invalid packet', async () => {
    const query = await suite.polling();
    await suite.post(query, 'abc').catch(() => {});
    await suite.assertStatus(400, query);
  });

  test('polling ends at a second poll', async () => {
    const query = await suite.polling();
    const first = suite.poll(query);
    await sleep(5);
    await suite.assertStatus(400, `${query}&t=burst`);
    assert.equal(await first, '1');
    await suite.assertStatus(400, query);
  });

  test('polling ends with a poll that is cancelled, and the next request knows it', async () => {
    const query = await suite.polling();
    const controller = new AbortController();
    suite.get(query, { signal: controller.signal }).catch(() => {});
    await sleep(5);
    controller.abort();
    await suite.assertStatus(400, query);
  });

  test('WebSocket echoes text', async () => {
    const socket = await suite.session();
    socket.send('4hello');
    assert.equal((await heard(socket, 'message')).data, '4hello');
    socket.close();
  });

  test('WebSocket echoes binary', async () => {
    const socket = await suite.session();
    const bytes = Uint8Array.from([1, 2, 3, 4]);
    socket.send(bytes);
    assert.deepEqual((await heard(socket, 'message')).data, bytes.buffer);
    socket.close();
  });

  test('WebSocket is closed at an invalid packet', async () => {
    const socket = await suite.session();
    socket.send('abc');
    await heard(socket, 'close');
  });

  test('after an upgrade, and whatever else claims its sid, the WebSocket echoes', async () => {
    const query = await suite.polling();
    const socket = await suite.probed(query);
    assert.equal(await suite.poll(query), '6');
    socket.send('5');
    await suite.assertStatus(400, query);
    await heard(suite.connect(query.replace('polling', 'websocket')), 'close');
    socket.send('4hello');
    assert.equal((await heard(socket, 'message')).data, '4hello');
    socket.close();
  });
});
