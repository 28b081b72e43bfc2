// F16: a token ends, is renewed or is revoked in the middle of a stream of events. Whoever may hear
// hears all of it; whoever may not hears nothing from then on.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Device, storedEvents } from '../support/client.mjs';
import { report } from '../support/fault_report.mjs';
import { Server } from '../support/server.mjs';
import { shortened } from '../support/tokens.mjs';

const graceMs = 25_000;
const revocationMs = 2_000;

async function follower(account, chatId, token) {
  const device = await account.another();
  if (token) device.token = token;
  await device.connect();
  await device.join(chatId);
  return device;
}

/** Notes when each event of a chat's stream came. */
function arrivals(device) {
  const times = [];
  device.socket.onAny((name, payload) => typeof payload?.seq === 'number' && times.push(performance.now()));
  return times;
}

/** Comes back with the same token whenever it is refused, as a client does that does not look at the reason. */
function insist(device, refusals) {
  device.socket.on('connect_error', (error) => {
    refusals.push(error.data?.code);
    setTimeout(() => device.socket.active || device.socket.connect(), 100);
  });
}

/** A session beside that of the device's token. */
async function signIn(device) {
  const { email, password } = device.account;
  const { body, headers } = await device.rest('POST', '/api/auth/login', { email, password });
  return { body, cookie: headers.getSetCookie().map((each) => each.split(';')[0]).join('; ') };
}

const refresh = (device, cookie) => device.rest('POST', '/api/auth/refresh', {}, { cookie });

test('F16: a token expires, another is renewed, a session is revoked, in mid-stream', { timeout: 180_000 }, async (context) => {
  const server = await (await Server.create()).start();
  const owner = await Device.register(server);
  const chatId = await owner.createChat();
  const expiring = await follower(owner, chatId, shortened(server, owner.token, 3));
  const renewing = await follower(owner, chatId, shortened(server, owner.token, 3));
  const { cookie: refreshing } = await signIn(expiring);
  const revoked = await owner.another();
  const { cookie, body } = await signIn(revoked);
  revoked.adopt(body);
  await revoked.connect();
  await revoked.join(chatId);

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
  // A refresh that fails takes nothing away: what is open stays open, and the next one may succeed.
  const failed = await refresh(expiring, refreshing.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')));
  assert.equal(failed.status, 401);
  assert.ok(expiring.socket.connected);

  // Revoked: gone within 2 s. It comes back again and again, and hears nothing after that (looked at below).
  const [heardByRevoked, heardByRenewing] = [arrivals(revoked), arrivals(renewing)];
  const refusals = [];
  await revoked.until(() => heardByRevoked.length > 0);
  const ended = once(revoked.socket, 'disconnect').then(() => performance.now());
  const begun = performance.now();
  assert.equal((await revoked.rest('POST', '/api/auth/logout', {}, { cookie })).status, 204);
  const revocation = (await Promise.race([ended, wait(revocationMs, Infinity)])) - begun;
  assert.ok(revocation < revocationMs, `closed after ${revocation} ms`);
  insist(revoked, refusals);
  revoked.socket.connect();

  // Expired: what it asks is refused, and 25 s later it is closed. The client then comes back with a new token.
  await wait(3_000);
  const closed = new Promise((resolve) => expiring.socket.once('disconnect', resolve));
  const since = performance.now();
  assert.equal((await expiring.socket.emitWithAck('join-chat', { chatId })).error.code, 'token_expired');
  assert.equal((await refresh(expiring, 'a=b')).status, 401, 'in vain again');
  await closed;
  const grace = performance.now() - since;
  assert.ok(grace < graceMs + 2_000, `open for ${grace} ms more`);
  const after = (times) => times.filter((time) => time > begun + revocationMs).length;
  assert.ok(after(heardByRenewing) > 10, `${after(heardByRenewing)} events is too few to show anything`);
  assert.equal(after(heardByRevoked), 0, 'events after the revocation');
  assert.ok(refusals.length > 10 && refusals.every((code) => code === 'session_revoked'), `refused: ${refusals}`);
  const renewal = await refresh(expiring, refreshing);
  assert.equal(renewal.status, 200);
  expiring.adopt(renewal.body);
  revoked.token = expiring.token;
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
    recoveries: [recovery], mustMs: 5_000, note: `revoked: closed after ${Math.round(revocation)} ms (2,000 at most)` });
});
