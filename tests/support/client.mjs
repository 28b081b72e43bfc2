// A teacher's device: REST with fetch, events with the official socket.io-client, and the position
// in each chat's stream as any client has to keep it.
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { io } from 'socket.io-client';
import { checkAck, checkEvent, checkResponse } from './contract.mjs';

let accounts = 0;

export class Device {
  constructor(server, account) {
    this.server = server;
    this.account = account;
    this.chats = new Map(); // chatId → {epoch, seq, events, anew}
    this.violations = [];
  }

  /** Registers a new teacher and returns their first device. */
  static async register(server, name = 'Teacher', from = undefined) {
    const account = { email: `t${process.pid}-${++accounts}@school.example`, password: randomUUID(), name };
    const device = new Device(server, account);
    const { status, body } = from ? await postFrom(from, `${server.url}/api/auth/register`, account)
      : await device.rest('POST', '/api/auth/register', { ...account });
    if (status !== 201 && status !== 200) throw new Error(`register: ${status} ${JSON.stringify(body)}`);
    device.adopt(body);
    return device;
  }

  /** Another device of the same account. */
  async another() {
    const device = new Device(this.server, this.account);
    const { email, password } = this.account;
    const { status, body } = await device.rest('POST', '/api/auth/login', { email, password });
    if (status !== 200) throw new Error(`login: ${status} ${JSON.stringify(body)}`);
    device.adopt(body);
    return device;
  }

  /** What a sign-in answered, or another device of the account has. */
  adopt(session) {
    this.token = session.accessToken ?? session.token;
    this.user = session.user;
  }

  async rest(method, path, body, headers = {}) {
    const response = await fetch(this.server.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.headers.get('content-type')?.includes('html')) throw new Error(`an entrance answered ${response.status}: ${text}`);
    const parsed = text ? JSON.parse(text) : undefined;
    checkResponse(method, path, response.status, parsed);
    return { status: response.status, headers: response.headers, body: parsed };
  }

  /** The same, patiently: whoever is told 429 asks again later. */
  async untilAllowed(method, path, body) {
    for (;;) {
      const answer = await this.rest(method, path, body);
      if (answer.status !== 429) return answer;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async createChat(title = '', context = undefined) {
    const { status, body } = await this.rest('POST', '/api/chat', { title, context });
    if (status !== 201) throw new Error(`create chat: ${status} ${JSON.stringify(body)}`);
    return body.id;
  }

  post(chatId, content, clientId = randomUUID()) {
    return this.rest('POST', '/api/chat/messages', { chatId, content, clientId });
  }

  /** Posts until it is known to be stored, as the page's send queue does. */
  async postUntilStored(chatId, content, clientId = randomUUID()) {
    for (;;) {
      try {
        const answer = await this.post(chatId, content, clientId);
        if (answer.status === 201) return answer.body;
        if (answer.status < 500 && answer.status !== 429) throw new Refused(answer);
      } catch (error) {
        if (error instanceof Refused) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 20)); // the server is being restarted
    }
  }

  connect(options = {}) {
    this.socket = io(this.server.url, {
      // A device keeps its own position in each chat: it does not ask to be recovered.
      auth: (callback) => callback({ token: this.token, pid: null }),
      transports: ['websocket'],
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
      forceNew: true,
      ...options,
    });
    this.socket.onAny((name, payload) => {
      checkEvent(name, payload); // thrown from here, it fails the running test
      this.#receive(name, payload);
    });
    this.socket.on('connect', () => {
      for (const chatId of this.chats.keys()) void this.#rejoin(chatId);
    });
    return new Promise((resolve, reject) => {
      this.socket.once('connect', resolve);
      if (options.reconnection === false) this.socket.once('connect_error', reject);
    });
  }

  /** Follows a chat from the beginning (or from `after`). Resolves with the ack. */
  async join(chatId, after = 0) {
    this.chats.set(chatId, { epoch: 1, seq: after, events: [], anew: [] });
    return this.#rejoin(chatId);
  }

  async #rejoin(chatId) {
    const chat = this.chats.get(chatId);
    const ack = await this.socket.timeout(20_000).emitWithAck('join-chat', { chatId, epoch: chat.epoch, after: chat.seq }).catch(() => null);
    if (ack) checkAck('join', ack);
    if (ack?.resync) {
      chat.resync = true;
      chat.anew.push({ after: chat.seq, head: ack.head }); // what was missed is to be read by REST
      chat.seq = ack.head;
    }
    if (['unavailable', 'rate_limited'].includes(ack?.error?.code)) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return this.#rejoin(chatId);
    }
    return ack;
  }

  #receive(name, payload) {
    const chat = payload && this.chats.get(payload.chatId);
    if (!chat || typeof payload.seq !== 'number') return;
    if (payload.seq !== chat.seq + 1) this.violations.push(`${payload.chatId}: ${name} seq ${payload.seq} after ${chat.seq}`);
    chat.seq = Math.max(chat.seq, payload.seq);
    chat.events.push({ name, ...payload });
    this.onEvent?.(name, payload);
  }

  messages(chatId) {
    return this.chats.get(chatId).events.filter((event) => event.name === 'new-msg');
  }

  /** Resolves when `predicate()` holds, looked at after every event; the test's own time-out bounds it. */
  async until(predicate) {
    while (!predicate()) {
      await new Promise((resolve) => {
        const again = () => {
          clearTimeout(timer);
          this.onEvent = undefined;
          resolve();
        };
        const timer = setTimeout(again, 250);
        this.onEvent = again;
      });
    }
  }

  close() {
    this.socket?.disconnect();
  }
}

/** A POST from another loopback address: each has limits of its own. */
function postFrom(localAddress, url, content) {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', localAddress, headers: { 'content-type': 'application/json' } }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve({ status: answer.statusCode, body: JSON.parse(text) });
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(content));
  });
}

export class Refused extends Error {
  constructor(answer) {
    super(`refused: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.answer = answer;
  }
}

/** Every stored event of a chat, or those after a position, by REST. */
export async function storedEvents(device, chatId, after = 0) {
  const events = [];
  for (;;) {
    const { status, body } = await device.untilAllowed('GET', `/api/chat/${chatId}/events?after=${after + events.length}&limit=500`);
    if (status !== 200) throw new Error(`events: ${status} ${JSON.stringify(body)}`);
    events.push(...body.events);
    if (after + events.length >= body.head || body.events.length === 0) return { head: body.head, events };
  }
}

/** What a client reads that was told to read anew: the events after `after`, up to `head`. Throws where one is missing. */
export async function readAnew(device, chatId, { after, head }) {
  const events = (await storedEvents(device, chatId, after)).events.filter((event) => event.seq <= head);
  const wrong = events.findIndex((event, i) => event.seq !== after + 1 + i);
  if (wrong >= 0 || events.length !== head - after) throw new Error(`events ${after + 1} to ${head}: ${events.map((event) => event.seq)}`);
  return events;
}
