// A Node server with @socket.io/redis-adapter, an emitter, and a server of ours in one cluster.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Emitter } from '@socket.io/redis-emitter';
import { Client, NodeServer, Peer, Redis } from './node_cluster.mjs';

const chat = 'chat:01999999-0000-7000-8000-000000000001';
const user = 'user:01999999-0000-7000-8000-000000000002';
const timeout = 30_000;

let redis, peer, node, emitter;
before(async () => {
  redis = await Redis.start();
  [peer, node] = await Promise.all([Peer.start(redis), NodeServer.start(redis)]);
  emitter = new Emitter(node.pub);
});
after(async () => {
  await node?.stop();
  await peer?.stop();
  await redis?.destroy();
});

afterEach(() => Client.closeAll());

/** One client of each server in the chat's room. */
async function pair() {
  return [await Client.connect(peer.url, chat), await Client.connect(node.url, chat)];
}

test('both servers count each other', { timeout }, async () => {
  assert.equal(await node.io.of('/').adapter.serverCount(), 2);
});

test('what a Node server says to a room reaches our clients', { timeout }, async () => {
  const [ours, theirs] = await pair();
  const payload = { chatId: 'c', text: '評分', n: -1, big: 2 ** 40, half: 0.5, list: [true, null], at: new Date(0), then: new Date(1795384115123) };
  node.io.to(chat).emit('ai-delta', payload);
  const expected = [['ai-delta', { ...payload, at: '1970-01-01T00:00:00.000Z', then: '2026-11-22T21:48:35.123Z' }]];
  assert.deepEqual(await ours.until(1), expected);
  assert.deepEqual(await theirs.until(1), expected);
});

test('what we say to a room reaches the clients of a Node server', { timeout }, async () => {
  const [ours, theirs] = await pair();
  const payload = { chatId: 'c', text: '評分 \u{1F600}', off: 3, list: [1.5, -7, { a: null }] };
  assert.equal(await ours.socket.emitWithAck('publish', chat, 'typing', payload), true);
  assert.deepEqual(await theirs.until(1), [['typing', payload]]);
  assert.deepEqual(await ours.until(1), [['typing', payload]], 'once, not again through Redis');
});

test('a client of a Node server is not told what it said itself', { timeout }, async () => {
  const [ours, theirs] = await pair();
  theirs.socket.emit('to-room', chat, 'typing', { n: 1 });
  assert.deepEqual(await ours.until(1), [['typing', { n: 1 }]]);
  node.io.to(chat).emit('typing', { n: 2 });
  assert.deepEqual(await ours.until(2), [['typing', { n: 1 }], ['typing', { n: 2 }]]);
  assert.deepEqual(await theirs.until(1), [['typing', { n: 2 }]]);
});

test('an emitter reaches our clients, under the rules', { timeout }, async () => {
  const [ours, theirs] = await pair();
  const alone = await Client.connect(peer.url, user);
  for (const name of ['new-msg', 'msg-updated', 'rubric-updated', 'member-removed', 'user-event', 'heads', 'other']) {
    emitter.to(chat).emit(name, { id: 'forged' });
  }
  emitter.to(chat).emit('bell', Buffer.from('bytes'));
  emitter.to(chat).emit('presence', { userIds: ['a'] });
  emitter.to(user).emit('upload-progress', { uploadId: 'u' });
  assert.deepEqual(await ours.until(1), [['presence', { userIds: ['a'] }]]);
  assert.deepEqual(await alone.until(1), [['upload-progress', { uploadId: 'u' }]]);
  emitter.emit('bell', 1, 'two');
  assert.deepEqual((await ours.until(2))[1], ['bell', 1, 'two']);
  assert.deepEqual((await alone.until(2))[1], ['bell', 1, 'two']);
  assert.equal((await theirs.until(10)).length, 10, 'the Node server believes everything');
});

test('a Node server sees our sockets, and nothing by which it could be one of them', { timeout }, async () => {
  const [ours, theirs] = await pair();
  const begin = Date.now();
  const found = await node.io.in(chat).fetchSockets();
  assert.deepEqual(found.map(({ id }) => id).toSorted(), [ours.socket.id, theirs.socket.id].toSorted());
  const remote = found.find(({ id }) => id === ours.socket.id);
  assert.deepEqual([...remote.rooms].toSorted(), [chat, ours.socket.id].toSorted());
  assert.equal(remote.handshake.address, '127.0.0.1');
  assert.ok(!JSON.stringify([remote.handshake, remote.data]).includes('secret'), JSON.stringify(remote.handshake));
  const rooms = await node.io.of('/').adapter.allRooms();
  for (const room of [chat, ours.socket.id, theirs.socket.id]) assert.ok(rooms.has(room), room);
  assert.ok(Date.now() - begin < 2000, 'nobody waited for an answer that does not come');
});

test('a Node server moves our sockets into rooms of its own, and not into ours', { timeout }, async () => {
  const [ours, theirs] = await pair();
  const other = 'chat:01999999-0000-7000-8000-000000000009';
  for (const rooms of [[other], [user], ['lobby', other]]) node.io.in(ours.socket.id).socketsJoin(rooms);
  node.io.in(ours.socket.id).socketsLeave(chat);
  node.io.in(ours.socket.id).socketsJoin('lobby');
  const [remote] = await node.io.in(ours.socket.id).fetchSockets();
  assert.deepEqual([...remote.rooms].toSorted(), [chat, 'lobby', ours.socket.id].toSorted());
  node.io.to('lobby').emit('bell', 1);
  assert.deepEqual(await ours.until(1), [['bell', 1]]);
  node.io.in('lobby').socketsLeave('lobby');
  assert.equal((await node.io.in('lobby').fetchSockets()).length, 0);
});

test('whoever trusts its peers lets them', { timeout }, async () => {
  const trusting = await Peer.start(redis, 'full');
  const client = await Client.connect(trusting.url);
  node.io.in(client.socket.id).socketsJoin([chat]);
  const [remote] = await node.io.in(client.socket.id).fetchSockets();
  assert.deepEqual([...remote.rooms].toSorted(), [chat, client.socket.id].toSorted());
  emitter.to(chat).emit('new-msg', { id: 'forged' });
  emitter.to(chat).emit('typing', {});
  assert.deepEqual(await client.until(1), [['typing', {}]]);
  await trusting.stop();
  assert.equal(await node.io.of('/').adapter.serverCount(), 2);
});

test('calls that wait for every server are answered by ours', { timeout }, async () => {
  const [ours, theirs] = await pair();
  theirs.socket.on('question', (ack) => ack('an answer'));
  const begin = Date.now();
  assert.deepEqual(await node.io.to(chat).timeout(4000).emitWithAck('question'), ['an answer']);
  assert.deepEqual(await node.io.serverSideEmitWithAck('anybody?'), [null]);
  assert.ok(Date.now() - begin < 2000, 'nobody waited for an answer that does not come');
});

test('over the bridge, clients of a Node server hear what is stored, and ours not a second time', { timeout }, async () => {
  const [ours, theirs] = await pair();
  const message = { id: 'm', role: 'USER', content: '評分', time: '2026-11-22T21:48:35.123Z' };
  assert.equal(await ours.socket.emitWithAck('store', chat, message), true);
  const chatId = chat.slice('chat:'.length);
  assert.deepEqual(await theirs.until(1), [['new-msg', { chatId, epoch: 1, seq: 2, ...message }]]);
  node.io.to(chat).emit('typing', {});
  assert.deepEqual(await ours.until(1), [['typing', {}]]);
});

test('a Node server ends our connections', { timeout }, async () => {
  const ours = await Client.connect(peer.url, 'lobby');
  const gone = new Promise((resolve) => ours.socket.on('disconnect', resolve));
  node.io.in('lobby').disconnectSockets();
  assert.equal(await gone, 'io server disconnect');
});

test('all is as before when Redis was away', { timeout }, async () => {
  const [ours, theirs] = await pair();
  redis.stop();
  assert.equal(await ours.socket.emitWithAck('publish', chat, 'typing', { n: 0 }), true);
  assert.deepEqual(await ours.until(1), [['typing', { n: 0 }]], 'at home it goes on');
  redis.start();
  // What is said before everybody listens again is lost, and nobody minds.
  for (let n = 1; ours.heard.length < 2 || theirs.heard.length < 1; n++) {
    if (node.pub.isReady) emitter.to(chat).emit('presence', { n });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(ours.heard[1][0], 'presence');
});
