// A client that hears one message at a time, as those of the official protocol suites do: it listens
// once, and what arrives while nobody listens is lost to it. Official servers work with such clients.
import assert from 'node:assert/strict';
import WebSocket from 'ws';
import { within } from './echo.mjs';

/** The next event of that type. */
export function heard(socket, type) {
  return within(new Promise((resolve) => socket.addEventListener(type, resolve, { once: true })), type);
}

/** The texts and bytes of the next `count` messages, pings left out. */
export function heardMessages(socket, count) {
  const messages = [];
  const all = new Promise((resolve) => {
    socket.addEventListener('message', function take({ data }) {
      if (data === '2') return;
      messages.push(data);
      if (messages.length < count) return;
      socket.removeEventListener('message', take);
      resolve(messages);
    });
  });
  return within(all, `${count} messages`);
}

export class Suite {
  /** Talks to `/engine.io/` or `/socket.io/` of a server. */
  constructor(echo, path) {
    Object.assign(this, { echo, path });
  }

  /** A WebSocket; nothing is listened to yet. An error that nobody expects fails the test. */
  connect(query) {
    const socket = new WebSocket(`ws://127.0.0.1:${this.echo.port}${this.path}?${query}`);
    socket.binaryType = 'arraybuffer';
    return socket;
  }

  /** A WebSocket session whose open packet was heard. */
  async session() {
    const socket = this.connect('EIO=4&transport=websocket');
    const { data } = await heard(socket, 'message');
    assert.equal(data[0], '0');
    return socket;
  }

  /** A client of `/` that has heard the answer to its CONNECT and its first event. */
  async joined() {
    const socket = await this.session();
    socket.send('40');
    assert.match((await heard(socket, 'message')).data, /^40\{/);
    assert.equal((await heard(socket, 'message')).data, '42["auth",{}]');
    return socket;
  }

  /** The query of a new polling session. */
  async polling() {
    const response = await this.get('EIO=4&transport=polling');
    const open = JSON.parse((await response.text()).slice(1));
    return `EIO=4&transport=polling&sid=${open.sid}`;
  }

  get(query, options) {
    return this.echo.fetch(query, { path: this.path, ...options });
  }

  post(query, body) {
    return this.get(query, { method: 'POST', body });
  }

  /** Polls, and must succeed. */
  async poll(query) {
    const response = await this.get(query);
    assert.equal(response.status, 200);
    return response.text();
  }

  async assertStatus(expected, query, options) {
    assert.equal((await this.get(query, options)).status, expected, query);
  }

  /** A WebSocket that is about to take over from the polling session of that query. */
  async probed(query) {
    const socket = this.connect(query.replace('polling', 'websocket'));
    await heard(socket, 'open');
    const answer = heard(socket, 'message');
    socket.send('2probe');
    assert.equal((await answer).data, '3probe');
    return socket;
  }
}
