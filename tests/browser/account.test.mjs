// Password and devices, as a teacher finds them in the settings.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { byId, client, launch, openContext, screenshots, signIn } from '../support/browser.mjs';
import { Device } from '../support/client.mjs';
import { Server } from '../support/server.mjs';

let server, browser;
before(async () => {
  server = await (await Server.create({ args: ['--client-dir', client] })).start();
  browser = await launch();
  await mkdir(screenshots, { recursive: true });
});
after(async () => {
  await browser?.close();
  await server?.destroy();
});

async function openAccount(page) {
  await byId(page, 'account').click();
  await byId(page, 'open-account').click();
  await byId(page, 'session').first().waitFor();
}

test('another browser is signed out, and a new password counts from then on', { timeout: 120_000 }, async () => {
  const { account } = await Device.register(server, 'lin');
  const here = await openContext(browser);
  await here.goto(server.url);
  await signIn(here, account);
  await byId(here, 'account').waitFor();
  const there = await openContext(browser);
  await there.goto(server.url);
  await signIn(there, account);
  await byId(there, 'account').waitFor();

  await openAccount(here);
  const lines = byId(here, 'session');
  assert.equal(await lines.count(), 3, 'two browsers, and the device that signed up');
  assert.equal(await lines.filter({ hasText: '目前這個瀏覽器' }).count(), 1);
  // Newest first: the other browser came last.
  await lines.first().getByRole('button').click();
  await here.waitForFunction(() => document.querySelectorAll('[data-testid=session]').length === 2);
  await byId(there, 'login-password').waitFor();

  await byId(here, 'present-password').fill('not the password');
  await byId(here, 'new-password').fill('battery horse correct');
  await byId(here, 'change-password').click();
  await here.getByText('目前的密碼不正確。').waitFor();
  await byId(here, 'present-password').fill(account.password);
  await byId(here, 'change-password').click();
  await here.getByText('密碼已變更。').waitFor();
  await here.screenshot({ path: path.join(screenshots, 'account.png') });
  assert.equal(await lines.count(), 1, 'everywhere else one is signed out');

  const later = await openContext(browser);
  await later.goto(server.url);
  await signIn(later, { email: account.email, password: 'battery horse correct' });
  await byId(later, 'account').waitFor();
});
