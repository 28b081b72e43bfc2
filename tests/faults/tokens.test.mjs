// F16: a token ends, is renewed or is revoked in the middle of a stream of events. Whoever may hear
// hears all of it; whoever may not hears nothing from then on.
import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Device, storedEvents } from '../support/client.mjs';
import { report } from '../support/fault_report.mjs';
import { Server } from '../support/server.mjs';

const graceMs = 25_000;

/** The same token with so many seconds to live, signed with the server's key. */
function shortened(server, token, seconds) {
  const [header, payload] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  const now = Math.floor(Date.now() / 1000);
  const changed = Buffer.from(JSON.stringify({ ...claims, iat: now, nbf: now, exp: now + seconds })).toString('base64url');
  const key = createPrivateKey(readFileSync(path.join(server.data, 'keys/current.pem')));
  const signature = sign('sha256', Buffer.from(`${header}.${changed}`), { key, dsaEncoding: 'ieee-p1363' });
  return `${header}.${changed}.${signature.toString('base64url')}`;
}

async function follower(account, chatId, token) {
  const device = await account.another();
  if (token) device.token = token;
  await device.connect();
  await device.join(chatId);
  return device;
}

test('F16: a token expires, another is renewed, a session is revoked, in mid-stream', { timeout: 180_000 }, async (context) => {
  const server = await (await Server.create()).start();
  const owner = await Device.register(server);
  const chatId = await owner.createChat();
  const expiring = await follower(owner, chatId, shortened(server, owner.token, 3));
  const renewing = await follower(owner, chatId, shortened(server, owner.token, 3));
  const revoked = await owner.another();
  const login = await revoked.rest('POST', '/api/auth/login', { email: owner.account.email, password: owner.account.password });
  revoked.adopt(login.body);
  await revoked.connect();
  await revoked.join(chatId);
  const cookie = login.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');

  let stopping = false;
  const stream = (async () => {
    for (let n = 0; !stopping; n += 1) {
      await owner.postUntilStored(chatId, `請說明第 ${n} 點`);
      await wait(200);
    }
  })();

  // Renewed in time, it is not cut; a wrong token does not renew.
  assert.equal((await renewing.socket.emitWithAck('auth', { token: owner.token })).ok, true);
  let cuts = 0;
  renewing.socket.on('disconnect', () => (cuts += 1));
  const refused = await expiring.socket.emitWithAck('auth', { token: `${expiring.token}x` });
  assert.equal(refused.error.code, 'unauthenticated');

  // Revoked: gone within 2 s, and nothing is heard after that.
  const ended = new Promise((resolve) => revoked.socket.once('disconnect', resolve));
  const begun = performance.now();
  assert.equal((await revoked.rest('POST', '/api/auth/logout', {}, { cookie })).status, 204);
  await ended;
  const revocation = performance.now() - begun;
  assert.ok(revocation < 2_000, `closed after ${revocation} ms`);
  const heard = revoked.chats.get(chatId).seq;
  const back = new Promise((resolve) => revoked.socket.once('connect_error', resolve));
  revoked.socket.connect();
  assert.equal((await back).data.code, 'session_revoked');
  revoked.socket.disconnect();

  // Expired: what it asks is refused, and 25 s later it is closed. The client then comes back with a new token.
  await wait(3_000);
  const closed = new Promise((resolve) => expiring.socket.once('disconnect', resolve));
  const since = performance.now();
  assert.equal((await expiring.socket.emitWithAck('join-chat', { chatId })).error.code, 'token_expired');
  await closed;
  const grace = performance.now() - since;
  assert.ok(grace < graceMs + 2_000, `open for ${grace} ms more`);
  assert.equal(revoked.chats.get(chatId).seq, heard, 'events after the revocation');
  const login2 = await owner.another();
  expiring.token = revoked.token = login2.token;
  const renewed = performance.now();
  for (const device of [expiring, revoked]) if (!device.socket.active || !device.socket.connected) device.socket.connect();
  stopping = true;
  await stream;
  const { head, events } = await storedEvents(owner, chatId);
  for (const device of [expiring, renewing, revoked]) {
    await device.until(() => device.chats.get(chatId).seq >= head);
    assert.deepEqual(device.chats.get(chatId).events.slice(0, head).map((event) => event.seq), events.map((event) => event.seq));
    assert.deepEqual(device.violations, []);
  }
  const recovery = performance.now() - renewed;
  assert.equal(cuts, 0, 'a renewed token keeps its socket');
  for (const device of [expiring, renewing, revoked]) device.close();
  await server.destroy();
  report(context, { fault: 'F16', scenario: 'token expires, refresh fails, session revoked in mid-stream', messages: head,
    recoveries: [recovery], note: `revoked: closed after ${Math.round(revocation)} ms (2,000 at most)` });
});
