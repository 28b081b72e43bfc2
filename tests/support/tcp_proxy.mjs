// A TCP proxy that misbehaves, on loopback: between two who speak TCP it cuts, holds bytes back in one direction or in
// both (as a network that is gone does: nothing is lost that TCP would have kept), delays, is slow, and ends in mid-message.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** `felt`: how many pieces came late, or were the last of a connection that was ended. */
export class TcpProxy {
  /** Stands before `port`; `proxy.port` is where to come instead. */
  static async before(port) {
    const proxy = new TcpProxy();
    Object.assign(proxy, { target: port, pairs: new Set(), refusing: false, held: new Set(), lateMs: 0, jitterMs: 0, bytesPerSecond: Infinity, bytesMost: Infinity, felt: 0 });
    proxy.server = createServer((from) => proxy.#join(from)).listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    proxy.port = proxy.server.address().port;
    return proxy;
  }

  #join(from) {
    if (this.refusing) return from.resetAndDestroy();
    const to = connect(this.target, '127.0.0.1');
    const pair = { from, to, left: this.bytesMost };
    this.pairs.add(pair);
    const end = () => {
      this.pairs.delete(pair);
      from.destroy();
      to.destroy();
    };
    for (const socket of [from, to]) socket.setNoDelay(true).on('error', end).on('close', end);
    this.#carry(pair, from, to, 'there');
    this.#carry(pair, to, from, 'back');
  }

  /** In order, each piece late by the delay of its moment (as on a long way, where many are under way at once), and held for as long as its direction is. */
  #carry(pair, source, sink, direction) {
    let last = Promise.resolve();
    const pass = async (chunk, due) => {
      const late = Math.max(0, due - performance.now()) + (chunk.length / this.bytesPerSecond) * 1_000;
      if (late > 0) this.felt += 1;
      if (late > 0) await new Promise((resolve) => setTimeout(resolve, late));
      while (this.held.has(direction)) await this.released;
      if (sink.destroyed) return;
      pair.left -= chunk.length;
      if (pair.left >= 0) sink.write(chunk);
      else {
        this.felt += 1;
        sink.write(chunk.subarray(0, Math.max(chunk.length + pair.left, 0)), () => sink.resetAndDestroy());
      }
    };
    source.on('data', (chunk) => {
      const due = performance.now() + this.lateMs + (Math.random() * 2 - 1) * this.jitterMs;
      last = last.then(() => pass(chunk, due));
    });
  }

  /** Resets every connection and, until `heal`, each new one. */
  cut() {
    this.refusing = true;
    for (const { from, to } of this.pairs) {
      from.resetAndDestroy();
      to.resetAndDestroy();
    }
  }

  /** Nothing arrives any more, and nobody is told; `back` only: what is sent arrives, and no answer does. */
  hold(...directions) {
    this.released ??= new Promise((resolve) => (this.release = resolve));
    for (const direction of directions.length ? directions : ['there', 'back']) this.held.add(direction);
  }

  delay(ms, jitter = 0) {
    Object.assign(this, { lateMs: ms, jitterMs: jitter });
  }

  /** Each direction of each connection carries so many bytes a second. */
  throttle(bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Each connection that begins from now on ends with a reset when it has carried so many bytes; those of before at once. */
  endAfter(bytes) {
    this.bytesMost = bytes;
    for (const { from, to } of this.pairs) {
      from.resetAndDestroy();
      to.resetAndDestroy();
    }
  }

  /** As if nothing had been; what was held arrives where somebody still waits for it. */
  heal() {
    this.refusing = false;
    this.held.clear();
    this.delay(0);
    Object.assign(this, { bytesPerSecond: Infinity, bytesMost: Infinity });
    for (const pair of this.pairs) pair.left = Infinity;
    this.release?.();
    this.released = this.release = undefined;
  }

  async close() {
    this.heal();
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }
}
