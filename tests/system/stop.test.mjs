// Somebody stops an answer: the model is no longer asked, and what was seen is its end, the same on every device. A second
// question waits for its turn, and can be taken back.
// tests: src/worker/answer.cpp src/worker/stop_watch.cpp src/api/message_routes.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { ScriptedModel } from '../support/scripted_model.mjs';
import { Server } from '../support/server.mjs';

const long = '評分🙂規準，一項一項說明👩‍🏫。'.repeat(500);

let model, server, ann, phone;
before(async () => {
  model = await ScriptedModel.start();
  server = await (await Server.create({ env: model.env })).start();
  ann = await Device.register(server);
  phone = await ann.another();
  await Promise.all([ann.connect(), phone.connect()]);
});
after(async () => {
  ann?.close();
  phone?.close();
  await server?.destroy();
  await model?.stop();
});

const chat = async () => {
  const chatId = await ann.createChat();
  await Promise.all([ann.join(chatId), phone.join(chatId)]);
  return chatId;
};
const answers = (device, chatId) => device.messages(chatId).filter(({ role }) => role === 'AI');
const failures = (device, chatId) => device.chats.get(chatId).events.filter(({ name }) => name === 'answer-failed');
const stop = (device, chatId, replyTo) => device.rest('POST', `/api/chat/${chatId}/answer/stop`, { replyTo });
/** The text of the answer to each question, as a device puts it together. */
const watch = (device, chatId) => {
  const shown = new Map();
  device.socket.on('ai-delta', (delta) => {
    if (delta.chatId === chatId) shown.set(delta.replyTo, (shown.get(delta.replyTo) ?? '').slice(0, delta.off) + delta.text);
  });
  return shown;
};

test('what was seen is the answer on both devices, and the connection to the model is closed', { timeout: 60_000 }, async () => {
  model.text = long;
  const chatId = await chat();
  const [here, there] = [watch(ann, chatId), watch(phone, chatId)];
  const { seq } = await ann.postUntilStored(chatId, '什麼是規準？');
  await ann.until(() => here.get(seq)?.length > 30);
  assert.equal(model.open.size, 1);
  const { status, body } = await stop(phone, chatId, seq);
  assert.equal(status, 202, JSON.stringify(body));
  await Promise.all([ann, phone].map((device) => device.until(() => answers(device, chatId).length === 1)));
  await ann.until(() => model.open.size === 0);
  const [answer] = answers(ann, chatId);
  assert.deepEqual(answers(phone, chatId)[0], answer);
  assert.equal(answer.replyTo, seq);
  assert.deepEqual(answer.meta, { source: 'scripted', degraded: false, outcome: 'answered', stopped: true });
  assert.ok(answer.content.length < long.length && long.startsWith(answer.content), answer.content);
  assert.ok(answer.content.isWellFormed() && !answer.content.includes('\uFFFD'));
  await ann.until(() => [here, there].every((shown) => shown.get(seq) === answer.content)); // it is what was seen
  const again = await stop(ann, chatId, seq);
  assert.deepEqual([again.status, again.body.code], [409, 'nothing_to_stop']);
});

test('before the first word it is said that it was stopped, and it can be asked again', { timeout: 60_000 }, async () => {
  Object.assign(model, { text: '好。', mode: 'silent' });
  const chatId = await chat();
  const { seq } = await ann.postUntilStored(chatId, '說一個字');
  await ann.until(() => model.open.size === 1);
  assert.equal((await stop(ann, chatId, seq)).status, 202);
  const twice = await stop(phone, chatId, seq); // 409 where the worker was faster
  assert.ok(twice.status === 202 || twice.body.code === 'nothing_to_stop', JSON.stringify(twice.body));
  await Promise.all([ann, phone].map((device) => device.until(() => failures(device, chatId).length === 1)));
  await ann.until(() => model.open.size === 0);
  assert.deepEqual(failures(ann, chatId).map(({ replyTo, reason }) => [replyTo, reason]), [[seq, 'stopped']]);
  model.mode = 'answer';
  const { status } = await ann.rest('POST', `/api/chat/${chatId}/answer/regenerate`, { replyTo: seq });
  assert.equal(status, 202);
  await ann.until(() => answers(ann, chatId).length === 1);
  assert.equal(answers(ann, chatId)[0].content, '好。');
  assert.equal(failures(ann, chatId).length, 1);
});

test('questions wait for their turn: one that is stopped or taken back meanwhile is never asked', { timeout: 60_000 }, async () => {
  let go = false;
  Object.assign(model, { text: '第一個回答。', waitAfter: [2, () => go] });
  const chatId = await chat();
  const shown = watch(ann, chatId);
  const asked = model.requests.length;
  const first = await ann.postUntilStored(chatId, '第一題？');
  await ann.until(() => shown.get(first.seq)?.length > 0);
  const [second, third, fourth] = [await ann.postUntilStored(chatId, '第二題？'), await ann.postUntilStored(chatId, '第三題？'), await ann.postUntilStored(chatId, '第四題？')];
  assert.equal((await stop(ann, chatId, second.seq)).status, 202);
  await phone.until(() => failures(phone, chatId).length === 1);
  assert.deepEqual(failures(phone, chatId).map(({ replyTo, reason }) => [replyTo, reason]), [[second.seq, 'stopped']]);
  assert.equal((await ann.rest('DELETE', `/api/chat/${chatId}/messages/${third.id}`)).status, 204);
  assert.equal(answers(ann, chatId).length, 0, 'the first is still being answered');
  go = true;
  await phone.until(() => answers(phone, chatId).length === 2);
  model.waitAfter = null;
  assert.deepEqual(answers(phone, chatId).map(({ replyTo }) => replyTo), [first.seq, fourth.seq]);
  assert.equal(answers(phone, chatId)[0].content, '第一個回答。');
  const questions = model.requests.slice(asked).map(({ messages }) => messages.at(-1).content);
  assert.equal(questions.length, 2);
  assert.ok(questions[0].endsWith('第一題？') && questions[1].endsWith('第四題？'), JSON.stringify(questions));
});

test('a stop that races with the end leaves one end', { timeout: 60_000 }, async () => {
  Object.assign(model, { text: '很快。', pieceMs: 0 });
  for (let n = 0; n < 10; n += 1) {
    const chatId = await chat();
    const { seq } = await ann.postUntilStored(chatId, `第 ${n} 次？`);
    const { status } = await stop(ann, chatId, seq);
    assert.ok(status === 202 || status === 409, String(status));
    await ann.until(() => answers(ann, chatId).length + failures(ann, chatId).length === 1);
    const { seq: next } = await ann.postUntilStored(chatId, '再一題？');
    await ann.until(() => answers(ann, chatId).some(({ replyTo }) => replyTo === next));
    const ends = [...answers(ann, chatId), ...failures(ann, chatId)].filter(({ replyTo }) => replyTo === seq);
    assert.equal(ends.length, 1);
  }
  model.pieceMs = 5;
});
