// The scenario of the README in headless Chromium: a teacher signs up, asks, sees the answer stream in
// and the rubric appear; the same account in a second browser shows everything, live.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { byId, client, launch, openContext, screenshots, signIn } from '../support/browser.mjs';
import { ask as send } from '../support/http.mjs';
import { Server } from '../support/server.mjs';

const ask = '請為八年級的議論文設計評分規準，5 個等級，總分 100';
const account = { name: '周老師', email: 'chou@school.example', password: 'correct horse battery' };
/** Signs up on the page. */
const newcomer = { name: '林老師', email: 'lin@school.example', password: 'correct horse battery' };

let server, browser;
before(async () => {
  server = await (await Server.create({ args: ['--client-dir', client] })).start();
  assert.equal((await send(server, 'POST', '/api/auth/register', { body: account })).status, 201);
  browser = await launch();
  await mkdir(screenshots, { recursive: true });
});
after(async () => {
  await browser?.close();
  await server?.destroy();
});
const openBrowser = (options) => openContext(browser, options);

/** A page of the account in a new chat in which the assistant was greeted, and answered. */
async function greeted() {
  const page = await openBrowser();
  await page.goto(server.url);
  await signIn(page, account);
  await page.locator('[data-testid=connection][data-state=online]').waitFor();
  await byId(page, 'new-chat').click();
  await byId(page, 'composer').fill('你好');
  await byId(page, 'send').click();
  await page.locator('[data-testid=message][data-role=AI]').first().waitFor();
  return page;
}

test('sign up, ask, be answered, see the rubric, on two screens at once', { timeout: 180_000 }, async () => {
  const first = await openBrowser({ viewport: { width: 1680, height: 945 } }); // the README's picture
  await first.goto(server.url);
  await byId(first, 'to-register').click();
  await byId(first, 'register-name').fill(newcomer.name);
  await signIn(first, newcomer);
  await byId(first, 'composer').waitFor();
  await first.locator('[data-testid=connection][data-state=online]').waitFor();
  await first.screenshot({ path: path.join(screenshots, 'empty.png') });

  const second = await openBrowser();
  await second.goto(server.url);
  await signIn(second, newcomer);
  await second.locator('[data-testid=connection][data-state=online]').waitFor();

  await first.evaluate(() => {
    // How long the unfinished answer was each time the page changed.
    globalThis.streamedLengths = new Set();
    new MutationObserver(() => {
      const text = document.querySelector('[data-testid=message][data-state=streaming]')?.textContent;
      if (text) globalThis.streamedLengths.add(text.length);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await byId(first, 'composer').fill(ask);
  await byId(first, 'send').click();
  const answer = first.locator('[data-testid=message][data-role=AI]');
  await answer.first().waitFor();
  await byId(first, 'rubric-table').waitFor();
  assert.ok((await first.evaluate(() => globalThis.streamedLengths.size)) > 1, 'the answer grew before the eyes');
  assert.equal(await first.locator('[data-testid=message][data-role=USER]').count(), 1);
  assert.equal(await first.locator('[data-testid=rubric-cell]').count(), 25, '5 criteria × 5 levels');

  // The second browser did nothing and has it all.
  await second.getByTestId('chat-list-item').first().click();
  await byId(second, 'rubric-table').waitFor();
  await second.locator('[data-testid=message][data-role=AI]').first().waitFor();
  await first.screenshot({ path: path.join(screenshots, 'first-light.png') });

  // And live: a follow-up written in the second appears in the first, with the changed table.
  await byId(second, 'composer').fill('改成 4 個等級');
  await byId(second, 'composer').press('Enter');
  await first.waitForFunction(() => document.querySelectorAll('[data-testid=rubric-cell]').length === 20);
  await second.waitForFunction(() => document.querySelectorAll('[data-testid=rubric-cell]').length === 20);
  await first.waitForFunction(() => document.querySelectorAll('[data-testid=message][data-role=AI]').length === 2);

  // The table leaves the page as a file that the teacher's other programs read.
  const toFile = async (format) => {
    await first.getByRole('button', { name: '下載' }).click();
    const [download] = await Promise.all([first.waitForEvent('download'), first.getByRole('menuitem', { name: format }).click()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const word = await toFile('Word（DOCX）');
  assert.match(word.name, /議論文.*\.docx$/);
  assert.equal(word.bytes.subarray(0, 2).toString(), 'PK');
  assert.match((await toFile('Markdown 文字檔')).bytes.toString(), /\| 論點/);

  // A reload shows the same without asking again.
  await first.reload();
  await first.waitForFunction(() => document.querySelectorAll('[data-testid=rubric-cell]').length === 20);
  assert.equal(await first.locator('[data-testid=message]').count(), 4);
  assert.deepEqual(first.problems, []);
  assert.deepEqual(second.problems, []);
  await second.context().close();
  await first.context().close();
});

test('a table comes in from a file and from what was copied, looked at first', { timeout: 180_000 }, async () => {
  const page = await greeted();
  await page.getByRole('button', { name: '匯入表格' }).click();
  await byId(page, 'import-file').setInputFiles({ name: 'broken.csv', mimeType: 'text/csv', buffer: Buffer.from('nothing') });
  await page.locator('.import-notes .form-error').first().waitFor();
  const aligned = await page.locator('.import-notes').evaluate((list) => getComputedStyle(list).textAlign);
  assert.equal(aligned, 'start', 'the panel that it is opened from centres its own text only');
  assert.equal(await byId(page, 'import-adopt').isDisabled(), true);
  const table = '評分項目\t優\t良\t待加強\n論點\t清楚\t大致清楚\t模糊\n證據\t充分\t有一些\t沒有\n';
  await byId(page, 'import-paste').evaluate((box, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  }, table);
  await byId(page, 'import-found').waitFor();
  await page.screenshot({ path: path.join(screenshots, 'import.png') });
  await byId(page, 'import-adopt').click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=rubric-cell]').length === 6);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('four levels fit beside the conversation, of more it is said, and a file has what was typed a moment ago', { timeout: 180_000 }, async () => {
  const page = await greeted();
  const asked = async (text, cells) => {
    await byId(page, 'composer').fill(text);
    await byId(page, 'send').click();
    await page.waitForFunction((count) => document.querySelectorAll('[data-testid=rubric-cell]').length === count, cells);
  };
  const hidden = () => page.locator('.table-scroll').evaluate((box) => box.scrollWidth - box.clientWidth);
  await asked('請為八年級的議論文設計評分規準，4 個等級，總分 100', 20);
  assert.equal(await hidden(), 0);
  assert.equal(await byId(page, 'table-more').count(), 0);
  await page.screenshot({ path: path.join(screenshots, 'four-levels.png') });
  await asked('改成 6 個等級', 30);
  assert.ok((await hidden()) > 0);
  await byId(page, 'table-more').waitFor();
  await page.locator('.table-scroll').evaluate((box) => box.scrollTo({ left: box.scrollWidth, behavior: 'instant' }));
  await byId(page, 'table-more').waitFor({ state: 'detached' });

  await byId(page, 'rubric-cell').first().getByRole('textbox').first().fill('剛剛才寫的');
  await page.getByRole('button', { name: '下載' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Markdown 文字檔' }).click()]);
  assert.match((await readFile(await download.path())).toString(), /剛剛才寫的/);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

test('what is written while the server is away is sent when it is back, once', { timeout: 180_000 }, async () => {
  const page = await greeted();

  await server.kill();
  await page.locator('[data-testid=connection]:not([data-state=online])').waitFor();
  await byId(page, 'composer').fill('寫於斷線時');
  await byId(page, 'send').click();
  await page.locator('[data-testid=message][data-state=pending]').waitFor();
  await page.screenshot({ path: path.join(screenshots, 'offline.png') });
  await server.start();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=message][data-role=AI]').length === 2, null, { timeout: 120_000 });
  const sent = page.locator('[data-testid=message][data-role=USER]', { hasText: '寫於斷線時' });
  assert.equal(await sent.count(), 1, 'once in the conversation; the list beside it may show it, too');
  assert.equal(await page.locator('[data-testid=message][data-state=pending]').count(), 0);
  await page.context().close();
});

test('signing out in one tab signs out the other, which shows nothing any more', { timeout: 120_000 }, async () => {
  const one = await greeted();
  await byId(one, 'chat-list-item').first().waitFor();
  const other = await one.context().newPage();
  await other.goto(server.url);
  await byId(other, 'chat-list-item').first().waitFor();

  await byId(one, 'account').click();
  await byId(one, 'sign-out').click();
  await byId(one, 'login-email').waitFor();
  await byId(other, 'login-email').waitFor();
  assert.equal(await byId(other, 'chat-list-item').count(), 0);
  await one.context().close();
});

test('the page in English, dark, and on a phone', { timeout: 120_000 }, async () => {
  const dark = await openBrowser({ locale: 'en-US', colorScheme: 'dark' });
  await dark.goto(server.url);
  await byId(dark, 'login-email').waitFor();
  const brightness = (page) =>
    page.evaluate(() => {
      const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
      return (r + g + b) / 3;
    });
  assert.ok((await brightness(dark)) < 80, 'dark behind the words');
  await dark.screenshot({ path: path.join(screenshots, 'login-dark.png') });
  assert.equal(await dark.locator('html').getAttribute('lang'), 'en');

  const phone = await openBrowser({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await phone.goto(server.url);
  await signIn(phone, account);
  await byId(phone, 'composer').waitFor();
  const overflow = await phone.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0, 'nothing sticks out to the right');
  assert.ok((await brightness(phone)) > 200, 'light where the system is light');
  await phone.screenshot({ path: path.join(screenshots, 'phone.png') });
  await dark.context().close();
  await phone.context().close();
});
