// 2.2 attachments, by both transports.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Echo } from './echo.mjs';

let echo;
before(async () => (echo = await Echo.start({ 'max-payload': 100_000, 'ping-interval': 2000, 'ping-timeout': 300 })));
after(() => echo.stop());

const p = (num) => `{"_placeholder":true,"num":${num}}`;

test('2.2 placeholders and attachments come back in order', async () => {
  const peer = await echo.joined();
  peer.send(`452-["message",${p(0)},"x",{"deep":[${p(1)}]}]`, Buffer.from([1, 2]), Buffer.from([3]));
  assert.equal(await peer.next(), `452-["message-back",${p(0)},"x",{"deep":[${p(1)}]}]`);
  assert.deepEqual(await peer.next(), Buffer.from([1, 2]));
  assert.deepEqual(await peer.next(), Buffer.from([3]));
  peer.close();
});

test('2.2 namespaces and ids stand where they belong', async () => {
  const peer = await echo.joined('/custom');
  peer.send(`451-/custom,7["message-with-ack",${p(0)}]`, Buffer.from([1]));
  assert.equal(await peer.next(), `461-/custom,7[${p(0)}]`);
  assert.deepEqual(await peer.next(), Buffer.from([1]));
  peer.close();
});

test('2.2 a binary acknowledgement from the client arrives', async () => {
  const peer = await echo.joined();
  peer.send('42["kit-ask",1]');
  const [, id] = (await peer.next()).match(/^42(\d+)/);
  peer.send(`461-${id}[${p(0)}]`, Buffer.from([9]));
  assert.equal(await peer.next(), `451-["kit-answer",${p(0)}]`);
  assert.deepEqual(await peer.next(), Buffer.from([9]));
  peer.close();
});

test('2.2 by polling attachments are base64 packets', async () => {
  const session = await echo.polling('/socket.io/');
  await session.join();
  await session.send(`452-["message",${p(0)},${p(1)}]`, 'bAQI=', 'bAw==');
  assert.equal(await session.poll(), `452-["message-back",${p(0)},${p(1)}]\x1ebAQI=\x1ebAw==`);
});

test('2.2 an attachment may come in a later POST', async () => {
  const session = await echo.polling('/socket.io/');
  await session.join();
  await session.send(`451-["message",${p(0)}]`);
  await session.send('bAQI=');
  assert.equal(await session.poll(), `451-["message-back",${p(0)}]\x1ebAQI=`);
});

test('2.2 one used twice becomes two, one unused falls away', async () => {
  const peer = await echo.joined();
  peer.send(`451-["message",${p(0)},${p(0)}]`, Buffer.from([1]));
  assert.equal(await peer.next(), `452-["message-back",${p(0)},${p(1)}]`);
  assert.deepEqual(await peer.next(), Buffer.from([1]));
  assert.deepEqual(await peer.next(), Buffer.from([1]));
  peer.send('451-["message","x"]', Buffer.from([1]));
  assert.equal(await peer.next(), '42["message-back","x"]');
  peer.close();
});

test('2.2 only true makes a placeholder, and only in a binary packet', async () => {
  const peer = await echo.joined();
  peer.send('42["message",{"_placeholder":true,"num":5}]');
  assert.equal(await peer.next(), '42["message-back",{"_placeholder":true,"num":5}]');
  peer.send('451-["message",{"_placeholder":1,"num":5}]', Buffer.from([1]));
  assert.equal(await peer.next(), '42["message-back",{"_placeholder":1,"num":5}]');
  peer.close();
});

test('2.2 ten attachments are accepted', async () => {
  const peer = await echo.joined();
  const placeholders = Array.from({ length: 10 }, (_, i) => p(i)).join();
  peer.send(`4510-["message",${placeholders}]`, ...Array.from({ length: 10 }, (_, i) => Buffer.from([i])));
  assert.equal(await peer.next(), `4510-["message-back",${placeholders}]`);
  for (let i = 0; i < 10; ++i) assert.deepEqual(await peer.next(), Buffer.from([i]));
  peer.close();
});

test('2.2 nothing comes between a packet and its attachments, however many send', async () => {
  const listener = await echo.joined();
  listener.send('420["kit-join","busy"]');
  await listener.next();
  const senders = await Promise.all(Array.from({ length: 4 }, () => echo.joined()));
  const count = 100;
  for (let i = 0; i < count; ++i) {
    for (const [s, peer] of senders.entries()) {
      peer.send(`452-["kit-room-send","busy",${s},${i},${p(0)},${p(1)}]`, Buffer.from([s, i]), Buffer.from([i, s]));
      peer.send(`42["kit-room-send","busy",${s},${i}]`);
    }
  }
  for (let n = 0; n < 2 * count * senders.length; ++n) {
    const text = await listener.next();
    if (text.startsWith('42')) continue;
    const [, s, i] = text.match(/^452-\["kit-room-recv",(\d+),(\d+),/).map(Number);
    assert.deepEqual(await listener.next(), Buffer.from([s, i]));
    assert.deepEqual(await listener.next(), Buffer.from([i, s]));
  }
  for (const peer of [listener, ...senders]) peer.close();
});

for (const [why, packets] of [
  ['no attachments announced', ['450-["message"]']],
  ['eleven announced', ['4511-["message"]']],
  ['a huge number announced', ['4599999999999999999999-["message"]']],
  ['a number that is none', ['45x-["message"]']],
  ['a negative number', ['45-1-["message"]']],
  ['no dash', ['451["message"]']],
  ['no payload', ['451-']],
  ['a placeholder out of range', [`451-["message",${p(1)}]`, Buffer.from([1])]],
  ['a negative placeholder', [`451-["message",${p(-1)}]`, Buffer.from([1])]],
  ['a placeholder that is text', [`451-["message",${p('"0"')}]`, Buffer.from([1])]],
  ['a placeholder naming a method', [`451-["message",${p('"splice"')}]`, Buffer.from([1])]],
  ['a placeholder without num', ['451-["message",{"_placeholder":true}]', Buffer.from([1])]],
  ['text while an attachment is due', [`451-["message",${p(0)}]`, '42["message"]']],
  ['an attachment nobody announced', [Buffer.from([1])]],
  ['more attachments than announced', [`451-["nobody",${p(0)}]`, Buffer.from([1]), Buffer.from([2])]],
  ['attachments over maxPayload together', ['453-["message"]', ...Array(3).fill(Buffer.alloc(50_000))]],
  ['eleven uses of one attachment', [`451-["message",${Array(11).fill(p(0))}]`, Buffer.from([1])]],
]) {
  test(`2.2 ${why} closes the connection`, async () => {
    const peer = await echo.joined();
    peer.send(...packets);
    assert.equal(await peer.closeCode(1500), 1005);
    assert.deepEqual(peer.messages, []);
  });
}

test('2.2 an attachment that does not come in time closes the connection', async () => {
  const peer = await echo.joined();
  const from = Date.now();
  peer.send(`451-["message",${p(0)}]`);
  assert.equal(await peer.closeCode(), 1005);
  assert.ok(Date.now() - from < 1000);
});
