// `kill -9` of the process at random moments under load: every 201 is there once, no gap, every
// question answered once, every follower saw everything in order.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Device, storedEvents } from '../support/client.mjs';
import { Server } from '../support/server.mjs';

const rounds = Number(process.env.RUBRICON_KILL_ROUNDS ?? 12);
const writers = 4;

let server;
before(async () => (server = await (await Server.create()).start()));
after(() => server.destroy());

/** A seeded generator (mulberry32), so that a failure can be run again. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('nothing is lost, nothing is twice, nothing is out of order', { timeout: 600_000 }, async (context) => {
  const seed = Number(process.env.RUBRICON_SEED ?? Date.now() % 2 ** 31);
  context.diagnostic(`RUBRICON_SEED=${seed}`);
  const next = random(seed);
  const owner = await Device.register(server);
  const chatIds = [await owner.createChat(), await owner.createChat()];
  const follower = await owner.another();
  await follower.connect();
  for (const chatId of chatIds) await follower.join(chatId);

  const acknowledged = [];
  let stopping = false;
  const loads = Array.from({ length: writers }, async (_, writer) => {
    for (let n = 0; !stopping; n += 1) {
      const chatId = chatIds[n % chatIds.length];
      const clientId = `w${writer}-${n}`;
      acknowledged.push({ chatId, clientId, ...(await owner.postUntilStored(chatId, `writer ${writer} message ${n}`, clientId)) });
    }
  });
  const recoveries = [];
  for (let round = 0; round < rounds; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50 + next() * 600)); // the random moment itself
    await server.kill();
    const killed = performance.now();
    await server.start();
    recoveries.push(performance.now() - killed);
  }
  stopping = true;
  await Promise.all(loads);
  context.diagnostic(`${acknowledged.length} messages acknowledged, ${rounds} kills, ` +
    `restart p50 ${Math.round(recoveries.sort((a, b) => a - b)[rounds >> 1])} ms`);

  for (const chatId of chatIds) {
    const mine = acknowledged.filter((message) => message.chatId === chatId);
    const { head, events } = await answered(owner, chatId, mine);
    assert.deepEqual(events.map((event) => event.seq), Array.from({ length: head }, (_, i) => i + 1), 'no gap');
    const created = events.filter((event) => event.type === 'message-created');
    const users = created.filter((event) => event.data.role === 'USER');
    for (const message of mine) {
      const rows = users.filter((event) => event.data.clientId === message.clientId);
      assert.equal(rows.length, 1, `${message.clientId} is stored ${rows.length} times`);
      assert.equal(rows[0].seq, message.seq);
      assert.equal(rows[0].data.id, message.id);
    }
    assert.equal(users.length, mine.length, 'nothing that nobody sent');
    for (const question of users) {
      const answers = created.filter((event) => event.data.role === 'AI' && event.data.replyTo === question.seq);
      const failures = events.filter((event) => event.type === 'answer-failed' && event.data.replyTo === question.seq);
      assert.equal(answers.length + failures.length, 1, `question ${question.seq} has ${answers.length} answers`);
    }
    await follower.until(() => follower.chats.get(chatId).seq >= head);
    assert.deepEqual(follower.chats.get(chatId).events.map((event) => event.seq), events.map((event) => event.seq));
  }
  assert.deepEqual(follower.violations, []);
  follower.close();
});

/** Waits until every question has its answer; leases of killed workers end after 30 s. */
async function answered(device, chatId, questions) {
  for (;;) {
    const stored = await storedEvents(device, chatId);
    const done = stored.events.filter((event) => event.data.replyTo !== undefined).length;
    if (done >= questions.length) return stored;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
