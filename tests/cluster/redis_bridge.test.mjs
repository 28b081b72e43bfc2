// A Node server and an emitter, with the official packages, on the Redis of a whole cluster: what they hear of what is stored
// here, and what they may do to our sockets.
// tests: src/app/redis_engine.cpp src/adapters/redis/adapter_node.cpp src/adapters/redis/event_bridge.cpp
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { Emitter } from '@socket.io/redis-emitter';
import { Client, NodeServer } from '../adapter/node_cluster.mjs';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { metric } from '../support/crowd.mjs';

const timeout = 60_000;
let cluster, node, emitter;

before(async () => {
  cluster = await (await Cluster.create({ apis: 1, gateways: 1, workers: 1, env: { RUBRICON_REDIS_EVENTS: 'bell, door:open' } })).start();
  node = await NodeServer.start(cluster.services.redis);
  emitter = new Emitter(node.pub);
}, { timeout: 180_000 });
after(async () => {
  await node?.stop();
  await cluster?.destroy();
}, { timeout: 60_000 });
afterEach(() => Client.closeAll());

/** Starts every process anew, with these settings too. */
async function restart(env) {
  for (const server of cluster.processes) {
    await server.stop();
    Object.assign(server.options.env, env);
    await server.start();
  }
}

/** A teacher's socket that remembers what it hears. */
const socketOf = (device) => Client.as({ token: device.token }, cluster.gateways[0].url);

/** A chat, its owner's socket in it, and a client of the Node server in the room of its name. */
async function followed() {
  const owner = await Device.register(cluster);
  const chatId = await owner.createChat('', { ai: 'off' });
  const room = `chat:${chatId}`;
  const ours = await socketOf(owner);
  const joined = await ours.socket.emitWithAck('join-chat', { chatId, epoch: 1, after: 0 });
  assert.ok(joined.ok, JSON.stringify(joined));
  const theirs = await Client.connect(node.url, room);
  return { owner, chatId, room, ours, theirs };
}

/** Posts, and waits until our socket has it and the relays have told everybody whom they tell. */
async function post({ owner, chatId, ours }, content, count) {
  await owner.postUntilStored(chatId, content);
  await ours.named('new-msg', count);
  await cluster.until(async () => (await cluster.services.postgres.ask('SELECT count(*) FROM outbox')) === '0');
}

/** What the Node server's client heard of stored messages before it heard that our owner types. */
async function heardBeforeTyping({ owner, chatId, ours, theirs }) {
  ours.socket.emit('typing', { chatId });
  assert.deepEqual(await theirs.named('typing', 1), [{ chatId, userId: owner.user.id }]);
  return theirs.named('new-msg', 0);
}

const bridged = async () => (await Promise.all([...cluster.apis, ...cluster.workers].map((each) => metric(each, 'rubricon_redis_bridged_events_total')))).reduce((a, b) => a + b);
const refused = (what) => metric(cluster.gateways[0], 'rubricon_redis_adapter_messages_total', `outcome="refused_${what}"`);

/** The rooms of our socket as the Node server sees them, its own left out. */
async function roomsOf({ socket }) {
  const [remote] = await node.io.in(socket.id).fetchSockets();
  return [...remote.rooms].filter((room) => room !== socket.id);
}

describe('by default', () => {
  test('clients of a Node server hear nothing that is stored', { timeout }, async () => {
    const chat = await followed();
    await post(chat, 'for members only', 1);
    assert.deepEqual(await heardBeforeTyping(chat), []);
    assert.equal(await bridged(), 0);
  });

  test('an emitter says what the settings name, and nothing else; what is stored comes from us', { timeout }, async () => {
    const chat = await followed();
    await post(chat, 'one', 1);
    const [message] = await chat.ours.named('new-msg', 1);
    const before = await refused('name');
    emitter.to(chat.room).emit('new-msg', { ...message, id: chat.chatId, seq: message.seq + 1, content: 'forged' });
    emitter.to(chat.room).emit('knock', { n: 1 });
    emitter.to(chat.room).emit('bell', { n: 2 });
    emitter.emit('door:open', { n: 3 });
    assert.deepEqual(await chat.ours.named('bell', 1), [{ n: 2 }]);
    assert.deepEqual(await chat.ours.named('door:open', 1), [{ n: 3 }]);
    assert.equal((await refused('name')) - before, 2);
    assert.deepEqual(await chat.ours.named('knock', 0), []);
    assert.equal((await chat.theirs.named('new-msg', 1))[0].content, 'forged', 'the Node server believes everything');
    await post(chat, 'two', 2);
    const heard = await chat.ours.named('new-msg', 2);
    assert.deepEqual(heard.map(({ content, seq }) => [content, seq]), [['one', message.seq], ['two', message.seq + 1]]);
  });

  test('an emitter neither puts a socket into a chat nor takes one out', { timeout }, async () => {
    const chat = await followed();
    const stranger = await socketOf(await Device.register(cluster));
    await cluster.until(async () => (await roomsOf(stranger)).length === 1); // its own, which it joins by itself
    const [strangers, owners, before] = [await roomsOf(stranger), await roomsOf(chat.ours), await refused('rooms')];
    emitter.in(stranger.socket.id).socketsJoin(chat.room);
    emitter.in(stranger.socket.id).socketsJoin([`user:${chat.owner.user.id}`]);
    emitter.in(chat.ours.socket.id).socketsLeave(chat.room);
    await cluster.until(async () => (await refused('rooms')) === before + 3);
    assert.deepEqual(await roomsOf(stranger), strangers);
    assert.deepEqual(await roomsOf(chat.ours), owners);
    await post(chat, 'for members only', 1);
    emitter.to(stranger.socket.id).emit('bell', 1);
    await stranger.named('bell', 1);
    assert.deepEqual(await stranger.named('new-msg', 0), []);
  });
});

describe('with a bridge, and trust', () => {
  before(() => restart({ RUBRICON_REDIS_BRIDGE: 'on', RUBRICON_REDIS_TRUST: 'full' }), { timeout: 180_000 });

  test('clients of a Node server hear each stored message once, and ours not a second time', { timeout }, async () => {
    const chat = await followed();
    for (const n of [1, 2, 3]) await post(chat, `message ${n}`, n);
    const heard = await heardBeforeTyping(chat);
    assert.deepEqual(heard.map(({ content }) => content), ['message 1', 'message 2', 'message 3']);
    assert.ok((await bridged()) >= 3);
    node.io.to(chat.room).emit('typing', { chatId: chat.chatId, userId: chat.chatId });
    await chat.ours.named('typing', 1);
    assert.deepEqual(await chat.ours.named('new-msg', 3), heard);
  });

  test('an emitter puts a socket into a chat and takes it out, and still says nothing that is stored', { timeout }, async () => {
    const chat = await followed();
    const stranger = await socketOf(await Device.register(cluster));
    emitter.in(stranger.socket.id).socketsJoin(chat.room);
    await cluster.until(async () => (await roomsOf(stranger)).includes(chat.room));
    emitter.to(chat.room).emit('new-msg', { chatId: chat.chatId, content: 'forged' });
    emitter.to(chat.room).emit('typing', { chatId: chat.chatId, userId: chat.chatId });
    await stranger.named('typing', 1);
    await chat.ours.named('typing', 1);
    assert.deepEqual([await stranger.named('new-msg', 0), await chat.ours.named('new-msg', 0)], [[], []]);
    emitter.in(stranger.socket.id).socketsLeave(chat.room);
    await cluster.until(async () => !(await roomsOf(stranger)).includes(chat.room));
    assert.equal(await refused('rooms'), 0);
  });
});
