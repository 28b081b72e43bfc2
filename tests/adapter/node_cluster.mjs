// A cluster on one Redis: redis_peer, which is ours, and a Node server with the official adapter.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { io as connect } from 'socket.io-client';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const binary = process.env.RUBRICON_REDIS_PEER ?? path.join(root, 'build/dev/redis_peer');

/** A Redis of the test's own. */
export class Redis {
  static async start() {
    const redis = new Redis();
    redis.folder = await mkdtemp(path.join(tmpdir(), 'rubricon-redis-'));
    redis.start();
    redis.url = (await readFile(path.join(redis.folder, 'url'), 'utf8')).trim();
    return redis;
  }

  run(verb) {
    const done = spawnSync(path.join(root, 'tools/services/redis'), [verb, this.folder], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
  }
  start() {
    this.run('start');
  }
  stop() {
    this.run('stop');
  }
  async destroy() {
    this.stop();
    await rm(this.folder, { recursive: true });
  }
}

/** Ours. */
export class Peer {
  static async start(redis, ...args) {
    const peer = new Peer();
    peer.child = spawn(binary, [redis.url, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    peer.exited = once(peer.child, 'exit').then(([code, signal]) => ({ code, signal }));
    const early = peer.exited.then((how) => assert.fail(`no server: ${JSON.stringify(how)}`));
    const [line] = await Promise.race([once(createInterface({ input: peer.child.stdout }), 'line'), early]);
    early.catch(() => {});
    peer.url = line.match(/http:\S+/)[0];
    return peer;
  }

  async stop() {
    this.child.kill();
    assert.deepEqual(await this.exited, { code: 0, signal: null });
  }
}

/** Theirs. `clients` are connections to Redis, for emitters too. */
export class NodeServer {
  static async start(redis) {
    const node = new NodeServer();
    node.pub = createClient({ url: redis.url, socket: { reconnectStrategy: 50 } });
    node.sub = node.pub.duplicate();
    for (const client of [node.pub, node.sub]) {
      client.on('error', () => {}); // it comes back by itself
      await client.connect();
    }
    node.http = createServer();
    node.io = new Server(node.http, { adapter: createAdapter(node.pub, node.sub, { requestsTimeout: 4000 }) });
    node.io.on('connection', (socket) => {
      socket.on('join', async (room, ack) => {
        await socket.join(room);
        ack(true);
      });
      socket.on('to-room', (room, name, ...args) => socket.to(room).emit(name, ...args));
    });
    node.http.listen(0, '127.0.0.1');
    await once(node.http, 'listening');
    node.url = `http://127.0.0.1:${node.http.address().port}`;
    return node;
  }

  async stop() {
    await this.io.close();
    await Promise.all([this.pub.close(), this.sub.close()]);
  }
}

/** An official client that remembers what it hears. */
export class Client {
  static open = [];

  static closeAll() {
    for (const client of Client.open.splice(0)) client.socket.close();
  }

  static async connect(url, ...rooms) {
    const client = await Client.as({ token: 'secret-token' }, url, { extraHeaders: { cookie: 'a=secret-cookie' } });
    for (const room of rooms) assert.equal(await client.socket.emitWithAck('join', room), true);
    return client;
  }

  static async as(auth, url, options = {}) {
    const client = new Client();
    client.heard = [];
    client.socket = connect(url, { forceNew: true, auth, ...options });
    client.socket.onAny((name, ...args) => client.heard.push([name, ...args.filter((arg) => typeof arg !== 'function')]));
    Client.open.push(client);
    await once(client.socket, 'connect');
    return client;
  }

  /** Waits until it has heard that many events. */
  async until(count) {
    while (this.heard.length < count) await new Promise((resolve) => this.socket.onAny(resolve));
    return this.heard;
  }

  /** The payloads of the events of that name, once it has heard so many. */
  async named(name, count) {
    for (;;) {
      const payloads = this.heard.filter(([each]) => each === name).map(([, payload]) => payload);
      if (payloads.length >= count) return payloads;
      await new Promise((resolve) => this.socket.onAny(resolve));
    }
  }
}
