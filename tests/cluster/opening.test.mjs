// The last messages of a chat are near at hand for every api, kept right by events, and nobody needs them.
// tests: src/outbox/recent_feed.cpp src/api/chat_routes.cpp src/adapters/redis/recent_message_lists.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createClient } from 'redis';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { metric } from '../support/crowd.mjs';

let cluster, ann, chatId;
before(async () => {
  cluster = await (await Cluster.create({ workers: 1 })).start();
  ann = await Device.register(cluster);
  chatId = await ann.createChat('opening', { ai: 'off' });
}, { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 120_000 });

/** The chat as one of the apis shows it, and how often that read the messages from the database. */
async function open(api) {
  const fills = await metric(api, 'rubricon_chat_views_filled_total');
  const answer = await fetch(`${api.url}/api/chat/${chatId}`, { headers: { authorization: `Bearer ${ann.token}` } });
  assert.equal(answer.status, 200);
  const chat = await answer.json();
  return { ...chat, contents: chat.msgs.map((message) => message.content), fills: (await metric(api, 'rubricon_chat_views_filled_total')) - fills };
}

const contents = (first, last) => Array.from({ length: last - first + 1 }, (_, n) => `m${first + n}`);

test('one api reads the messages, the other has them, and events keep them right', { timeout: 60_000 }, async () => {
  const redis = await createClient({ url: cluster.services.redis.url }).connect();
  const [one, other] = cluster.apis;
  const kept = async (head) => (await redis.lIndex(`chat:${chatId}:messages`, -1)) === `1:${head}`;
  for (const content of contents(1, 25)) await ann.postUntilStored(chatId, content);
  assert.equal((await open(one)).fills, 1);

  const seen = await open(other);
  assert.deepEqual([seen.contents, seen.fills], [contents(6, 25), 0]);
  assert.ok((await redis.pTTL(`chat:${chatId}:messages`)) > 290_000);

  // Whatever is still on its way when the first one asks: then the events bring what is kept forward.
  let { seq } = await ann.postUntilStored(chatId, 'm26');
  await open(one);
  await cluster.until(() => kept(seq));
  ({ seq } = await ann.postUntilStored(chatId, 'm27'));
  await cluster.until(() => kept(seq));
  for (const api of [one, other]) {
    const now = await open(api);
    assert.deepEqual([now.contents, now.fills], [contents(8, 27), 0]);
  }

  const changed = seen.msgs.at(-1);
  assert.equal((await ann.rest('PATCH', `/api/chat/${chatId}/messages/${changed.id}`, { content: 'changed' })).status, 200);
  assert.ok((await open(other)).contents.includes('changed'), 'what is kept is never older than the chat');
  await redis.close();
});

test('without Redis a chat opens all the same', { timeout: 60_000 }, async () => {
  await cluster.services.redis.kill();
  const { seq } = await ann.postUntilStored(chatId, 'm28');
  for (const api of cluster.apis) {
    const now = await open(api);
    assert.equal(now.contents.length, 20);
    assert.deepEqual([now.head, now.contents.at(-1), now.fills], [seq, 'm28', 1]);
    assert.equal((await open(api)).fills, 0, 'what an api has answered still holds');
  }
  await cluster.services.redis.restart();
  await cluster.until(async () => {
    await ann.postUntilStored(chatId, 'one more'); // then no answer of before holds
    await open(cluster.apis[0]);
    return (await open(cluster.apis[1])).fills === 0;
  });
});
