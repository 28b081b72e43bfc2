// Our client of models against a server that is not ours: llama.cpp, with a model of our making. Streaming, tables, a
// wrong key, a question that is too long for it, and its death.
// tests: src/adapters/ai_http/ai_http_client.cpp src/adapters/ai_http/http_stream.cpp src/app/doctor.cpp
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { binary, environment, Server } from '../support/server.mjs';
import { LlamaServer } from './llama_server.mjs';

const sentence = '好的，這是一個獨立的伺服器🙂。';

let llama;
before(async () => (llama = await LlamaServer.start()));
after(() => llama?.destroy());

/** A server of ours that asks as `env` says, and a teacher in a new chat. */
async function teacher(env, t) {
  const server = await (await Server.create({ env })).start();
  t.after(() => server.destroy());
  const ann = await Device.register(server);
  t.after(() => ann.close());
  await ann.connect();
  const chatId = await ann.createChat();
  await ann.join(chatId);
  const answers = () => ann.messages(chatId).filter(({ role }) => role === 'AI');
  const ask = async (text) => {
    const before = answers().length;
    await ann.postUntilStored(chatId, text);
    await ann.until(() => answers().length === before + 1);
    return answers().at(-1);
  };
  return { server, ann, chatId, ask };
}

/** Not server.command(), which would hold up what it asks. */
const doctor = (server, env) => new Promise((resolve) => {
  execFile(binary, ['doctor', '--data-dir', server.data], { env: { ...environment, ...env } }, (error, stdout) => resolve(stdout));
});

test('its words are streamed and counted, to the byte, and the doctor finds it well', { timeout: 120_000 }, async (t) => {
  const { server, ann, chatId, ask } = await teacher(llama.env(), t);
  const deltas = [];
  ann.socket.on('ai-delta', (delta) => delta.chatId === chatId && deltas.push(delta));
  const answer = await ask('你好，今天想聊聊評量。');
  assert.equal(answer.content, sentence);
  assert.deepEqual([answer.meta.source, answer.meta.degraded, answer.meta.outcome], ['independent', false, 'answered']);
  assert.equal(answer.meta.usage.completionTokens, 10);
  assert.ok(answer.meta.usage.promptTokens > 100, 'the prompt of the system and what was asked');
  let shown = '';
  for (const delta of deltas) shown = shown.slice(0, delta.off) + delta.text;
  assert.ok(sentence.startsWith(shown));
  assert.match(await doctor(server, llama.env()), /^ok +model +independent at 127\.0\.0\.1 answered in \d+ ms$/m);
  assert.ok(!JSON.stringify(server.log).includes(LlamaServer.key));
});

test('what it writes for a table is stored with points that we compute', { timeout: 120_000 }, async (t) => {
  const { ann, chatId, ask } = await teacher(llama.env(), t);
  const answer = await ask('請為八年級的議論文設計評分規準');
  assert.equal(answer.content, '為您設計好了：');
  assert.deepEqual([answer.meta.source, answer.meta.outcome], ['independent', 'created']);
  const { body } = await ann.rest('GET', `/api/chat/${chatId}/rubric`);
  assert.deepEqual(body.rubric.criteria.map(({ name, weight, points }) => [name['zh-TW'], weight, points]), [['論點', 75, 75], ['證據', 25, 25]]);
});

test('a key that it does not know is an answer by the rules, and the doctor says why', { timeout: 120_000 }, async (t) => {
  const env = llama.env('sk-of-somebody-else');
  const { server, ask } = await teacher(env, t);
  const answer = await ask('請為八年級的議論文設計評分規準');
  assert.deepEqual([answer.meta.source, answer.meta.degraded], ['rules', true]);
  assert.match(await doctor(server, env), /^\w+ +model +independent at 127\.0\.0\.1: .*401.*Invalid API Key/m);
  assert.ok(!JSON.stringify(server.log).includes('sk-of-somebody-else'));
});

test('a question that is too long for it is an answer by the rules', { timeout: 120_000 }, async (t) => {
  const small = await LlamaServer.start({ context: 256 });
  t.after(() => small.destroy());
  const { server, ask } = await teacher(small.env(), t);
  const answer = await ask('請為八年級的議論文設計評分規準');
  assert.deepEqual([answer.meta.source, answer.meta.degraded], ['rules', true]);
  const refused = server.log.find((record) => record['event.action'] === 'ai_http.refused');
  assert.match(refused['error.message'], /400: .*exceeds the available context size/);
});

test('when it is killed the rules answer, and nobody waits', { timeout: 120_000 }, async (t) => {
  const mortal = await LlamaServer.start();
  t.after(() => mortal.destroy());
  const { ask } = await teacher(mortal.env(), t);
  assert.equal((await ask('你好，今天想聊聊評量。')).meta.source, 'independent');
  await mortal.kill();
  const answer = await ask('請為八年級的議論文設計評分規準');
  assert.deepEqual([answer.meta.source, answer.meta.degraded], ['rules', true]);
});
