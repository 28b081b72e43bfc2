// Two people in two browsers work on one table: edits of different cells come together, of edits of one cell both are shown
// and one is chosen; what the AI would write over a person's words is a proposal that both see and one answers; every
// version can be looked at and taken back, also after a reload.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { byId, client, launch, openContext, screenshots, signIn } from '../support/browser.mjs';
import { Device } from '../support/client.mjs';
import { ScriptedModel } from '../support/scripted_model.mjs';
import { Server } from '../support/server.mjs';

const levels = [{ id: 'l1', name: { 'zh-TW': '優' } }, { id: 'l2', name: { 'zh-TW': '可' } }];
const row = (id, name, weight) => ({ id, name: { 'zh-TW': name }, focus: {}, weight, points: 0, locked: false, source: 'library',
  cells: levels.map((level) => ({ levelId: level.id, points: 0, descriptor: { 'zh-TW': `${name}${level.name['zh-TW']}` }, origin: 'library' })) });
const table = { title: { 'zh-TW': '作文' }, language: 'zh-TW', kind: 'analytic', assignmentType: null, grade: 8, gradeBand: 'junior_high',
  total: 100, levels, criteria: [row('a', '論點', 60), row('b', '證據', 40)] };

let model, server, browser;
before(async () => {
  model = await ScriptedModel.start();
  server = await (await Server.create({ args: ['--client-dir', client], env: model.env })).start();
  browser = await launch();
  await mkdir(screenshots, { recursive: true });
});
after(async () => {
  await browser?.close();
  await server?.destroy();
  await model?.stop();
});

/** Two people with a page each, in one chat with `table`; `stored()` is what the server has. */
async function together() {
  const [lin, chen] = [await Device.register(server, '林老師'), await Device.register(server, '陳老師')];
  const chatId = await lin.createChat('作文');
  const shared = await lin.rest('POST', `/api/chat/${chatId}/members`, { email: chen.account.email, role: 'editor' });
  assert.ok(shared.status < 300, JSON.stringify(shared.body));
  assert.equal((await lin.rest('PUT', `/api/chat/${chatId}/rubric`, table, { 'if-match': '"0"' })).status, 200);
  const pages = [];
  for (const { account } of [lin, chen]) {
    const page = await openContext(browser, { viewport: { width: 1600, height: 900 } });
    await page.goto(server.url);
    await signIn(page, account);
    await page.locator('[data-testid=connection][data-state=online]').waitFor();
    await byId(page, 'chat-list-item').first().click();
    await byId(page, 'rubric-table').waitFor();
    pages.push(page);
  }
  const stored = async () => (await lin.rest('GET', `/api/chat/${chatId}/rubric`)).body;
  return { pages, stored, lin, chatId };
}

const cellOf = (page, criterion, level) => page.locator(`[data-testid=rubric-cell][data-criterion=${criterion}][data-level=${level}]`);
const words = (page, criterion, level) => cellOf(page, criterion, level).locator('.cell-text');

async function type(page, criterion, level, text) {
  await words(page, criterion, level).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

const shows = (page, criterion, level, text) =>
  words(page, criterion, level).and(page.getByText(text, { exact: true })).waitFor();
const version = (page, n) => page.locator(`[data-testid=rubric-version][data-version="${n}"]`).waitFor();

/** The page's next PUT of the rubric waits until `release` is called. */
async function heldBack(page) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route('**/rubric', async (route) => {
    if (route.request().method() === 'PUT') await released;
    await route.fallback();
  });
  return release;
}

async function close(pages) {
  for (const page of pages) {
    assert.deepEqual(page.problems.filter((problem) => !/\b(404|412|409)\b/.test(problem)), []);
    await page.context().close();
  }
}

test('edits of different cells at the same time are both kept', { timeout: 120_000 }, async () => {
  const { pages, stored } = await together();
  const [one, other] = pages;
  const release = await heldBack(one);
  await type(one, 'a', 'l1', '林寫的');
  await type(other, 'b', 'l2', '陳寫的');
  await version(other, 2);
  release();
  for (const page of pages) {
    await version(page, 3);
    await shows(page, 'a', 'l1', '林寫的');
    await shows(page, 'b', 'l2', '陳寫的');
    assert.equal(await byId(page, 'conflict').count(), 0);
  }
  const { rubric } = await stored();
  assert.equal(rubric.criteria[0].cells[0].descriptor['zh-TW'], '林寫的');
  assert.equal(rubric.criteria[1].cells[1].descriptor['zh-TW'], '陳寫的');
  await close(pages);
});

test('of edits of the same cell both are shown, and the one that is chosen is kept', { timeout: 120_000 }, async () => {
  const { pages, stored } = await together();
  const [one, other] = pages;
  const release = await heldBack(one);
  await type(one, 'a', 'l1', '林寫的');
  await type(one, 'b', 'l1', '林另外寫的');
  await type(other, 'a', 'l1', '陳寫的');
  await version(other, 2);
  release();
  await byId(one, 'conflict').waitFor();
  await one.screenshot({ path: path.join(screenshots, 'conflict.png') });
  assert.match(await byId(one, 'conflict').innerText(), /論點 · 優[\s\S]*林寫的[\s\S]*陳寫的/);
  assert.equal(await byId(one, 'conflict').locator('tbody tr').count(), 1, 'only where both wrote');
  assert.equal((await stored()).version, 2, 'nothing is stored before it is chosen');
  await byId(one, 'conflict').getByLabel('陳寫的').check();
  await one.getByRole('button', { name: '依選擇保留' }).click();
  for (const page of pages) {
    await version(page, 3);
    await shows(page, 'a', 'l1', '陳寫的');
    await shows(page, 'b', 'l1', '林另外寫的');
  }
  await close(pages);
});

test('what the AI would write over a person’s words is proposed, and answered once for all', { timeout: 120_000 }, async () => {
  const { pages, stored } = await together();
  const [one, other] = pages;
  await type(one, 'a', 'l1', '老師自己的話');
  await version(other, 2);
  const rewritten = { a: { l1: '模型改寫的話' }, b: { l2: '模型的另一句話' } };
  model.rubric = { title: '作文', language: 'zh-TW', kind: 'analytic', criteria: table.criteria.map(({ id, name, weight, cells }) => ({
    id, name: name['zh-TW'], focus: '', weight,
    levels: cells.map(({ levelId, descriptor }, at) => ({ id: levelId, name: levels[at].name['zh-TW'], descriptor: rewritten[id][levelId] ?? descriptor['zh-TW'] })) })) };
  model.text = '我建議這樣改。';
  await byId(one, 'composer').fill('幫我把評分表寫得更好');
  await byId(one, 'send').click();
  for (const page of pages) {
    await byId(page, 'proposal').waitFor();
    await shows(page, 'a', 'l1', '老師自己的話');
    assert.equal(await byId(page, 'proposed').count(), 2);
    assert.match(await cellOf(page, 'a', 'l1').innerText(), /老師自己的話[\s\S]*模型改寫的話/);
  }
  assert.match(await one.locator('[data-testid=message][data-role=AI]').last().innerText(), /這是建議：其中 1 格是您自己寫的/);
  assert.equal((await stored()).version, 2, 'nothing has changed');
  await one.screenshot({ path: path.join(screenshots, 'proposal.png') });

  await one.reload();
  await byId(one, 'proposal').waitFor();
  await cellOf(one, 'b', 'l2').getByRole('checkbox').check();
  await byId(one, 'proposal-accept-chosen').click();
  for (const page of pages) {
    await byId(page, 'proposal').waitFor({ state: 'detached' });
    await shows(page, 'a', 'l1', '老師自己的話');
    await shows(page, 'b', 'l2', '模型的另一句話');
  }
  const { rubric, version: now } = await stored();
  assert.equal(now, 3);
  assert.equal(rubric.criteria[1].cells[1].origin, 'model');
  assert.equal(rubric.criteria[0].cells[0].origin, 'teacher');

  // Taken back after a reload: undo knows the versions.
  await other.reload();
  const undo = other.getByRole('button', { name: '復原' });
  await undo.and(other.locator(':enabled')).waitFor();
  await undo.click();
  for (const page of pages) {
    await version(page, 4);
    await shows(page, 'b', 'l2', '證據可');
    assert.equal(await byId(page, 'proposal').count(), 0, 'it stays answered');
  }
  await close(pages);
});

test('what is locked the AI leaves alone and says so, and a chat may want to be asked always', { timeout: 120_000 }, async () => {
  const { pages, stored } = await together();
  const [one, other] = pages;
  await cellOf(one, 'a', 'l1').hover();
  await cellOf(one, 'a', 'l1').getByRole('button', { name: /鎖定/ }).click();
  await version(other, 2);
  assert.equal(await cellOf(other, 'a', 'l1').getByRole('button', { name: /鎖定/ }).getAttribute('aria-pressed'), 'true');
  await byId(other, 'ask-first').check();
  await one.locator('[data-testid=ask-first]:checked').waitFor();
  for (const criterion of model.rubric.criteria) for (const level of criterion.levels) level.descriptor = '全部改寫';
  await byId(one, 'composer').fill('全部重寫');
  await byId(one, 'send').click();
  await byId(other, 'proposal').waitFor();
  assert.equal(await byId(other, 'proposed').count(), 3, 'all but the locked one');
  assert.match(await other.locator('[data-testid=message][data-role=AI]').last().innerText(), /鎖定/);
  await byId(other, 'proposal-accept').click();
  await shows(one, 'b', 'l2', '全部改寫');
  await shows(one, 'a', 'l1', '論點優');
  assert.equal((await stored()).rubric.criteria[0].cells[0].locked, true);
  await close(pages);
});

test('every version is listed with its author, can be looked at and restored', { timeout: 120_000 }, async () => {
  const { pages } = await together();
  const [one, other] = pages;
  await type(one, 'a', 'l1', '林寫的');
  await version(other, 2);
  await type(other, 'a', 'l2', '陳寫的');
  await version(one, 3);
  await one.getByRole('button', { name: '版本紀錄' }).click();
  const entries = byId(one, 'history').locator('.history-entry');
  await entries.nth(2).waitFor();
  assert.match(await entries.nth(0).innerText(), /v3[\s\S]*陳老師[\s\S]*1 格內容/);
  assert.match(await entries.nth(1).innerText(), /v2[\s\S]*林老師[\s\S]*1 格內容/);
  await entries.nth(2).getByRole('button').first().click();
  const preview = byId(one, 'history-preview');
  await preview.getByText('論點優').waitFor();
  assert.match(await preview.innerText(), /林寫的[\s\S]*論點優[\s\S]*陳寫的[\s\S]*論點可/);
  await one.screenshot({ path: path.join(screenshots, 'history.png') });
  await byId(one, 'history-restore').click();
  for (const page of pages) {
    await version(page, 4);
    await shows(page, 'a', 'l1', '論點優');
    await shows(page, 'a', 'l2', '論點可');
  }
  await close(pages);
});
