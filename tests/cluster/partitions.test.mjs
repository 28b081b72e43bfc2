// `rubricon db partitions` on a cluster that is in use: an old quarter is taken out, written to a file and brought back.
// Writers do not notice, nothing is lost, and whoever asks for what is not here is told to read anew.
// tests: src/app/partitions_command.cpp
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';

let cluster;
before(async () => (cluster = await (await Cluster.create()).start()), { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 60_000 });

const now = new Date();
/** The quarter that is `back` before this one: its name, and a moment in it. */
function quarter(back) {
  const begin = new Date(Date.UTC(now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3 - 3 * back, 1));
  return { name: `${begin.getUTCFullYear()}q${begin.getUTCMonth() / 3 + 1}`, moment: new Date(begin.getTime() + 40 * 86_400_000).toISOString() };
}
const [old, older] = [quarter(2), quarter(3)];

async function partitions(...command) {
  const { status, stdout, stderr } = await cluster.commandMeanwhile('db', 'partitions', ...command);
  return { status, text: stdout + stderr };
}
async function done(...command) {
  const { status, text } = await partitions(...command);
  assert.equal(status, 0, text);
  return text;
}

/** Posts without a pause, to a chat of its own, until it is ended. */
class Load {
  static async begin() {
    const load = new Load();
    load.device = await Device.register(cluster);
    load.chatId = await load.device.createChat('', { ai: 'off' });
    load.answers = [];
    load.ended = load.#run();
    return load;
  }

  async #run() {
    while (!this.stopped) {
      const begun = Date.now();
      const { status } = await this.device.post(this.chatId, 'meanwhile');
      this.answers.push({ status, ms: Date.now() - begun });
      await new Promise((resolve) => setTimeout(resolve, 20)); // within the limits of one person
    }
  }

  async end() {
    this.stopped = true;
    await this.ended;
    return this.answers;
  }
}

/** A chat with events 1 to 11, of which 1 to 8 happened in the old quarter. */
async function agedChat(ann) {
  const { postgres } = cluster.services;
  const chatId = await ann.createChat('aged', { ai: 'off' });
  for (let n = 2; n <= 11; n += 1) await ann.postUntilStored(chatId, `message ${n}`);
  await cluster.until(async () => (await postgres.ask('SELECT count(*) FROM outbox')) === '0');
  await postgres.ask(`SELECT ensure_partitions('${old.moment}', 0)`);
  for (const [table, key] of [['events', 'stream'], ['messages', 'chat_id']]) {
    await postgres.ask(`UPDATE ${table} SET created_at = '${old.moment}'::timestamptz + seq * interval '1 ms' WHERE ${key} = '${chatId}' AND seq <= 8`);
  }
  return chatId;
}

/** A fresh device that has seen everything up to `after`. */
async function comeBack(ann, chatId, seen) {
  const device = await ann.another();
  await device.connect();
  const ack = await device.join(chatId, seen);
  assert.equal(ack.ok, true);
  return { device, ack };
}

const pageBefore = async (ann, chatId, seq) => (await ann.rest('GET', `/api/chat/${chatId}/messages?before=${seq}`)).body.msgs.map((message) => message.seq);

test('an old quarter is detached, archived and restored while people write', { timeout: 180_000 }, async () => {
  const ann = await Device.register(cluster);
  const chatId = await agedChat(ann);
  const load = await Load.begin();
  assert.match(await done('list'), new RegExp(`messages +${old.name} .*attached`));
  assert.match((await partitions('detach', quarter(0).name)).text, /has not ended/);
  assert.match((await partitions('detach', old.name)).text, new RegExp(`${older.name} is older`));

  await done('detach', older.name);
  await done('detach', old.name);
  assert.match(await done('list'), new RegExp(`events +${old.name} .*detached`));
  const away = await comeBack(ann, chatId, 3);
  assert.equal(away.ack.resync, true);
  assert.equal(away.ack.head, 11);
  assert.deepEqual(await pageBefore(ann, chatId, 11), [9, 10], 'pages end where the quarter ends');
  const recent = await comeBack(ann, chatId, 8);
  assert.equal(recent.ack.resync, undefined);
  await recent.device.until(() => recent.device.messages(chatId).length === 3);
  const { body } = await ann.rest('GET', `/api/chat/${chatId}/events?after=3`);
  assert.deepEqual([body.resync, body.head, body.events], [true, 11, []]);
  assert.match((await cluster.commandMeanwhile('verify')).stdout, /rules 3, 8 and 9 hold\n1 chats begin in quarters/);

  const file = path.join(cluster.folder, `rubricon-${old.name}.archive`);
  assert.match(await done('archive', old.name, '--to', cluster.folder), /7 messages and 8 events/);
  assert.ok(existsSync(file));
  assert.match(await done('list'), new RegExp(`events +${old.name} +8 .*archived in ${file}`));
  assert.equal((await comeBack(ann, chatId, 3)).ack.resync, true);
  assert.equal(await cluster.services.postgres.ask(`SELECT to_regclass('events_${old.name}') IS NULL`), 't');

  await done('restore', file);
  assert.match(await done('restore', file), /before/);
  await done('restore', older.name);
  const back = await comeBack(ann, chatId, 3);
  assert.equal(back.ack.resync, undefined);
  await back.device.until(() => back.device.messages(chatId).length === 8);
  assert.deepEqual(back.device.messages(chatId).map(({ seq, content }) => [seq, content]), Array.from({ length: 8 }, (_, n) => [n + 4, `message ${n + 4}`]));
  assert.deepEqual(back.device.violations, []);
  assert.deepEqual(await pageBefore(ann, chatId, 5), [2, 3, 4]);
  assert.match((await cluster.commandMeanwhile('verify')).stdout, /rules 3, 8 and 9 hold\n$/);

  const answers = await load.end();
  assert.ok(answers.length > 20, `${answers.length} posts`);
  assert.deepEqual(answers.filter(({ status }) => status !== 201), []);
  assert.ok(Math.max(...answers.map(({ ms }) => ms)) < 5_000, 'nobody waited long');
  for (const { device } of [away, recent, back]) device.close();
});

test('what cannot be done says what to do', { timeout: 60_000 }, async () => {
  assert.match((await partitions('detach', 'nonsense')).text, /is no quarter: give one as/);
  assert.match((await partitions('restore', '/nowhere')).text, /cannot read \/nowhere/);
  assert.match(cluster.command('db', 'partitions', 'list', '--database-url', 'sqlite:', '--roles', 'api,gateway,worker').stderr, /only PostgreSQL has partitions/);
  assert.match(await done('ensure'), /nothing was missing/);
});
