// S26, S28: what is said in one chat is said to a model for that chat alone, whatever its material asks for. The corpus
// itself is held against prompts, answers and page beside their sources (injections_test.cpp, injections.test.tsx).
// tests: src/adapters/ai_http/conversation.cpp src/worker/answer.cpp
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { ScriptedModel } from '../support/scripted_model.mjs';
import { Server } from '../support/server.mjs';

const corpus = JSON.parse(readFileSync(new URL('injections.json', import.meta.url), 'utf8'));

let model, server;
before(async () => {
  model = await ScriptedModel.start();
  model.pieceMs = 0;
  server = await (await Server.create({ env: { ...model.env, RUBRICON_AI_KEY: 'sk-canary-of-the-key' } })).start();
});
after(async () => {
  await server?.destroy();
  await model?.stop();
});

/** A person in a new chat of that context, who asks and waits for the answer. */
async function asks(device, context, text) {
  const chatId = await device.createChat('', context);
  await device.join(chatId);
  await device.postUntilStored(chatId, text);
  const answers = () => device.messages(chatId).filter(({ role }) => role === 'AI');
  await device.until(() => answers().length === 1);
  return answers()[0];
}

test('S26, S28: a model is told of one chat alone, and of no key, whatever the material asks for', { timeout: 120_000 }, async (t) => {
  const people = await Promise.all([Device.register(server), Device.register(server)]);
  t.after(() => people.forEach((each) => each.close()));
  const [ann, ben] = people;
  await Promise.all(people.map((each) => each.connect()));
  const canaries = { ben: 'CANARY-of-ben', ann: 'CANARY-of-another-chat-of-ann' };
  await asks(ben, { note: `${canaries.ben}-context` }, `${canaries.ben} 什麼是規準？`);
  await asks(ann, { note: `${canaries.ann}-context` }, `${canaries.ann} 什麼是規準？`);
  const wanted = corpus.filter(({ kind }) => kind === 'other_chats' || kind === 'key');
  assert.equal(wanted.length, 4);
  for (const { id, text, says } of wanted) {
    const begun = model.requests.length;
    model.text = says;
    const answer = await asks(ann, { attached: text }, `請看附件（${id}）`);
    assert.equal(answer.content, says);
    assert.ok(model.requests.length > begun);
    const prompt = JSON.stringify(model.requests.slice(begun));
    assert.ok(prompt.includes(text.slice(0, 20)), 'the material is there');
    for (const secret of ['CANARY-of', 'sk-canary-of-the-key']) assert.ok(!prompt.includes(secret), `${id}: ${secret}`);
  }
});
