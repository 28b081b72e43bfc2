// 2.1 packet text, 2.4 acknowledgements, 2.5 limits: by WebSocket, byte by byte.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Echo } from './echo.mjs';

let echo;
before(async () => (echo = await Echo.start()));
after(() => echo.stop());

const nested = (levels) => '['.repeat(levels) + ']'.repeat(levels);

test('2.1 events come back as they were', async () => {
  const peer = await echo.joined();
  for (const args of ['1,"2",{"3":[true,null]}', '"評分 \\" \\\\ 😀"', '9007199254740993', '-1.5', '[],{}', '']) {
    const rest = args ? `,${args}` : '';
    peer.send(`42["message"${rest}]`);
    assert.equal(await peer.next(), `42["message-back"${rest}]`);
  }
  peer.close();
});

test('2.1 names like __proto__ and constructor are plain data', async () => {
  const peer = await echo.joined();
  peer.send('42["message",{"__proto__":1,"constructor":{"prototype":2}}]');
  assert.equal(await peer.next(), '42["message-back",{"__proto__":1,"constructor":{"prototype":2}}]');
  peer.send('42["__proto__",1]', '42["constructor",1]', '42["toString"]');
  peer.send('42["message"]');
  assert.equal(await peer.next(), '42["message-back"]');
  peer.close();
});

test('2.1 lone surrogate escapes harm nobody', async () => {
  const peer = await echo.joined();
  peer.send('42["message","\\ud800","\\udc00x"]');
  assert.match(await peer.next(), /^42\["message-back","(\uFFFD|\\ud800)","(\uFFFD|\\udc00)x"\]$/);
  peer.close();
});

test('2.1 a namespace ends at the comma, or at the end of the text', async () => {
  const peer = await echo.session('/socket.io/');
  peer.send('40/custom');
  assert.match(await peer.next(), /^40\/custom,\{"sid":/);
  assert.equal(await peer.next(), '42/custom,["auth",{}]');
  peer.send('42/custom,["message",1]');
  assert.equal(await peer.next(), '42/custom,["message-back",1]');
  peer.send('41/custom');
  peer.send('40/,');
  assert.match(await peer.next(), /^40\{"sid":/);
  peer.close();
});

test('2.4 acknowledgements name the id canonically', async () => {
  const peer = await echo.joined();
  for (const [id, echoed] of [['0', '0'], ['12', '12'], ['007', '7'], ['9007199254740993', '9007199254740993']]) {
    peer.send(`42${id}["message-with-ack",1,"2",{"3":[false]}]`);
    assert.equal(await peer.next(), `43${echoed}[1,"2",{"3":[false]}]`);
  }
  peer.close();
});

test('2.4 an event that nobody listens for is not acknowledged', async () => {
  const peer = await echo.joined();
  peer.send('421["nobody"]', '421["message-with-ack","x"]');
  assert.equal(await peer.next(), '431["x"]');
  await peer.assertQuiet();
  peer.close();
});

test('2.4 the server asks, the client answers once, strangers are ignored', async () => {
  const peer = await echo.joined();
  peer.send('42["kit-ask",41]');
  const question = await peer.next();
  const [, id] = question.match(/^42(\d+)\["kit-question",41\]$/);
  peer.send(`43${Number(id) + 1000}["stranger"]`, `43${id}["first",2]`, `43${id}["second"]`);
  assert.equal(await peer.next(), '42["kit-answer","first",2]');
  await peer.assertQuiet();
  peer.close();
});

test('2.1 an acknowledgement without payload is ignored', async () => {
  const peer = await echo.joined();
  peer.send('43', '431', '42["message"]');
  assert.equal(await peer.next(), '42["message-back"]');
  peer.close();
});

test('2.3 numbers are names of events, too', async () => {
  const peer = await echo.joined();
  peer.send('42[1,2]', '42[1.5]', '42["message"]');
  assert.equal(await peer.next(), '42["message-back"]');
  peer.close();
});

for (const name of ['connection', 'error', 'message', 'ping']) {
  test(`2.3 ${name} is a legal name`, async () => {
    const peer = await echo.joined();
    peer.send(`42["${name}","x"]`, '42["message","after"]');
    let last = await peer.next();
    if (name === 'message') last = await peer.next();
    assert.equal(last, '42["message-back","after"]');
    peer.close();
  });
}

for (const [why, packet] of [
  ['no Socket.IO type', '4'],
  ['unknown type', '4abc'],
  ['unknown type digit', '49'],
  ['event without payload', '42'],
  ['event without payload, with id', '421'],
  ['event that is no array', '42{}'],
  ['event that is a string', '42"x"'],
  ['event without a name', '42[]'],
  ['name is null', '42[null]'],
  ['name is an object', '42[{}]'],
  ['name is an array', '42[["a"]]'],
  ['JSON that does not end', '42["a"'],
  ['JSON with something behind it', '42["a"]x'],
  ['JSON with a comment', '42["a"/**/]'],
  ['NaN', '42["a",NaN]'],
  ['an id of 20 digits', '4210000000000000000000["a"]'],
  ['an id with a space', '421 2["a"]'],
  ['acknowledgement that is no array', '431{}'],
  ['DISCONNECT with payload', '41{}'],
  ['reserved: connect', '42["connect"]'],
  ['reserved: connect_error', '42["connect_error"]'],
  ['reserved: disconnect', '42["disconnect"]'],
  ['reserved: disconnecting', '42["disconnecting"]'],
  ['reserved: newListener', '42["newListener"]'],
  ['reserved: removeListener', '42["removeListener"]'],
  ['a name of 300 bytes', `42["${'n'.repeat(300)}"]`],
  ['a namespace of 300 bytes', `40/${'n'.repeat(300)}`],
  ['64 levels below the arguments', `42["message",${nested(64)}]`],
  ['a hundred thousand levels', `42["message",${'['.repeat(100_000)}`],
  ['more than 100,000 values', `42["message"${',0'.repeat(200_000)}]`],
]) {
  test(`2.1 ${why} closes the connection`, async () => {
    const peer = await echo.joined();
    peer.send(packet);
    assert.equal(await peer.closeCode(), 1005);
    assert.deepEqual(peer.messages, []);
  });
}

test('2.5 63 levels below the arguments are fine', async () => {
  const peer = await echo.joined();
  peer.send(`42["message",${nested(63)}]`);
  assert.equal(await peer.next(), `42["message-back",${nested(63)}]`);
  peer.close();
});
