// Starts examples/socketio_echo and speaks to it byte by byte: fetch and node:http for polling, ws and
// plain TCP for WebSockets. Tests are named by the section of the protocol notes whose rule they check.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const binary = process.env.RUBRICON_ECHO ?? path.join(root, 'build/dev/examples/socketio_echo');

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The promise's value, or an error that says what did not happen in time. */
export function within(promise, what, ms = 5000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export class Echo {
  /** `options` are command line arguments by name: `{'ping-interval': 300}`. */
  static async start(options = {}) {
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(binary, ['--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += chunk));
    const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal, stderr }));
    const early = exited.then((how) => assert.fail(`no server: ${JSON.stringify(how)}`));
    const [line] = await Promise.race([once(child.stdout, 'data'), early]);
    early.catch(() => {});
    return new Echo(child, exited, Number(String(line).match(/:(\d+)\s/)[1]));
  }

  constructor(child, exited, port) {
    Object.assign(this, { child, exited, port, url: `http://127.0.0.1:${port}` });
  }

  /** SIGTERM; the program must end by itself, without a complaint of a sanitizer. */
  async stop() {
    this.child.kill('SIGTERM');
    const how = await within(this.exited, 'the end of the server', 15_000);
    assert.deepEqual({ code: how.code, signal: how.signal }, { code: 0, signal: null }, how.stderr);
  }

  async residentKilobytes() {
    const { readFile } = await import('node:fs/promises');
    return Number((await readFile(`/proc/${this.child.pid}/status`, 'utf8')).match(/VmRSS:\s+(\d+)/)[1]);
  }

  /** A request to the Engine.IO path, or to Socket.IO's with `path`. */
  fetch(query, options = {}) {
    const { path: where = '/engine.io/', ...rest } = options;
    return fetch(`${this.url}${where}?${query}`, rest);
  }

  /** Opens a polling session; returns it with the fields of its open packet. */
  async polling(where = '/engine.io/') {
    const response = await this.fetch('EIO=4&transport=polling', { path: where });
    assert.equal(response.status, 200);
    const body = await response.text();
    assert.equal(body[0], '0', body);
    return new Polling(this, where, JSON.parse(body.slice(1)));
  }

  /** Opens a WebSocket and waits until it is open. */
  async webSocket(query = 'EIO=4&transport=websocket', where = '/engine.io/', options = {}) {
    const peer = new Peer(new WebSocket(`ws://127.0.0.1:${this.port}${where}?${query}`, [], options));
    await within(peer.opened, 'an open WebSocket');
    return peer;
  }

  /** A WebSocket session of /engine.io/ whose open packet was taken. */
  async session(where = '/engine.io/') {
    const peer = await this.webSocket(undefined, where);
    peer.open = JSON.parse((await peer.next()).slice(1));
    return peer;
  }

  /** A Socket.IO connection by WebSocket that has joined `namespace` and heard its `auth` event. */
  async joined(namespace = '/') {
    const peer = await this.session('/socket.io/');
    await peer.join(namespace);
    return peer;
  }

  /** What a plain HTTP/1.1 request gets, with full control over its head and body. */
  request(options, body) {
    return new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port: this.port, agent: false, ...options }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
        response.on('error', reject);
      });
      request.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve({ status: response.statusCode, headers: response.headers, body: '' });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  /** An upgrade request with these header lines; resolves with the whole answer up to the close. */
  async rawUpgrade(target, headers = {}) {
    const socket = net.connect(this.port, '127.0.0.1');
    const fields = {
      Host: `127.0.0.1:${this.port}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`);
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk) => (answer += chunk));
    socket.on('error', () => {});
    const ended = once(socket, 'close');
    while (!answer.includes('\r\n\r\n')) await within(Promise.race([once(socket, 'data'), ended]), 'an answer');
    return { socket, ended, text: () => answer, status: Number(answer.slice(9, 12)) };
  }
}

/** One polling session. */
export class Polling {
  constructor(echo, where, open) {
    Object.assign(this, { echo, where, open, sid: open.sid });
    this.query = `EIO=4&transport=polling&sid=${open.sid}`;
  }

  get(options = {}) {
    return this.echo.fetch(this.query, { path: this.where, ...options });
  }

  /** The body of a poll that succeeded. */
  async poll() {
    const response = await within(this.get(), 'an answer to a poll');
    assert.equal(response.status, 200);
    return response.text();
  }

  post(body, options = {}) {
    return this.echo.fetch(this.query, { path: this.where, method: 'POST', body, ...options });
  }

  /** Posts packets that the server accepts. */
  async send(...packets) {
    const response = await this.post(packets.join('\x1e'));
    assert.equal(response.status, 200);
    assert.equal(await response.text(), 'ok');
  }

  /** Joins a namespace and takes the answer and the `auth` event. */
  async join() {
    await this.send('40');
    let text = '';
    while (!text.includes('"auth"')) text += await this.poll();
    return text;
  }

  async assertGone() {
    const response = await this.get();
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), { code: 1, message: 'Session ID unknown' });
  }

  async assertAlive() {
    await this.send('4still here?');
    assert.equal(await this.poll(), '4still here?');
  }

  upgradeQuery() {
    return `EIO=4&transport=websocket&sid=${this.sid}`;
  }
}

/** A WebSocket whose messages wait until they are asked for. */
export class Peer {
  constructor(socket) {
    this.socket = socket;
    this.messages = [];
    this.waiting = [];
    this.opened = new Promise((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
    });
    this.opened.catch(() => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', (code) => resolve(code));
    });
    socket.on('message', (data, isBinary) => {
      const message = isBinary ? data : data.toString();
      const next = this.waiting.shift();
      if (next) next(message);
      else this.messages.push(message);
    });
  }

  next(ms) {
    const ready = this.messages.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    return within(new Promise((resolve) => this.waiting.push(resolve)), 'a message', ms);
  }

  send(...messages) {
    for (const message of messages) this.socket.send(message);
  }

  async join(namespace = '/', auth = '') {
    const prefix = namespace === '/' ? '' : `${namespace},`;
    this.send(`40${prefix}${auth}`);
    const answer = await this.next();
    assert.match(answer, new RegExp(`^40${prefix}\\{"sid":"[A-Za-z0-9_-]{20}"`));
    assert.match(await this.next(), new RegExp(`^42${prefix}\\["auth",`));
    return JSON.parse(answer.slice(answer.indexOf('{')));
  }

  /** Nothing else may arrive for a while. */
  async assertQuiet(ms = 150) {
    await sleep(ms);
    assert.deepEqual(this.messages, []);
  }

  /** The close code that the server sent. */
  closeCode(ms) {
    return within(this.closed, 'the end of the WebSocket', ms);
  }

  async assertEchoes() {
    this.send('4still here?');
    assert.equal(await this.next(), '4still here?');
  }

  close() {
    this.socket.terminate();
  }
}
