// G2: a question that was given up is listed, explained and asked again, by command and by /api/admin.
// tests: src/app/dead_jobs.cpp src/app/admin_api.cpp src/api/admin_routes.cpp src/adapters/postgres/dead_jobs.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';

let cluster, admin, teacher;
before(async () => {
  cluster = await (await Cluster.create({ apis: 2, gateways: 1, workers: 1 })).start();
  admin = await Device.register(cluster, 'Ada'); // the first one is
  teacher = await Device.register(cluster, 'Lin');
  await teacher.connect();
}, { timeout: 180_000 });
after(async () => {
  teacher?.close();
  await cluster?.destroy();
}, { timeout: 60_000 });

const dead = (...args) => cluster.command('jobs', 'dead', ...args, '--admin-listen', `127.0.0.1:${cluster.apis[1].ready['rubricon.admin_port']}`);
const lines = () => dead('list').stdout.trim().split('\n').filter((line) => line.startsWith('0'));
const named = (chatId, name) => teacher.chats.get(chatId).events.filter((event) => event.name === name);

/** A question for which ten workers have died: the next one gives it up. */
async function givenUp() {
  await cluster.workers[0].stop();
  const chatId = await teacher.createChat('');
  await teacher.join(chatId);
  await teacher.postUntilStored(chatId, '請為八年級的議論文設計評分規準，5 個等級，總分 100');
  await cluster.services.postgres.ask(`UPDATE ai_jobs SET attempt = 10 WHERE chat_id = '${chatId}'`);
  await cluster.workers[0].start();
  await teacher.until(() => named(chatId, 'answer-failed').length === 1);
  return chatId;
}

const answered = (chatId) => teacher.until(() => teacher.messages(chatId).length === 2);

test('it is listed, explained, and asked again once', { timeout: 120_000 }, async () => {
  assert.deepEqual([dead('list').stdout, dead('list').status], ['no question was given up\n', 0]);
  const chatId = await givenUp();
  const [line, ...others] = lines();
  assert.equal(others.length, 0);
  assert.ok(line.includes(`chat ${chatId}`) && line.includes('question 2') && line.includes('too_many_attempts'), line);
  const [job] = line.split('\t');
  const told = dead('explain', job);
  assert.equal(told.status, 0, told.stderr);
  assert.match(told.stdout, /given up .* too_many_attempts\.\nWorkers began again and again/);
  const again = dead('replay', job);
  assert.deepEqual([again.stdout, again.stderr, again.status], ['asked again\n', '', 0]);
  await answered(chatId);
  assert.deepEqual(lines(), []);
  const twice = dead('replay', job);
  assert.equal(twice.status, 1);
  assert.match(twice.stderr, /asked again already/);
  assert.equal(dead('replay', 'nonsense').status, 2);
  assert.equal(dead('replay').status, 2);
  assert.deepEqual(teacher.violations, []);
});

test('all that are dead are asked again at once', { timeout: 120_000 }, async () => {
  const chats = [await givenUp(), await givenUp()];
  const { stdout, status, stderr } = dead('replay', '--all');
  assert.deepEqual([stdout, status, stderr], ['2 of 2 asked again\n', 0, '']);
  for (const chatId of chats) await answered(chatId);
});

test('an administrator does it over REST, a teacher may not', { timeout: 120_000 }, async () => {
  const chatId = await givenUp();
  assert.equal((await teacher.rest('GET', '/api/admin/jobs/dead')).status, 403);
  const { body: { jobs: [job] } } = await admin.rest('GET', '/api/admin/jobs/dead');
  assert.match(job.explanation, /^Workers began again and again/);
  assert.deepEqual([job.chatId, job.replyTo, job.reason], [chatId, 2, 'too_many_attempts']);
  const { status } = await admin.rest('POST', `/api/admin/jobs/dead/${job.id}/replay`, {});
  assert.equal(status, 202);
  await answered(chatId);
  assert.equal((await admin.rest('POST', `/api/admin/jobs/dead/${job.id}/replay`, {})).status, 404);
});
