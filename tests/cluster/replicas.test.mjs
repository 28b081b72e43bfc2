// Reads on a replica: what one has written oneself is always there, also while the replica stands still, and nobody
// notices when it dies.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { metric } from '../support/crowd.mjs';

let cluster;
before(async () => (cluster = await (await Cluster.create({ replicated: true })).start()), { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 60_000 });

const readers = () => [...cluster.apis, ...cluster.gateways];
const answered = async () => (await Promise.all(readers().map((server) => metric(server, 'rubricon_postgres_replica_reads', 'answered')))).reduce((sum, each) => sum + each, 0);
const usable = async () => (await Promise.all(readers().map((server) => metric(server, 'rubricon_postgres_replica_usable')))).every((each) => each === 1);

/** Posts, and reads it back in every way that there is. */
async function writeAndRead(ann, chatId, n) {
  const { seq } = await ann.postUntilStored(chatId, `message ${n}`);
  const page = await ann.rest('GET', `/api/chat/${chatId}/messages`);
  assert.equal(page.body.msgs.at(-1).seq, seq);
  const events = await ann.rest('GET', `/api/chat/${chatId}/events?after=${seq - 1}`);
  assert.equal(events.body.events.at(-1)?.seq, seq);
  const list = await ann.rest('GET', `/api/chat?min_seq=${chatId}:${seq}`);
  assert.equal(list.body.chats[0].msgs[0].seq, seq);
  return seq;
}

/** A device that was away since `seen` gets everything up to `head`. */
async function comeBack(ann, chatId, seen, head) {
  const device = await ann.another();
  await device.connect();
  assert.equal((await device.join(chatId, seen)).ok, true);
  await device.until(() => device.chats.get(chatId).seq === head);
  assert.deepEqual(device.violations, []);
  device.close();
}

test('a replica takes reads, and nobody sees less than was written', { timeout: 180_000 }, async () => {
  await cluster.until(usable);
  const ann = await Device.register(cluster);
  const chatId = await ann.createChat('replicated', { ai: 'off' });
  let head;
  for (let n = 0; n < 20; n += 1) head = await writeAndRead(ann, chatId, n);
  await cluster.until(async () => {
    await ann.rest('GET', `/api/chat/${chatId}/messages`);
    return (await answered()) > 0;
  });
  await comeBack(ann, chatId, 1, head);
  assert.match(cluster.command('doctor').stdout, /ok +replica +\d.*level with the primary/);

  await cluster.replica.ask('SELECT pg_wal_replay_pause()');
  for (let n = 0; n < 10; n += 1) head = await writeAndRead(ann, chatId, n);
  await comeBack(ann, chatId, 1, head);
  await cluster.until(async () => !(await usable()));
  await cluster.replica.ask('SELECT pg_wal_replay_resume()');
  await cluster.until(usable);

  await cluster.replica.kill();
  for (let n = 0; n < 10; n += 1) head = await writeAndRead(ann, chatId, n);
  await comeBack(ann, chatId, 1, head);
  await cluster.replica.restart();
  await cluster.until(usable);
  assert.match(cluster.command('verify').stdout, /rules 3, 8 and 9 hold\n$/);
});

test('a list with a position that is none is refused', { timeout: 60_000 }, async () => {
  const ann = await Device.register(cluster);
  for (const wrong of ['7', 'nonsense:1', `${ann.user.id}:`, `${ann.user.id}:-1`]) {
    assert.equal((await ann.rest('GET', `/api/chat?min_seq=${wrong}`)).status, 400, wrong);
  }
  const unknown = await ann.rest('GET', `/api/chat?min_seq=${ann.user.id}:1`);
  assert.equal(unknown.status, 200);
});
