// E1 with a real model's protocol: its answer is streamed and stored, and when it is away nobody waits: the rules answer,
// say so, and the question is asked again when it is back.
// tests: src/app/assistants.cpp src/app/ai_settings.cpp src/worker/ladder.cpp src/adapters/ai_http/ai_http_client.cpp
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { metric } from '../support/crowd.mjs';
import { ScriptedModel } from '../support/scripted_model.mjs';
import { binary, environment, Server } from '../support/server.mjs';

const design = '請為八年級的議論文設計評分規準';
const level = (n, name, descriptor) => ({ id: `new:${n}`, name, descriptor });
const criterion = (n, name, weight) => ({ id: `new:${n}`, name, focus: `${name}如何？`, weight,
  levels: [level(1, '優秀', `${name}完整且正確`), level(2, '良好', `${name}大致正確`), level(3, '待加強', `${name}有一部分`)] });
const rubric = { title: '議論文評分規準', language: 'zh-TW', kind: 'analytic', criteria: [criterion(1, '論點', 3), criterion(2, '證據', 1)] };

let model, server, ann;
before(async () => {
  model = await ScriptedModel.start();
  server = await (await Server.create({ env: { ...model.env, RUBRICON_AI_KEY: 'sk-of-the-test' } })).start();
  ann = await Device.register(server);
  await ann.connect();
});
after(async () => {
  ann?.close();
  await server?.destroy();
  await model?.stop();
});

const chat = async () => {
  const chatId = await ann.createChat();
  await ann.join(chatId);
  return chatId;
};
const answers = (chatId) => ann.messages(chatId).filter(({ role }) => role === 'AI');
const answered = (chatId, count = 1) => ann.until(() => answers(chatId).length === count);

test('its words are streamed as they come, and its table is stored with points that we compute', { timeout: 60_000 }, async () => {
  model.rubric = rubric;
  const chatId = await chat();
  const deltas = [];
  ann.socket.on('ai-delta', (delta) => delta.chatId === chatId && deltas.push(delta));
  model.waitAfter = [3, () => deltas.length > 0]; // the first words are seen before the last are written
  await ann.postUntilStored(chatId, design);
  await answered(chatId);
  model.waitAfter = null;
  const [answer] = answers(chatId);
  assert.equal(answer.meta.source, 'scripted');
  assert.equal(answer.meta.degraded, false);
  assert.equal(answer.meta.outcome, 'created');
  assert.deepEqual(answer.meta.usage, { promptTokens: 10, completionTokens: 20 });
  let shown = '';
  for (const delta of deltas) shown = shown.slice(0, delta.off) + delta.text;
  assert.ok(deltas.length > 1 && answer.content.startsWith(shown));
  assert.ok(answer.content.startsWith(model.text));
  const { body } = await ann.rest('GET', `/api/chat/${chatId}/rubric`);
  assert.deepEqual(body.rubric.criteria.map(({ name, weight, points }) => [name['zh-TW'], weight, points]), [['論點', 75, 75], ['證據', 25, 25]]);
  assert.equal(model.headers.at(-1).authorization, 'Bearer sk-of-the-test');
  model.rubric = null;
});

test('the doctor asks it, and says when it is away or refuses', { timeout: 60_000 }, async () => {
  // Not server.command(), which would hold up the model, too.
  const doctor = () => new Promise((resolve) => {
    execFile(binary, ['doctor', '--data-dir', server.data], { env: { ...environment, ...model.env, RUBRICON_AI_KEY: 'sk-of-the-test' } },
      (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr }));
  });
  const well = await doctor();
  assert.equal(well.status, 0, well.stdout + well.stderr);
  assert.match(well.stdout, /^ok +model +scripted at 127\.0\.0\.1 answered in \d+ ms$/m);
  model.mode = 'fail';
  assert.match((await doctor()).stdout, /^doubtful +model +scripted at 127\.0\.0\.1: .*500/m);
  model.mode = 'answer';
});

test('an equal question costs nothing, and asked again it is thought about again', { timeout: 60_000 }, async () => {
  const [one, two] = [await chat(), await chat()];
  await ann.postUntilStored(one, '什麼是規準？');
  await answered(one);
  const asked = model.requests.length;
  await ann.postUntilStored(two, '什麼是規準？');
  await answered(two);
  assert.equal(model.requests.length, asked);
  assert.equal(answers(two)[0].meta.usage, undefined);
  const { status, body } = await ann.rest('POST', `/api/chat/${two}/answer/regenerate`, { replyTo: answers(two)[0].replyTo });
  assert.equal(status, 202, JSON.stringify(body));
  await answered(two, 2);
  assert.equal(model.requests.length, asked + 1);
  assert.deepEqual(answers(two).map(({ replyTo }) => replyTo), [2, 2]);
});

test('one that breaks off is asked as a new attempt, and after three the rules answer', { timeout: 60_000 }, async () => {
  model.mode = 'cut';
  const chatId = await chat();
  const attempts = new Map();
  const begun = model.requests.length;
  model.waitAfter = [3, () => attempts.size >= model.requests.length - begun]; // some of each is seen
  ann.socket.on('ai-delta', (delta) => {
    if (delta.chatId === chatId) attempts.set(delta.attempt, (attempts.get(delta.attempt) ?? '').slice(0, delta.off) + delta.text);
  });
  await ann.postUntilStored(chatId, `${design}，3 個等級`);
  await answered(chatId);
  Object.assign(model, { mode: 'answer', waitAfter: null });
  const [answer] = answers(chatId);
  assert.equal(answer.meta.source, 'rules');
  assert.equal(answer.meta.degraded, true);
  const texts = [...attempts.entries()].toSorted(([a], [b]) => a - b).map(([, text]) => text);
  assert.equal(texts.length, 4);
  for (const text of texts.slice(0, 3)) assert.ok(model.text.startsWith(text), text);
  assert.ok(answer.content.startsWith(texts[3]), 'nothing of the others is in it');
});

test('while it is away nobody waits, and by one request it is asked again when it is back', { timeout: 120_000 }, async () => {
  await model.stop();
  const chatId = await chat();
  // The first few find out that it is away; then the breaker is open.
  for (let n = 1; n <= 6; n += 1) {
    await ann.postUntilStored(chatId, `${design}，總分 ${n * 10}`);
    await answered(chatId, n);
  }
  assert.equal(await metric(server, 'rubricon_ai_breaker_state', 'model="scripted"'), 2);
  const last = answers(chatId).at(-1);
  assert.deepEqual([last.meta.source, last.meta.degraded], ['rules', true]);

  await model.listen();
  // The breaker lets a trial through after a quarter of a minute; until then it is said that the model is away.
  const ends = () => ann.chats.get(chatId).events.filter(({ name, replyTo }) => name === 'answer-failed' || replyTo !== undefined).length;
  while (answers(chatId).at(-1).meta.source !== 'scripted') {
    const seen = ends();
    const { status, body } = await ann.untilAllowed('POST', `/api/chat/${chatId}/answer/regenerate`, { replyTo: last.replyTo });
    assert.equal(status, 202, JSON.stringify(body));
    await ann.until(() => ends() > seen);
  }
  assert.equal(answers(chatId).at(-1).meta.degraded, false);
});

test('to go back is done by the rules, which know the version before', { timeout: 60_000 }, async () => {
  const chatId = await chat();
  model.rubric = rubric;
  await ann.postUntilStored(chatId, design);
  await answered(chatId);
  model.rubric = { ...rubric, title: '另一份' };
  await ann.postUntilStored(chatId, '換一個標題');
  await answered(chatId, 2);
  await ann.postUntilStored(chatId, '復原');
  await answered(chatId, 3);
  assert.deepEqual([answers(chatId)[2].meta.source, answers(chatId)[2].meta.degraded, answers(chatId)[2].meta.outcome], ['rules', false, 'edited']);
  const { body } = await ann.rest('GET', `/api/chat/${chatId}/rubric`);
  assert.equal(body.rubric.title['zh-TW'], rubric.title);
  model.rubric = null;
});

test('keys and what was asked are in no log', { timeout: 10_000 }, () => {
  const log = JSON.stringify(server.log);
  assert.ok(log.length > 1_000);
  for (const secret of ['sk-of-the-test', '議論文', model.text]) assert.ok(!log.includes(secret), secret);
});
