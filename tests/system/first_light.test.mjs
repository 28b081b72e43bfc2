// tests: src/app/main.cpp src/app/serve.cpp src/app/compose.cpp src/app/front_door.cpp src/app/cli.cpp
// The first table of docs/promises.md: what a teacher does, step by step, with the official client on each transport.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Device, storedEvents } from '../support/client.mjs';
import { Server } from '../support/server.mjs';

const ask = '請為八年級的議論文設計評分規準，5 個等級，總分 100';

let server;
before(async () => (server = await (await Server.create()).start()));
after(() => server.destroy());

for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
  test(`a teacher asks and is answered, live, over ${transports.join(' then ')}`, { timeout: 60_000 }, async () => {
    const device = await Device.register(server);
    await device.connect({ transports });
    const chatId = await device.createChat();
    const deltas = [];
    device.socket.on('ai-delta', (delta) => deltas.push(delta));
    const ack = await device.join(chatId);
    assert.equal(ack.ok, true);
    assert.equal(ack.epoch, 1);

    const posted = await device.post(chatId, ask, 'my-own-id');
    assert.equal(posted.status, 201);
    await device.until(() => device.messages(chatId).length === 2);

    const [question, answer] = device.messages(chatId);
    assert.equal(question.id, posted.body.id);
    assert.equal(question.seq, posted.body.seq);
    assert.equal(question.role, 'USER');
    assert.equal(question.clientId, 'my-own-id');
    assert.equal(question.userId, device.user.id);
    assert.equal(answer.role, 'AI');
    assert.equal(answer.replyTo, question.seq);
    assert.equal(answer.meta.source, 'rules');
    assert.equal(answer.meta.outcome, 'created');

    // The pieces, laid at their offsets, are the beginning of the answer: nothing torn, nothing twice.
    assert.ok(deltas.length > 1, 'the answer was streamed');
    let shown = '';
    for (const delta of deltas) shown = shown.slice(0, delta.off) + delta.text;
    assert.ok(answer.content.startsWith(shown));

    await device.until(() => device.chats.get(chatId).events.some((event) => event.name === 'rubric-updated'));
    const { body: chat } = await device.rest('GET', `/api/chat/${chatId}`);
    assert.equal(chat.rubric.rubric.levels.length, 5);
    assert.equal(chat.rubric.rubric.total, 100);
    assert.equal(chat.rubric.rubric.criteria.reduce((sum, c) => sum + c.weight, 0), 100);
    assert.deepEqual(device.violations, []);
    device.close();
  });
}

test('two devices of one account see the same, live, in the same order', { timeout: 60_000 }, async () => {
  const one = await Device.register(server);
  const two = await one.another();
  await Promise.all([one.connect(), two.connect()]);
  const chatId = await one.createChat('兩台裝置');
  await Promise.all([one.join(chatId), two.join(chatId)]);
  for (let i = 0; i < 10; i += 1) await (i % 2 ? one : two).post(chatId, `hello ${i}`);
  const { head } = await until20(one, chatId);
  await Promise.all([one, two].map((d) => d.until(() => d.chats.get(chatId).seq >= head)));
  const { events } = await storedEvents(one, chatId);
  const seen = (device) => device.chats.get(chatId).events.map((event) => event.seq);
  assert.deepEqual(seen(one), events.map((event) => event.seq));
  assert.deepEqual(seen(two), seen(one));
  assert.deepEqual([...one.violations, ...two.violations], []);
  one.close();
  two.close();
});

/** Waits for ten answers; resolves with the stored stream. */
async function until20(device, chatId) {
  await device.until(() => device.messages(chatId).filter((m) => m.role === 'AI').length === 10);
  return storedEvents(device, chatId);
}

test('what was missed while away arrives on return: in order, each once', { timeout: 60_000 }, async () => {
  const home = await Device.register(server);
  const school = await home.another();
  await home.connect();
  const chatId = await home.createChat();
  await home.join(chatId);
  home.socket.disconnect();
  const away = home.chats.get(chatId).seq;
  for (let i = 0; i < 30; i += 1) assert.equal((await school.post(chatId, `while away ${i}`)).status, 201);
  home.socket.connect();
  await home.until(() => home.messages(chatId).filter((m) => m.role === 'USER').length === 30);
  const mine = home.messages(chatId).filter((m) => m.role === 'USER').map((m) => m.content);
  assert.deepEqual(mine, Array.from({ length: 30 }, (_, i) => `while away ${i}`));
  assert.equal(home.chats.get(chatId).events.find((event) => event.seq > away).seq, away + 1);
  assert.deepEqual(home.violations, []);
  home.close();
});

test('two teachers share a chat; a viewer reads, an outsider finds nothing', { timeout: 60_000 }, async () => {
  const owner = await Device.register(server, '王老師');
  const colleague = await Device.register(server, '李老師');
  const outsider = await Device.register(server);
  await Promise.all([owner.connect(), colleague.connect(), outsider.connect()]);
  const chatId = await owner.createChat('共用');
  assert.equal((await colleague.rest('GET', `/api/chat/${chatId}`)).status, 404);

  const added = once(colleague.socket, 'user-event');
  const invited = await owner.rest('POST', `/api/chat/${chatId}/members`, { email: colleague.account.email, role: 'viewer' });
  assert.ok(invited.status === 200 || invited.status === 201, JSON.stringify(invited.body));
  assert.equal((await added).type, 'chat-added');
  assert.equal((await colleague.join(chatId)).ok, true);
  assert.equal((await owner.join(chatId)).ok, true);
  assert.equal((await colleague.post(chatId, 'may I?')).status, 403);
  assert.equal((await owner.post(chatId, '你好')).status, 201);
  await colleague.until(() => colleague.messages(chatId).length >= 2);

  const refused = await outsider.join(chatId);
  assert.equal(refused.error.code, 'not_found');
  assert.equal((await outsider.post(chatId, 'hello')).status, 404);

  const removed = once(colleague.socket, 'member-removed');
  await owner.rest('DELETE', `/api/chat/${chatId}/members/${colleague.user.id}`);
  await removed;
  const seen = colleague.messages(chatId).length;
  await owner.post(chatId, 'after the removal');
  await owner.until(() => owner.messages(chatId).at(-1).role === 'AI');
  assert.equal(colleague.messages(chatId).length, seen, 'a removed member hears nothing more');
  assert.equal((await colleague.join(chatId)).error.code, 'not_found');
  for (const device of [owner, colleague, outsider]) device.close();
});

function once(socket, name) {
  return new Promise((resolve) => socket.once(name, resolve));
}
