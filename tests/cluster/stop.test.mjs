// An answer is stopped through an api, and written by a worker in another process, which may die just then.
// tests: src/worker/stop_watch.cpp src/adapters/postgres/job_writes.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { metric } from '../support/crowd.mjs';
import { ScriptedModel } from '../support/scripted_model.mjs';

let cluster, model, ann, phone;
before(async () => {
  model = await ScriptedModel.start();
  model.text = '評分🙂規準，一項一項說明。'.repeat(2_000);
  cluster = await (await Cluster.create({ env: model.env })).start();
  ann = await Device.register(cluster);
  phone = await ann.another();
  await Promise.all([ann.connect(), phone.connect()]);
}, { timeout: 180_000 });
after(async () => {
  ann?.close();
  phone?.close();
  await cluster?.destroy();
  await model?.stop();
}, { timeout: 120_000 });

/** A question whose answer is seen to be written by `worker`. */
const ask = async (content) => {
  const chatId = await ann.createChat();
  await Promise.all([ann.join(chatId), phone.join(chatId)]);
  const attempts = new Map();
  phone.socket.on('ai-delta', (delta) => {
    if (delta.chatId === chatId) attempts.set(delta.attempt, (attempts.get(delta.attempt) ?? '').slice(0, delta.off) + delta.text);
  });
  const { seq } = await ann.postUntilStored(chatId, content);
  await phone.until(() => attempts.get(1)?.length > 30);
  const busy = await Promise.all(cluster.workers.map((worker) => metric(worker, 'rubricon_ai_busy', 'model="scripted"')));
  return { chatId, seq, attempts, worker: cluster.workers[busy.indexOf(1)] };
};
const stop = (chatId, replyTo) => ann.rest('POST', `/api/chat/${chatId}/answer/stop`, { replyTo });
const answers = (device, chatId) => device.messages(chatId).filter(({ role }) => role === 'AI');
/** The one answer, which both devices have. */
const end = async (chatId, seq) => {
  await Promise.all([ann, phone].map((device) => device.until(() => answers(device, chatId).length === 1)));
  const [answer] = answers(ann, chatId);
  assert.deepEqual(answers(phone, chatId), [answer]);
  assert.equal(answer.replyTo, seq);
  assert.equal(answer.meta.stopped, true);
  assert.ok(answer.content.length < model.text.length && model.text.startsWith(answer.content) && answer.content.isWellFormed());
  return answer;
};

test('a worker in another process hears of it, and stores what was seen', { timeout: 60_000 }, async () => {
  const { chatId, seq, attempts } = await ask('什麼是規準？');
  assert.equal((await stop(chatId, seq)).status, 202);
  const { content } = await end(chatId, seq);
  await phone.until(() => attempts.get(1) === content);
  await ann.until(() => model.open.size === 0);
});

test('a worker that is killed after the stop leaves what was seen to the other one', { timeout: 120_000 }, async () => {
  const { chatId, seq, attempts, worker } = await ask('什麼是等級？');
  assert.equal((await stop(chatId, seq)).status, 202);
  await worker.kill(); // it has half a second to hear of the stop, and may just have
  await ann.until(() => model.open.size === 0);
  const asked = model.requests.length;
  const { content } = await end(chatId, seq);
  assert.ok(content.startsWith(attempts.get(1)), 'nothing that was seen is gone');
  assert.equal(model.requests.length, asked, 'nobody asks the model again');
  await worker.start();
});
