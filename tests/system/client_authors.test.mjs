// The client in docs/client-authors.md works as it is written there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Server } from '../support/server.mjs';

const guide = readFileSync(new URL('../../docs/client-authors.md', import.meta.url), 'utf8');
const copy = fileURLToPath(new URL('./client_authors_listing.mjs', import.meta.url));

let server;
before(async () => (server = await (await Server.create()).start()));
after(async () => {
  rmSync(copy, { force: true });
  await server.destroy();
});

test('the listing signs in, asks, and prints question and answer in order', { timeout: 60_000 }, async () => {
  const account = { email: 'lin@school.example', password: 'correct horse battery', name: '林老師' };
  const headers = { 'content-type': 'application/json' };
  const registered = await fetch(`${server.url}/api/auth/register`, { method: 'POST', headers, body: JSON.stringify(account) });
  assert.equal(registered.status, 201);
  const [, listing] = guide.match(/```js\n([\s\S]+?)```/);
  assert.match(listing, /http:\/\/127\.0\.0\.1:3000/);
  writeFileSync(copy, listing.replace('http://127.0.0.1:3000', server.url));
  const client = spawn(process.execPath, [copy], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
  assert.equal((await lines.next()).value, 'USER: 4 levels for a grade 8 essay');
  assert.match((await lines.next()).value, /^AI: /);
  client.kill();
});
