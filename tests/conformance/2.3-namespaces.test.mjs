// 2.3 joining and leaving namespaces.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Echo, sleep } from './echo.mjs';

const connectTimeout = 1000;

let echo;
before(async () => (echo = await Echo.start({ 'connect-timeout': connectTimeout })));
after(() => echo.stop());

test('2.3 CONNECT is answered with exactly the key sid, before the first event', async () => {
  const peer = await echo.session('/socket.io/');
  peer.send('40');
  const answer = JSON.parse((await peer.next()).slice(2));
  assert.deepEqual(Object.keys(answer), ['sid']);
  assert.match(answer.sid, /^[A-Za-z0-9_-]{20}$/);
  assert.equal(await peer.next(), '42["auth",{}]');
  peer.close();
});

test('2.3 the auth object reaches the application', async () => {
  const peer = await echo.session('/socket.io/');
  peer.send('40{"token":"123","n":{"a":[1]}}');
  await peer.next();
  assert.equal(await peer.next(), '42["auth",{"token":"123","n":{"a":[1]}}]');
  peer.send('40/custom,{"token":"abc"}');
  assert.match(await peer.next(), /^40\/custom,/);
  assert.equal(await peer.next(), '42/custom,["auth",{"token":"abc"}]');
  peer.close();
});

test('2.3 an unknown namespace is refused, the connection stays', async () => {
  const peer = await echo.session('/socket.io/');
  for (const [nsp, answered] of [
    ['/random', '/random'],
    ['/random,{"a":1}', '/random'],
    ['/?token=1', '/?token=1'],
    ['/__proto__', '/__proto__'],
    ['/custom/', '/custom/'],
  ]) {
    peer.send(`40${nsp}`);
    assert.equal(await peer.next(), `44${answered},{"message":"Invalid namespace"}`);
  }
  await peer.join();
  peer.close();
});

test('2.3 a refused client hears message and data, and may try again', async () => {
  const peer = await echo.session('/socket.io/');
  peer.send('40{"token":"bad"}');
  assert.equal(await peer.next(), '44{"message":"unauthorized","data":{"code":"token_bad"}}');
  peer.send('40/custom,{"token":"bad"}');
  assert.equal(await peer.next(), '44/custom,{"message":"unauthorized","data":{"code":"token_bad"}}');
  await peer.join('/', '{"token":"good"}');
  peer.close();
});

for (const payload of ['[]', 'null', '"x"', '1', '{"a"']) {
  test(`2.3 CONNECT with ${payload} closes the connection`, async () => {
    const peer = await echo.session('/socket.io/');
    peer.send(`40${payload === '1' ? '{}1' : payload}`);
    assert.equal(await peer.closeCode(), 1005);
  });
}

test('2.3 namespaces have ids of their own, also when joined again', async () => {
  const peer = await echo.session('/socket.io/');
  const ids = [await peer.join('/'), await peer.join('/custom')];
  peer.send('41/custom,');
  ids.push(await peer.join('/custom'));
  assert.equal(new Set(ids.map(({ sid }) => sid)).size, 3);
  peer.close();
});

test('2.3 leaving one namespace leaves the others alone, without an answer', async () => {
  const peer = await echo.session('/socket.io/');
  await peer.join('/');
  await peer.join('/custom');
  peer.send('41');
  peer.send('42/custom,["message","message to main namespace"]');
  assert.equal(await peer.next(), '42/custom,["message-back","message to main namespace"]');
  await peer.assertQuiet();
  peer.close();
});

for (const [why, packets] of [
  ['an event before CONNECT', ['42["message"]']],
  ['an acknowledgement before CONNECT', ['431[]']],
  ['a DISCONNECT before CONNECT', ['41']],
  ['a CONNECT_ERROR', ['44{"message":"x"}']],
  ['rubbish', ['4abc']],
]) {
  test(`2.3 ${why} closes the connection`, async () => {
    const peer = await echo.session('/socket.io/');
    peer.send(...packets);
    assert.equal(await peer.closeCode(500), 1005);
  });
}

for (const packet of ['40', '44{"message":"x"}', '42/custom,["message"]', '41/custom,', '43/custom,1[]']) {
  test(`2.3 ${packet} from a member of / closes the connection`, async () => {
    const peer = await echo.joined();
    peer.send(packet);
    assert.equal(await peer.closeCode(500), 1005);
  });
}

test('2.3 a namespace that was left is left', async () => {
  const peer = await echo.joined();
  await peer.join('/custom');
  peer.send('41', '42["message"]');
  assert.equal(await peer.closeCode(500), 1005);
});

test('2.3 packets that follow a CONNECT at once wait for its answer', async () => {
  const peer = await echo.session('/socket.io/');
  peer.send('40', '42["message",1]', '42["message",2]');
  assert.match(await peer.next(), /^40\{"sid"/);
  assert.equal(await peer.next(), '42["auth",{}]');
  assert.equal(await peer.next(), '42["message-back",1]');
  assert.equal(await peer.next(), '42["message-back",2]');
  peer.close();
});

test('2.3 a connection that joins nothing is closed after connectTimeout', async () => {
  const from = Date.now();
  const peer = await echo.session('/socket.io/');
  assert.equal(await peer.closeCode(), 1005);
  const elapsed = Date.now() - from;
  assert.ok(elapsed >= connectTimeout - 50 && elapsed <= connectTimeout + 250, `${elapsed} ms`);
});

test('2.3 neither refusals nor unknown namespaces count as joining', async () => {
  const peer = await echo.session('/socket.io/');
  peer.send('40{"token":"bad"}', '40/random');
  await peer.next();
  await peer.next();
  assert.equal(await peer.closeCode(), 1005);
});

test('2.3 a polling connection that joins nothing is closed, too', async () => {
  const session = await echo.polling('/socket.io/');
  assert.equal(await session.poll(), '1');
  await session.assertGone();
});

test('2.3 leaving the last namespace starts connectTimeout again', async () => {
  const peer = await echo.joined();
  await sleep(connectTimeout + 200);
  peer.send('41');
  const from = Date.now();
  assert.equal(await peer.closeCode(), 1005);
  assert.ok(Date.now() - from >= connectTimeout - 50);
});

test('2.3 the server ends a namespace with 41 and leaves the rest alone', async () => {
  const peer = await echo.joined();
  await peer.join('/custom');
  peer.send('42/custom,["kit-kick"]');
  assert.equal(await peer.next(), '41/custom,');
  peer.send('42["message"]');
  assert.equal(await peer.next(), '42["message-back"]');
  peer.close();
});

test('2.5 two hundred refused CONNECTs leave room for one that is not', async () => {
  const peer = await echo.session('/socket.io/');
  for (let i = 0; i < 200; ++i) peer.send(`40/none-${i}`);
  for (let i = 0; i < 200; ++i) assert.match(await peer.next(), /^44\/none-\d+,\{"message":"Invalid namespace"\}$/);
  await peer.join();
  peer.close();
});
