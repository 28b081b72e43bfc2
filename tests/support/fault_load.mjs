// Load for fault tests, and what must be true of it afterwards: writers that try again with the same
// key until they are answered, followers that are always there, come and go, or stay away for long.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { Device, readAnew, storedEvents } from './client.mjs';

/** Short by default; `./dev faults` asks for the long version. */
export const long = process.env.RUBRICON_FAULTS === 'long';

/** The server replays 500 events; whoever is away comes back before that many are missed. */
const awayEventsMost = 250;

/** A seeded generator (mulberry32), so that a failure can be run again. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class Load {
  constructor(server, { writers = 3, chats = 3, pace = 40, strict = false, text = (n) => `請說明第 ${n} 點` } = {}) {
    Object.assign(this, { server, writers, chats, pace, strict, text });
    this.errors = []; // what a client was told or met that it need not have; check() allows none to a strict load
    this.sent = []; // {chatId, clientId, invoked, answered, id, seq, time}, those that were answered
    this.recoveries = [];
    this.unauthenticated = 0; // posts refused for their token
    this.timeouts = 0; // followers that heard nothing for too long
  }

  /** Registers everybody, makes the chats and connects the followers. */
  async prepare() {
    this.devices = [];
    for (let n = 0; n < this.writers; n += 1) this.devices.push(await Device.register(this.server, `writer ${n}`));
    const [owner, ...others] = this.devices;
    this.chatIds = [];
    for (let n = 0; n < this.chats; n += 1) {
      const chatId = await owner.createChat();
      this.chatIds.push(chatId);
      for (const { account } of others) {
        const { status } = await owner.rest('POST', `/api/chat/${chatId}/members`, { email: account.email, role: 'editor' });
        assert.ok(status < 300, `adding a member: ${status}`);
      }
    }
    this.steady = [await this.follower(owner), await this.follower(others[0] ?? owner)];
    this.flapping = await this.follower(owner);
    this.away = await this.follower(owner);
    this.away.socket.disconnect();
    return this;
  }

  async follower(account) {
    const device = await account.another();
    await device.connect();
    this.#insist(device);
    for (const chatId of this.chatIds) await device.join(chatId);
    return device;
  }

  /** Whoever is refused or sent away comes back with the token that it then has, as the page does. */
  #insist(device) {
    const again = (reason) => {
      if (device.socket.active || reason === 'io client disconnect') return;
      setTimeout(() => this.closed || device.socket.connect(), 100);
    };
    device.socket.on('connect_error', again).on('disconnect', again);
    device.socket.on('disconnect', (reason) => (this.timeouts += reason === 'ping timeout' ? 1 : 0));
    if (this.strict) device.socket.on('connect_error', (error) => this.errors.push(`a socket was refused: ${error.message}`));
  }

  start() {
    this.stopping = false;
    this.running = [...this.devices.map((device, writer) => this.#write(device, writer)), this.#flap(), this.#travel()];
    return this;
  }

  async stop() {
    this.stopping = true;
    await Promise.all(this.running);
  }

  async #write(device, writer) {
    for (let n = 0; !this.stopping; n += 1) {
      const chatId = this.chatIds[n % this.chatIds.length];
      const clientId = `w${writer}-${this.sent.length}-${n}`;
      const content = this.text(n);
      const invoked = performance.now();
      const stored = await this.#post(device, chatId, content, clientId);
      this.sent.push({ device, chatId, clientId, content, invoked, answered: performance.now(), ...stored });
      await wait(this.pace);
    }
  }

  /** A token that is no longer good is renewed by signInAgain(); until then the same is tried again. */
  async #post(device, chatId, content, clientId) {
    for (;;) {
      try {
        if (!this.strict) return await device.postUntilStored(chatId, content, clientId);
        const { status, body } = await device.post(chatId, content, clientId).catch((error) => ({ status: error.cause ?? error }));
        if (status === 201) return body;
        this.errors.push(`POST of a message: ${status} ${JSON.stringify(body)}`);
      } catch (error) {
        if (error.answer?.status !== 401) throw error;
        this.unauthenticated += 1;
        await wait(50);
      }
    }
  }

  /** New tokens for everybody; open sockets renew theirs. */
  async signInAgain() {
    const all = [...this.devices, ...this.steady, this.flapping, this.away];
    for (const account of new Set(all.map((device) => device.account))) {
      const mine = all.filter((device) => device.account === account);
      const session = await mine[0].another();
      for (const device of mine) {
        device.adopt(session);
        if (device.socket?.connected) device.socket.emit('auth', { token: device.token });
      }
    }
  }

  async #flap() {
    while (!this.stopping) {
      this.flapping.socket.disconnect();
      await wait(150);
      this.flapping.socket.connect();
      await wait(600);
    }
  }

  /** Where every chat stands, from the first moment that somebody answers. */
  async heads() {
    const heads = new Map();
    for (const chatId of this.chatIds) {
      while (!heads.has(chatId)) {
        const answer = await this.devices[0].rest('GET', `/api/chat/${chatId}/events?after=0&limit=1`).catch(() => null);
        if (answer?.status === 200) heads.set(chatId, answer.body.head);
        else await wait(20);
      }
    }
    return heads;
  }

  /** Waits until all steady followers have what was stored when the fault ended; notes how long it took. */
  async level(since) {
    const heads = await this.heads();
    for (const follower of this.steady) {
      await follower.until(() => [...heads].every(([chatId, head]) => follower.chats.get(chatId).seq >= head));
    }
    this.recoveries.push(performance.now() - since);
    return this.recoveries.at(-1);
  }

  /** Whoever is away for long comes for a moment where a chat has gone far ahead of them. */
  async #travel() {
    while (!this.stopping) {
      await wait(1_000);
      await this.#visit(await this.heads());
    }
  }

  async #visit(heads) {
    const seqOf = (chatId) => this.away.chats.get(chatId).seq;
    if ([...heads].every(([chatId, head]) => head - seqOf(chatId) < awayEventsMost)) return;
    this.away.socket.connect();
    await this.away.until(() => [...heads].every(([chatId, head]) => seqOf(chatId) >= head));
    this.away.socket.disconnect();
  }

  /**
   * After the load has stopped: holds every rule against every follower and the stored log. Nobody may have been told
   * to read anew, unless `anewAllowed`: `anew` is how often one was, and found by REST what it had not heard.
   */
  async check({ anewAllowed = false } = {}) {
    if (this.strict) assert.deepEqual(this.errors, []);
    this.away.socket.connect();
    let anew = 0;
    for (const chatId of this.chatIds) {
      const mine = this.sent.filter((message) => message.chatId === chatId);
      const { head, events } = await this.#answered(chatId, mine.length);
      assert.deepEqual(events.map((event) => event.seq), Array.from({ length: head }, (_, i) => i + 1), 'no gap');
      checkStored(mine, events);
      checkRealTimeOrder(mine);
      for (const follower of [...this.steady, this.flapping, this.away]) anew += await this.#checkFollower(follower, chatId, events);
    }
    assert.ok(anewAllowed || anew === 0, `followers were told to read anew ${anew} times`);
    await this.#checkReplays();
    return { messages: this.sent.length, recoveries: this.recoveries, anew };
  }

  /** Every stored event of a chat, once each question has its answer. */
  async #answered(chatId, questions) {
    for (;;) {
      const stored = await storedEvents(this.devices[0], chatId);
      if (stored.events.filter((event) => event.data.replyTo !== undefined).length >= questions) return stored;
      await wait(250);
    }
  }

  /** Once, in order, all of it: what it heard, and what it was told to read anew. How often it was told so. */
  async #checkFollower(follower, chatId, events) {
    const chat = follower.chats.get(chatId);
    await follower.until(() => chat.seq >= events.length);
    const heard = chat.events.map((event) => event.seq);
    for (const place of chat.anew) heard.push(...(await readAnew(this.devices[0], chatId, place)).map((event) => event.seq));
    assert.deepEqual(heard.toSorted((a, b) => a - b), events.map((event) => event.seq), 'a follower missed something');
    for (const event of chat.events) {
      if (event.name === 'new-msg') assert.equal(event.content, events[event.seq - 1].data.content);
    }
    assert.deepEqual(follower.violations, []);
    return chat.anew.length;
  }

  /** The same key again gets the same answer. */
  async #checkReplays() {
    for (const { device, chatId, clientId, content, id, seq, time } of this.sent.slice(-10)) {
      const again = await device.postUntilStored(chatId, content, clientId);
      assert.deepEqual({ id: again.id, seq: again.seq, time: again.time }, { id, seq, time });
    }
  }

  close() {
    this.closed = true;
    for (const device of [...this.steady, this.flapping, this.away]) device.close();
  }
}

function groups(items, keyOf) {
  const all = new Map();
  for (const item of items) all.set(keyOf(item), [...(all.get(keyOf(item)) ?? []), item]);
  return all;
}

/** Rules 1, 2, 8: every answered post is one row, nobody else's is there, every question has one answer. */
function checkStored(sent, events) {
  const created = events.filter((event) => event.type === 'message-created');
  const users = created.filter((event) => event.data.role === 'USER');
  const byKey = groups(users, (event) => event.data.clientId);
  for (const message of sent) {
    const rows = byKey.get(message.clientId) ?? [];
    assert.equal(rows.length, 1, `${message.clientId} is stored ${rows.length} times`);
    assert.equal(rows[0].seq, message.seq);
    assert.equal(rows[0].data.id, message.id);
  }
  assert.equal(users.length, sent.length, 'nothing that nobody sent');
  const replies = groups(events.filter((event) => event.data.replyTo !== undefined), (event) => event.data.replyTo);
  for (const question of users) assert.equal(replies.get(question.seq)?.length, 1, `question ${question.seq}`);
}

/** Rule 6: what was answered before another one was begun comes before it. */
function checkRealTimeOrder(sent) {
  const byAnswer = sent.toSorted((a, b) => a.answered - b.answered);
  let done = 0;
  let highest = 0;
  for (const message of sent.toSorted((a, b) => a.invoked - b.invoked)) {
    for (; done < byAnswer.length && byAnswer[done].answered < message.invoked; done += 1) highest = Math.max(highest, byAnswer[done].seq);
    assert.ok(message.seq > highest, `seq ${message.seq} came after ${highest} had been answered`);
  }
}
