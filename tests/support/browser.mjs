// Headless Chromium, and pages of it that share nothing.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const screenshots = path.join(root, 'build/screenshots');
export const client = path.join(root, 'build/client');

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });

/** A page with cookies and storage of its own. `page.problems`: what its console says of errors. */
export async function openContext(browser, options = {}) {
  const context = await browser.newContext({ locale: 'zh-TW', viewport: { width: 1360, height: 860 }, ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on('console', (message) => {
    // A refused refresh is how the page learns that nobody is signed in.
    if (message.type() === 'error' && !message.text().includes('401')) page.problems.push(message.text());
  });
  page.on('pageerror', (error) => page.problems.push(String(error)));
  return page;
}

export const byId = (page, id) => page.getByTestId(id);

/** Fills the form of the page that asks who one is. */
export async function signIn(page, { email, password }) {
  await byId(page, 'login-email').fill(email);
  await byId(page, 'login-password').fill(password);
  await byId(page, 'login-submit').click();
}
