// 3.1 rooms and broadcasts, 3.2 connection state recovery.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Echo, sleep } from './echo.mjs';

describe('3.1 rooms', () => {
  let echo;
  before(async () => (echo = await Echo.start()));
  after(() => echo.stop());

  async function member(room, namespace = '/') {
    const peer = await echo.joined(namespace);
    const prefix = namespace === '/' ? '' : `${namespace},`;
    peer.send(`42${prefix}0["kit-join","${room}"]`);
    assert.equal(await peer.next(), `43${prefix}0[true]`);
    return peer;
  }

  test('3.1 a broadcast reaches the others of the room, each once', async () => {
    const [a, b, c] = [await member('r1'), await member('r1'), await member('other')];
    b.send('420["kit-join","r1"]');
    await b.next();
    a.send('42["kit-room-send","r1",1,{"x":"評"}]');
    assert.equal(await b.next(), '42["kit-room-recv",1,{"x":"評"}]');
    for (const peer of [a, b, c]) await peer.assertQuiet(50);
    for (const peer of [a, b, c]) peer.close();
  });

  test('3.1 by polling and by WebSocket the same, binary included', async () => {
    const sender = await member('r2');
    const byWebSocket = await member('r2');
    const byPolling = await echo.polling('/socket.io/');
    await byPolling.join();
    await byPolling.send('420["kit-join","r2"]');
    await byPolling.poll();
    sender.send('451-["kit-room-send","r2",{"_placeholder":true,"num":0}]', Buffer.from([1, 2]));
    const text = '451-["kit-room-recv",{"_placeholder":true,"num":0}]';
    assert.equal(await byWebSocket.next(), text);
    assert.deepEqual(await byWebSocket.next(), Buffer.from([1, 2]));
    assert.equal(await byPolling.poll(), `${text}\x1ebAQI=`);
    sender.close();
    byWebSocket.close();
  });

  test('3.1 the id of a socket is its room', async () => {
    const a = await echo.joined();
    const b = await echo.session('/socket.io/');
    const { sid } = await b.join();
    a.send(`42["kit-room-send","${sid}","just you"]`);
    assert.equal(await b.next(), '42["kit-room-recv","just you"]');
    a.close();
    b.close();
  });

  test('3.1 rooms of the same name in two namespaces are two', async () => {
    const a = await member('r3');
    const b = await member('r3', '/custom');
    a.send('42["kit-room-send","r3","x"]');
    await b.assertQuiet();
    a.close();
    b.close();
  });

  test('3.1 who has left hears nothing more', async () => {
    const a = await member('r4');
    const b = await member('r4');
    await b.join('/custom');
    b.send('41');
    await sleep(50);
    a.send('42["kit-room-send","r4","x"]');
    await b.assertQuiet();
    a.close();
    b.close();
  });

  test('3.1 events to one socket keep their order under load', async () => {
    const [a, b] = [await member('r5'), await member('r5')];
    for (let i = 0; i < 2_000; ++i) a.send(`42["kit-room-send","r5",${i}]`);
    for (let i = 0; i < 2_000; ++i) assert.equal(await b.next(), `42["kit-room-recv",${i}]`);
    a.close();
    b.close();
  });
});

describe('3.2 recovery', () => {
  let echo;
  before(async () => (echo = await Echo.start({ recovery: 'on' })));
  after(() => echo.stop());

  async function member(room) {
    const peer = await echo.session('/socket.io/');
    peer.send('40');
    Object.assign(peer, JSON.parse((await peer.next()).slice(2)));
    peer.offset = JSON.parse((await peer.next()).slice(2)).at(-1);
    peer.send(`420["kit-join","${room}"]`);
    await peer.next();
    return peer;
  }

  const lastArgument = (message) => JSON.parse(message.slice(2)).at(-1);

  test('3.2 CONNECT is answered with a pid, events end with an offset', async () => {
    const peer = await echo.session('/socket.io/');
    peer.send('40');
    const answer = JSON.parse((await peer.next()).slice(2));
    assert.deepEqual(Object.keys(answer), ['sid', 'pid']);
    assert.match(answer.pid, /^[A-Za-z0-9_-]{20}$/);
    assert.notEqual(answer.pid, answer.sid);
    const auth = JSON.parse((await peer.next()).slice(2));
    assert.equal(auth.length, 3);
    assert.equal(typeof auth[2], 'string');
    peer.close();
  });

  test('3.2 events that ask for an answer have no offset', async () => {
    const peer = await member('none');
    peer.send('42["kit-ask",1]');
    assert.match(await peer.next(), /^42\d+\["kit-question",1\]$/);
    peer.close();
  });

  test('3.2 what was missed comes before the CONNECT answer, same id, same rooms', async () => {
    const [a, b] = [await member('r'), await member('r')];
    a.send('42["kit-room-send","r","seen"]');
    b.offset = lastArgument(await b.next());
    b.close();
    await sleep(50);
    a.send('42["kit-room-send","r","missed 1"]', '42["kit-room-send","elsewhere","not for b"]');
    a.send('42["kit-room-send","r","missed 2"]');
    await sleep(50);
    const back = await echo.session('/socket.io/');
    back.send(`40{"pid":"${b.pid}","offset":"${b.offset}"}`);
    assert.match(await back.next(), /^42\["kit-room-recv","missed 1","\d+"\]$/);
    assert.match(await back.next(), /^42\["kit-room-recv","missed 2","\d+"\]$/);
    assert.deepEqual(JSON.parse((await back.next()).slice(2)), { sid: b.sid, pid: b.pid });
    await back.next();
    a.send('42["kit-room-send","r","live"]');
    assert.match(await back.next(), /^42\["kit-room-recv","live","\d+"\]$/);
    a.close();
    back.close();
  });

  test('3.2 unknown pids and offsets make a new socket', async () => {
    const a = await member('r');
    a.close();
    await sleep(50);
    for (const auth of [
      `{"pid":"${a.pid}"}`,
      `{"pid":"${a.pid}","offset":"999999"}`,
      `{"pid":"${a.pid}","offset":"../x"}`,
      `{"pid":"${a.pid}","offset":7}`,
      `{"pid":["${a.pid}"],"offset":"${a.offset}"}`,
      `{"pid":"AAAAAAAAAAAAAAAAAAAA","offset":"${a.offset}"}`,
    ]) {
      const peer = await echo.session('/socket.io/');
      peer.send(`40${auth}`);
      const { sid, pid } = JSON.parse((await peer.next()).slice(2));
      assert.notEqual(sid, a.sid);
      assert.notEqual(pid, a.pid);
      peer.close();
    }
  });

  test('3.2 the admission is asked again', async () => {
    const a = await member('r');
    a.close();
    await sleep(50);
    const peer = await echo.session('/socket.io/');
    peer.send(`40{"pid":"${a.pid}","offset":"${a.offset}","token":"bad"}`);
    assert.match(await peer.next(), /^44\{"message":"unauthorized"/);
    peer.close();
  });

  test('3.2 who was thrown out is not recovered', async () => {
    const a = await member('r');
    a.send('42["kit-kick"]');
    assert.equal(await a.next(), '41');
    a.send(`40{"pid":"${a.pid}","offset":"${a.offset}"}`);
    const { sid } = JSON.parse((await a.next()).slice(2));
    assert.notEqual(sid, a.sid);
    a.close();
  });

  test('3.2 who left on purpose is not recovered', async () => {
    const a = await member('r');
    a.send('41');
    await sleep(50);
    a.send(`40{"pid":"${a.pid}","offset":"${a.offset}"}`);
    const { sid } = JSON.parse((await a.next()).slice(2));
    assert.notEqual(sid, a.sid);
    a.close();
  });
});
