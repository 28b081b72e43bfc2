// What the official suite of the Socket.IO protocol checks, in our words. (What it repeats of
// Engine.IO is in official-engineio.test.mjs.)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Echo } from './echo.mjs';
import { Suite, heard, heardMessages } from './one_at_a_time.mjs';

const placeholders = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}';
const blobs = [Uint8Array.from([1, 2, 3]), Uint8Array.from([4, 5, 6])];

let echo;
let suite;
before(async () => {
  echo = await Echo.start({ 'ping-interval': 300, 'ping-timeout': 200, 'connect-timeout': 1000 });
  suite = new Suite(echo, '/socket.io/');
});
after(() => echo.stop());

for (const [sent, prefix, auth] of [
  ['40', '40', '{}'],
  ['40{"token":"123"}', '40', '{"token":"123"}'],
  ['40/custom,', '40/custom,', '{}'],
  ['40/custom,{"token":"abc"}', '40/custom,', '{"token":"abc"}'],
]) {
  test(`${sent} is answered with a sid, then the auth object comes`, async () => {
    const socket = await suite.session();
    socket.send(sent);
    const { data } = await heard(socket, 'message');
    assert.ok(data.startsWith(prefix), data);
    const answer = JSON.parse(data.slice(prefix.length));
    assert.deepEqual(Object.keys(answer), ['sid']);
    assert.equal(typeof answer.sid, 'string');
    const [event] = await heardMessages(socket, 1);
    assert.equal(event, `${prefix.replace('0', '2')}["auth",${auth}]`);
    socket.close();
  });
}

// Fifty in a row: that the two are heard apart must be no accident.
test('the answer to CONNECT and the first event can be heard one at a time', async () => {
  for (let i = 0; i < 50; ++i) (await suite.joined()).close();
});

test('an unknown namespace is refused', async () => {
  const socket = await suite.session();
  socket.send('40/random');
  assert.equal((await heard(socket, 'message')).data, '44/random,{"message":"Invalid namespace"}');
  socket.close();
});

test('rubbish instead of CONNECT closes the connection', async () => {
  const socket = await suite.session();
  socket.send('4abc');
  await heard(socket, 'close');
});

test('without CONNECT the connection is closed', async () => {
  await heard(suite.connect('EIO=4&transport=websocket'), 'close');
});

test('leaving the main namespace is not answered: the next message is a ping', async () => {
  const socket = await suite.joined();
  socket.send('41');
  assert.equal((await heard(socket, 'message')).data, '2');
  socket.close();
});

test('a namespace is joined and left beside the main one', async () => {
  const socket = await suite.joined();
  assert.equal((await heard(socket, 'message')).data, '2');
  socket.send('3');
  socket.send('40/custom');
  assert.match((await heard(socket, 'message')).data, /^40\/custom,\{"sid":/);
  assert.equal((await heard(socket, 'message')).data, '42/custom,["auth",{}]');
  socket.send('41/custom');
  socket.send('42["message","message to main namespace"]');
  assert.equal((await heard(socket, 'message')).data, '42["message-back","message to main namespace"]');
  socket.close();
});

for (const [sent, answered] of [
  ['42["message",1,"2",{"3":[true]}]', '42["message-back",1,"2",{"3":[true]}]'],
  ['42456["message-with-ack",1,"2",{"3":[false]}]', '43456[1,"2",{"3":[false]}]'],
]) {
  test(`${sent} is answered`, async () => {
    const socket = await suite.joined();
    socket.send(sent);
    assert.equal((await heard(socket, 'message')).data, answered);
    socket.close();
  });
}

for (const [sent, answered] of [
  [`452-["message",${placeholders}]`, `452-["message-back",${placeholders}]`],
  [`452-789["message-with-ack",${placeholders}]`, `462-789[${placeholders}]`],
]) {
  test(`${sent} is answered with both attachments`, async () => {
    const socket = await suite.joined();
    for (const packet of [sent, ...blobs]) socket.send(packet);
    const messages = await heardMessages(socket, 3);
    assert.deepEqual(messages, [answered, blobs[0].buffer, blobs[1].buffer]);
    socket.close();
  });
}

for (const [why, sent] of [
  ['an unknown type', '4abc'],
  ['a payload that is no array', '42{}'],
  ['an id that is no number', '42abc["message-with-ack",1,"2",{"3":[false]}]'],
]) {
  test(`${why} closes the connection`, async () => {
    const socket = await suite.joined();
    socket.send(sent);
    await heard(socket, 'close');
  });
}
