// A teacher stops an answer on the page, with a question waiting behind it: the same after a reload and on another device.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { byId, client, launch, openContext, screenshots, signIn } from '../support/browser.mjs';
import { Device } from '../support/client.mjs';
import { ScriptedModel } from '../support/scripted_model.mjs';
import { Server } from '../support/server.mjs';

let server, model, browser;
before(async () => {
  model = await ScriptedModel.start();
  server = await (await Server.create({ args: ['--client-dir', client], env: model.env })).start();
  browser = await launch();
}, { timeout: 180_000 });
after(async () => {
  await browser?.close();
  await server?.destroy();
  await model?.stop();
}, { timeout: 60_000 });

const say = async (page, text) => {
  await byId(page, 'composer').fill(text);
  await byId(page, 'send').click();
};
const streaming = (page) => page.locator('[data-testid=message][data-state=streaming]');
const answers = (page) => page.locator('[data-testid=message][data-role=AI][data-state=stored]');

test('a stopped answer and a queued question look the same everywhere', { timeout: 120_000 }, async () => {
  let go = false;
  Object.assign(model, { text: '評分🙂規準'.repeat(20), waitAfter: [12, () => go] });
  const { account } = await Device.register(server, 'Ann');
  const here = await openContext(browser);
  await here.goto(server.url);
  await signIn(here, account);
  await say(here, '什麼是規準？');
  await streaming(here).getByText('評分🙂規準評分🙂規準').waitFor();
  await say(here, '還有，什麼是等級？');
  await byId(here, 'queued').getByText('排隊中，前面還有 1 則').waitFor();
  await here.screenshot({ path: path.join(screenshots, 'stop.png') });

  const there = await openContext(browser);
  await there.goto(server.url);
  await signIn(there, account);
  await byId(there, 'chat-list-item').first().click();
  await here.reload();
  for (const page of [here, there]) {
    await streaming(page).getByText('評分🙂規準評分🙂規準').waitFor();
    await byId(page, 'queued').waitFor();
    assert.equal(await byId(page, 'queued').count(), 1);
    await byId(page, 'stop-answer').waitFor();
  }

  await byId(here, 'composer').press('Escape');
  for (const page of [here, there]) await answers(page).first().getByText('已停止').waitFor();
  const stopped = await Promise.all([here, there].map((page) => answers(page).first().innerText()));
  assert.equal(stopped[0], stopped[1]);
  assert.ok(stopped[0].includes('評分🙂規準評分🙂規準') && !stopped[0].includes('\uFFFD'), stopped[0]);

  await streaming(here).waitFor(); // it is the second one's turn
  go = true;
  for (const page of [here, there]) {
    await answers(page).nth(1).waitFor();
    assert.equal(await byId(page, 'queued').count(), 0);
    await byId(page, 'stop-answer').waitFor({ state: 'detached' });
    assert.deepEqual(page.problems, []);
  }
});
