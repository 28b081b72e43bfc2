/** A server in memory behind the ports `Http` and `Socket`, with faults on demand. Tests only. */
import type { Message } from '../protocol/chat.ts';
import type { Rubric, RubricVersion } from '../protocol/rubric.ts';
import type { Environment } from '../platform/environment.ts';
import type { Http, HttpAnswer, HttpRequest } from '../platform/http.ts';
import type { Socket, SocketListener } from '../platform/socket.ts';

type Json = Record<string, unknown>;

interface FakeEvent {
  seq: number;
  type: string;
  data: Json;
}

interface FakeChat {
  id: string;
  title: string;
  epoch: number;
  events: FakeEvent[];
  rubric: RubricVersion | null;
  /** All but the newest may be missing. */
  versions: RubricVersion[];
}

const socketNames: Record<string, string> = {
  'message-created': 'new-msg',
  'message-updated': 'msg-updated',
  'message-deleted': 'msg-deleted',
};

export const me = { id: 'me', name: 'Me', email: 'me@example.org', role: 'teacher', locale: 'en' };

export class FakeServer implements Http {
  readonly chats = new Map<string, FakeChat>();
  readonly requests: HttpRequest[] = [];
  readonly socket = new FakeSocket(this);
  /** No request arrives. */
  down = false;
  /** Requests are done, but their answers get lost. */
  losesAnswers = false;
  /** Answers for the next requests that begin with this method and path. */
  readonly planned: { match: string; status: number; body?: unknown; headers?: Json }[] = [];
  cookie = true;
  tokens = 0;
  private readonly posted = new Map<string, { body: string; answer: Json }>();

  addChat(id: string, title = ''): FakeChat {
    const chat: FakeChat = { id, title, epoch: 1, events: [], rubric: null, versions: [] };
    this.chats.set(id, chat);
    this.add(id, 'chat-created', { title });
    return chat;
  }

  /** Stores an event and tells the socket, unless `quiet`. */
  add(chatId: string, type: string, data: Json, options = { quiet: false }): FakeEvent {
    const chat = this.chat(chatId);
    const event = { seq: chat.events.length + 1, type, data };
    chat.events.push(event);
    if (!options.quiet) this.deliver(chatId, event);
    return event;
  }

  say(chatId: string, content: string, more: Json = {}, options = { quiet: false }): FakeEvent {
    const id = `${chatId}-${this.chat(chatId).events.length + 1}`;
    const time = '2026-11-22T21:48:35.123Z';
    const data = { id, role: 'USER', userId: 'other', content, time, ...more };
    return this.add(chatId, 'message-created', data, options);
  }

  deliver(chatId: string, event: FakeEvent): void {
    if (!this.socket.rooms.has(chatId)) return;
    const place = { chatId, epoch: this.chat(chatId).epoch, seq: event.seq };
    this.socket.receive(socketNames[event.type] ?? event.type, { ...place, ...event.data });
  }

  messages(chatId: string): Message[] {
    const { events } = this.chat(chatId);
    const created = events.filter((event) => event.type === 'message-created');
    return created.map(({ seq, data }) => ({ chatId, seq, ...data }) as unknown as Message);
  }

  count(match: string): number {
    return this.requests.filter((request) => describe(request).startsWith(match)).length;
  }

  chat(id: string): FakeChat {
    const chat = this.chats.get(id);
    if (chat === undefined) throw new Error(`no chat ${id}`);
    return chat;
  }

  send(request: HttpRequest): Promise<HttpAnswer> {
    if (this.down) return Promise.resolve({ kind: 'unreachable' });
    this.requests.push(request);
    const planned = this.planned.findIndex(({ match }) => describe(request).startsWith(match));
    const [plan] = planned < 0 ? [] : this.planned.splice(planned, 1);
    if (plan !== undefined) return answered(plan.status, plan.body ?? {}, plan.headers);
    const result = this.route(request);
    return this.losesAnswers ? Promise.resolve({ kind: 'unreachable' }) : result;
  }

  private route(request: HttpRequest): Promise<HttpAnswer> {
    const url = new URL(request.path, 'http://fake');
    const [area = '', id = '', part = ''] = url.pathname.split('/').slice(2);
    if (area === 'auth') return this.auth(id);
    if (area === 'me') return answered(200, { ...me, ...(request.body as Json) });
    if (id === 'messages') return this.post(request);
    if (area === 'chat' && id === '') return this.listOrCreate(request);
    if (area === 'chat' && !this.chats.has(id)) return answered(404, { code: 'chat_not_found' });
    const after = Number(url.searchParams.get('after') ?? '0');
    if (part === 'events') return this.events(id, after);
    if (part === 'messages') return this.older(id, url.searchParams);
    if (part === 'rubric') return this.rubric(id, request);
    if (part === '') return this.detail(id);
    return answered(204, null);
  }

  private auth(action: string): Promise<HttpAnswer> {
    if (action === 'logout') return answered(204, null);
    if (action === 'refresh' && !this.cookie) return answered(401, { code: 'session_expired' });
    this.cookie = true;
    this.tokens += 1;
    return answered(200, { accessToken: `t${this.tokens}`, expiresIn: 900, user: me });
  }

  private post(request: HttpRequest): Promise<HttpAnswer> {
    const body = request.body as { chatId: string; content: string; clientId: string };
    const known = this.posted.get(body.clientId);
    if (known !== undefined) return answered(201, known.answer);
    const more = { userId: me.id, clientId: body.clientId };
    const { seq, data } = this.say(body.chatId, body.content, more);
    const answer = { id: data.id, seq, epoch: 1, time: data.time };
    this.posted.set(body.clientId, { body: body.content, answer });
    return answered(201, answer);
  }

  private listOrCreate(request: HttpRequest): Promise<HttpAnswer> {
    if (request.method === 'POST') {
      const id = `chat-${this.chats.size + 1}`;
      this.addChat(id);
      return answered(201, { id });
    }
    const updatedAt = '2026-11-22T21:48:35.123Z';
    const chats = [...this.chats.values()].map(({ id, title }) => ({ id, title, updatedAt }));
    return answered(200, { chats, nextCursor: null });
  }

  private detail(id: string): Promise<HttpAnswer> {
    const { title, epoch, events, rubric } = this.chat(id);
    const msgs = this.messages(id).slice(-20);
    const members = [{ ...me, userId: me.id, role: 'owner' }];
    const head = events.length;
    return answered(200, { id, title, role: 'owner', epoch, head, members, msgs, rubric });
  }

  private events(id: string, after: number): Promise<HttpAnswer> {
    const { epoch, events } = this.chat(id);
    return answered(200, { epoch, head: events.length, events: events.slice(after) });
  }

  private older(id: string, query: URLSearchParams): Promise<HttpAnswer> {
    const before = Number(query.get('before'));
    const earlier = this.messages(id).filter((message) => message.seq < before);
    return answered(200, { msgs: earlier.slice(-Number(query.get('limit'))) });
  }

  private rubric(id: string, request: HttpRequest): Promise<HttpAnswer> {
    const chat = this.chat(id);
    const version = chat.rubric?.version ?? 0;
    const url = new URL(request.path, 'http://fake');
    if (url.pathname.includes('/versions')) return this.versions(id, url.pathname);
    if (request.method === 'GET') {
      return chat.rubric === null ? answered(404, {}) : answered(200, chat.rubric);
    }
    if (request.headers?.['if-match'] !== `"${version}"`) return answered(412, {});
    const answers = Number(url.searchParams.get('answers') ?? '0');
    const known = chat.rubric?.answered ?? 0;
    if (answers > 0 && answers <= known) return answered(409, { code: 'proposal_answered' });
    this.store(id, request.body as Rubric, Math.max(answers, known));
    return answered(200, chat.rubric);
  }

  /** Makes the next version and its event, by this page's user or the AI. */
  store(chatId: string, rubric: Rubric, done = 0, by = 'USER', options = { quiet: false }): void {
    const chat = this.chat(chatId);
    const version = (chat.rubric?.version ?? 0) + 1;
    if (chat.rubric !== null && chat.versions.length === 0) chat.versions.push(chat.rubric);
    chat.rubric = { version, rubric, ...(done > 0 ? { answered: done } : {}) };
    chat.versions.push(chat.rubric);
    this.add(chatId, 'rubric-updated', { ...chat.rubric, by, userId: me.id }, options);
  }

  private versions(id: string, path: string): Promise<HttpAnswer> {
    const { versions, rubric } = this.chat(id);
    const all = versions.length > 0 || rubric === null ? versions : [rubric];
    const wanted = /versions\/(\d+)$/.exec(path)?.[1];
    if (wanted !== undefined) {
      const found = all.find(({ version }) => version === Number(wanted));
      return found === undefined ? answered(404, {}) : answered(200, found);
    }
    const entries = all.map((stored) => ({
      version: stored.version,
      updatedAt: '2026-11-22T21:48:35.123Z',
      by: 'USER',
      digest: JSON.stringify(stored.rubric),
    }));
    return answered(200, { versions: entries.reverse(), nextBefore: null });
  }
}

export class FakeSocket implements Socket {
  readonly rooms = new Set<string>();
  readonly emitted: { name: string; payload: unknown }[] = [];
  connected = false;
  connects = 0;
  /** What the next handshakes end in, if not a connection. */
  readonly refusals: unknown[] = [];
  /** The next join answers `resync`. */
  resync = false;
  private listener: SocketListener | null = null;
  private readonly server: FakeServer;

  constructor(server: FakeServer) {
    this.server = server;
  }

  listen(listener: SocketListener): void {
    this.listener = listener;
  }

  connect(): void {
    this.connects += 1;
    const refusal = this.server.down ? null : this.refusals.shift();
    if (this.server.down || refusal !== undefined) {
      this.listener?.onRefused(refusal);
      return;
    }
    this.connected = true;
    this.listener?.onConnect();
  }

  disconnect(): void {
    if (!this.connected) return;
    this.connected = false;
    this.rooms.clear();
    this.listener?.onDisconnect();
  }

  emit(name: string, payload: unknown): void {
    this.emitted.push({ name, payload });
  }

  request(name: string, payload: unknown): Promise<unknown> {
    this.emit(name, payload);
    if (!this.connected) return Promise.reject(new Error('down'));
    if (name === 'join-chat') return Promise.resolve(this.join(payload as Json));
    if (name === 'leave-chat') this.rooms.delete(payload as string);
    return Promise.resolve({ ok: true, epoch: 1, head: 0 });
  }

  receive(name: string, payload: unknown): void {
    if (this.connected) this.listener?.onEvent(name, payload);
  }

  private join(payload: Json): Json {
    const id = payload.chatId as string;
    const chat = this.server.chats.get(id);
    if (chat === undefined) return { error: { code: 'chat_not_found' } };
    this.rooms.add(id);
    const head = chat.events.length;
    const resync = this.resync || payload.epoch !== chat.epoch;
    this.resync = false;
    if (resync) return { ok: true, epoch: chat.epoch, head, resync: true };
    const missed = chat.events.slice(payload.after as number);
    queueMicrotask(() => missed.forEach((event) => this.server.deliver(id, event)));
    return { ok: true, epoch: chat.epoch, head };
  }
}

export class FakeEnvironment implements Environment {
  isOnline = true;
  isVisible = true;
  readonly stored = new Map<string, string>();
  private readonly listeners = new Set<() => void>();
  private readonly otherTab = new Map<string, () => void>();

  online(): boolean {
    return this.isOnline;
  }

  visible(): boolean {
    return this.isVisible;
  }

  onWake(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onHide(): void {
    // No page goes away in tests.
  }

  wake(): void {
    for (const listener of this.listeners) listener();
  }

  languages(): readonly string[] {
    return ['en'];
  }

  exclusively<T>(_name: string, action: () => Promise<T>): Promise<T> {
    return action();
  }

  read(key: string): string | null {
    return this.stored.get(key) ?? null;
  }

  write(key: string, value: string | null): void {
    if (value === null) this.stored.delete(key);
    else this.stored.set(key, value);
  }

  onWrittenElsewhere(key: string, listener: () => void): void {
    this.otherTab.set(key, listener);
  }

  /** What another tab does, and the event that this one hears of it. */
  writeElsewhere(key: string, value: string | null): void {
    this.write(key, value);
    this.otherTab.get(key)?.();
  }
}

function describe(request: HttpRequest): string {
  return `${request.method} ${request.path}`;
}

function answered(status: number, body: unknown, headers: Json = {}): Promise<HttpAnswer> {
  const header = (name: string) => (headers[name] as string | undefined) ?? null;
  // A copy, as the network makes one.
  const copy = JSON.parse(JSON.stringify(body)) as unknown;
  return Promise.resolve({ kind: 'answered', status, body: copy, header });
}
