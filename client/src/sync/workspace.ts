/**
 * All that runs for one signed-in user: the list, the outbox, the open chat and the socket that
 * feeds them. Made at sign-in, closed at sign-out.
 */
import { chatUpdate, heads } from '../protocol/chat.ts';
import { decode, type Decoder } from '../protocol/decode.ts';
import { aiDelta, chatEventNames, chatEventOf, joinAck } from '../protocol/events.ts';
import { presence, typing, userEvent } from '../protocol/events.ts';
import type { Clock, Random } from '../platform/clock.ts';
import type { LocalDatabase, Position } from '../platform/database.ts';
import type { Environment } from '../platform/environment.ts';
import type { Api } from './api.ts';
import { ChatListSync } from './chat_list_sync.ts';
import { Observable } from './observable.ts';
import { OpenChat } from './open_chat.ts';
import type { Reconnector } from './reconnector.ts';
import { SendQueue } from './send_queue.ts';

export interface WorkspaceDeps {
  api: Api;
  database: LocalDatabase;
  connection: Reconnector;
  clock: Clock;
  random: Random;
  environment: Environment;
  myId: string;
}

const userStream = 'user';

export class Workspace {
  readonly list: ChatListSync;
  readonly queue: SendQueue;
  readonly api: Api;
  readonly database: LocalDatabase;
  readonly connection: Reconnector;
  readonly open = new Observable<OpenChat | null>(null);
  private readonly deps: WorkspaceDeps;
  private readonly stops: (() => void)[] = [];
  private position: Position | null = null;

  constructor(deps: WorkspaceDeps) {
    this.deps = deps;
    this.api = deps.api;
    this.database = deps.database;
    this.connection = deps.connection;
    this.list = new ChatListSync(deps);
    this.queue = new SendQueue(deps);
    this.listen();
  }

  async start(): Promise<void> {
    this.stops.push(
      this.connection.state.subscribe(({ kind }) => {
        if (kind === 'online') void this.online();
      }),
    );
    this.position = await this.database.loadPosition(userStream).catch(() => null);
    this.connection.start();
    await Promise.all([this.queue.start(), this.list.start()]);
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.closeChat();
    this.queue.stop();
    this.list.stop();
    this.connection.stop();
    this.database.close();
  }

  /** One chat is open at a time; opening another closes it. */
  openChat(chatId: string): OpenChat {
    const already = this.open.get();
    if (already?.id === chatId) return already;
    already?.close();
    const { queue, list } = this;
    const opened = new OpenChat(chatId, {
      ...this.deps,
      onStored: (clientIds) => queue.stored(clientIds),
      onLevel: (seq) => void queue.levelWith(chatId, seq),
      onSeen: () => list.seen(chatId),
      onGone: () => list.forget(chatId),
    });
    this.open.set(opened);
    void opened.open();
    return opened;
  }

  closeChat(): void {
    this.open.get()?.close();
    this.open.set(null);
  }

  private async online(): Promise<void> {
    this.queue.kick();
    const open = this.open.get();
    open?.rubric.kick();
    await Promise.all([this.joinUser(), this.list.refresh(), open?.chat.level()]);
  }

  private async joinUser(): Promise<void> {
    const { epoch, seq } = this.position ?? {};
    const place = epoch === undefined || seq === undefined ? {} : { epoch, after: seq };
    const payload = { userId: this.deps.myId, ...place };
    const ack = decode(joinAck, await this.connection.request('join-user', payload));
    if (!ack.ok || !ack.value.ok) return;
    if (this.position === null || ack.value.resync === true || ack.value.epoch !== epoch) {
      // The list is read anew on every connection, so a position is all that is needed.
      this.moveTo({ epoch: ack.value.epoch ?? 1, seq: ack.value.head ?? 0 });
    }
  }

  private moveTo(position: Position): void {
    this.position = position;
    void this.database.savePosition(userStream, position).catch(() => undefined);
  }

  private listen(): void {
    const chatOf = (chatId: string): OpenChat | null => {
      const open = this.open.get();
      return open?.id === chatId ? open : null;
    };
    for (const [name, type] of Object.entries(chatEventNames)) {
      this.on(name, chatEventOf(type), (event) => chatOf(event.chatId)?.chat.receive(event));
    }
    this.on('ai-delta', aiDelta, (delta) => chatOf(delta.chatId)?.chat.delta(delta));
    this.on('typing', typing, ({ chatId, userId }) => chatOf(chatId)?.people.typing(userId));
    this.on('presence', presence, ({ chatId, userIds }) => chatOf(chatId)?.people.present(userIds));
    this.on('chat-updated', chatUpdate, (update) => this.list.updated(update));
    this.on('heads', heads, (newest) => {
      for (const [chatId, seq] of Object.entries(newest)) chatOf(chatId)?.chat.headIs(seq);
    });
    this.on('user-event', userEvent, ({ epoch, seq }) => {
      const { position } = this;
      if (position?.epoch === epoch && seq <= position.seq) return;
      this.moveTo({ epoch, seq });
      void this.list.refresh();
    });
  }

  /** A payload that breaks the contract is dropped here; a hole it leaves is found and read. */
  private on<T>(name: string, decoder: Decoder<T>, handle: (value: T) => void): void {
    this.connection.on(name, (payload) => {
      const decoded = decode(decoder, payload);
      if (decoded.ok) handle(decoded.value);
    });
  }
}
