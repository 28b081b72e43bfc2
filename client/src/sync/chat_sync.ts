/**
 * Keeps one chat level with the server: every event once, in order, each written down before it is
 * shown.
 *
 * The position `(epoch, seq)` names the last event applied. An event further on waits while the hole
 * before it is read from the log; an event at or before it is dropped; another epoch, or `resync`,
 * means reading the whole chat anew. Nothing is ever skipped.
 */
import type { ChatDetail } from '../protocol/chat.ts';
import { decode } from '../protocol/decode.ts';
import { joinAck, type AiDelta, type ChatEvent } from '../protocol/events.ts';
import type { Clock, Random } from '../platform/clock.ts';
import type { AnswerFailure, LocalDatabase } from '../platform/database.ts';
import type { Api } from './api.ts';
import { backoffMs } from './backoff.ts';
import {
  applyEvent,
  changeBetween,
  failuresUntil,
  isSettled,
  stateOf,
  unansweredFrom,
  type ChatState,
} from './chat_state.ts';
import { Observable } from './observable.ts';
import { addDelta, withoutAnswersTo, type PartialAnswer } from './partial_answer.ts';
import type { Reconnector } from './reconnector.ts';
import { codeOf, isStatus, isTransient, type ApiError } from './result.ts';

export interface ChatView {
  /** null until the cache or the server has told. */
  chat: ChatState | null;
  partials: readonly PartialAnswer[];
  /** `current`: level with the server as far as known; `cached`: what was stored, not yet checked. */
  status: 'loading' | 'cached' | 'current' | 'gone' | 'failed';
  loadingOlder: boolean;
}

export interface ChatSyncDeps {
  api: Api;
  database: LocalDatabase;
  connection: Pick<Reconnector, 'request' | 'emit' | 'state'>;
  clock: Clock;
  random: Random;
  myId: string;
  /** Messages that this client sent are stored now. */
  onStored: (clientIds: string[]) => void;
}

/** How many messages GET /api/chat/{id} brings. */
const detailPage = 20;
const olderPage = 40;
const cachedMax = 200;
const eventsPage = 500;
/** Events set aside while a hole is read; the log has them all, so the rest may be dropped. */
const waitingMax = 1000;
/** After a join the missed events follow by themselves; if not, they are read. */
const catchUpMs = 3000;

export class ChatSync {
  readonly chatId: string;
  readonly view = new Observable<ChatView>({
    chat: null,
    partials: [],
    status: 'loading',
    loadingOlder: false,
  });
  private readonly deps: ChatSyncDeps;
  private readonly waiting = new Map<number, ChatEvent>();
  /** Questions that have an answer, and were asked again here. */
  private readonly askedAgain = new Set<number>();
  private work: Promise<void> = Promise.resolve();
  private head = 0;
  private closed = false;
  private attempt = 0;
  private cancelRetry: () => void = () => undefined;
  private cancelCatchUp: () => void = () => undefined;

  constructor(chatId: string, deps: ChatSyncDeps) {
    this.chatId = chatId;
    this.deps = deps;
  }

  /** Shows what is stored, then asks the server. */
  async open(): Promise<void> {
    const stored = await this.deps.database.loadChat(this.chatId, cachedMax).catch(() => null);
    if (this.closed) return;
    if (stored !== null) this.show({ chat: stored, status: 'cached' });
    await this.level();
  }

  close(): void {
    this.closed = true;
    this.cancelRetry();
    this.cancelCatchUp();
    void this.deps.connection.request('leave-chat', this.chatId);
  }

  /** Brings the chat level: by the socket when it is up, else by REST alone. Call on each connect. */
  level(): Promise<void> {
    return this.serially(async () => {
      this.cancelRetry();
      if (this.chat() === null && !(await this.refetch())) return;
      if (this.deps.connection.state.get().kind === 'online') await this.join();
    });
  }

  /** An event from the socket. */
  receive(event: ChatEvent): void {
    const chat = this.chat();
    if (chat === null || event.epoch < chat.record.epoch) return;
    if (event.epoch > chat.record.epoch) {
      void this.serially(async () => {
        await this.refetch();
      });
      return;
    }
    if (event.seq <= chat.record.seq || this.waiting.size >= waitingMax) return;
    this.waiting.set(event.seq, event);
    this.head = Math.max(this.head, event.seq);
    void this.serially(() => this.drain());
  }

  /** The server's newest seq of this chat: the tail may be missing here. */
  headIs(seq: number): void {
    this.head = Math.max(this.head, seq);
    void this.serially(() => this.drain());
  }

  delta(delta: AiDelta): void {
    const { chat, partials } = this.view.get();
    if (chat === null || this.isSettled(chat, delta.replyTo)) return;
    this.show({ partials: addDelta(partials, delta) });
  }

  /** Asks the assistant for another answer; what it writes is shown as it comes. */
  async askAgain(replyTo: number): Promise<void> {
    this.askedAgain.add(replyTo);
    const asked = await this.deps.api.regenerate(this.chatId, replyTo);
    const pending = !asked.ok && codeOf(asked.error) === 'answer_pending';
    if (!asked.ok && !pending) this.askedAgain.delete(replyTo);
  }

  /** No more is to be written in answer to this question; true where that is so, or will be soon. */
  async stopAnswer(replyTo: number): Promise<boolean> {
    const stopped = await this.deps.api.stopAnswer(this.chatId, replyTo);
    return stopped.ok || codeOf(stopped.error) === 'nothing_to_stop';
  }

  /** Takes back one's own message; true where it is gone. */
  async withdraw(messageId: string): Promise<boolean> {
    const gone = await this.deps.api.deleteMessage(this.chatId, messageId);
    return gone.ok || isStatus(gone.error, 404);
  }

  /** The page before the first message; nothing when there is none or one is on its way. */
  async loadOlder(): Promise<void> {
    const chat = this.chat();
    const first = chat?.messages[0]?.seq;
    if (chat === null || first === undefined || chat.record.reachedStart) return;
    if (this.view.get().loadingOlder) return;
    this.show({ loadingOlder: true });
    const page = await this.deps.api.olderMessages(this.chatId, first, olderPage);
    await this.serially(async () => {
      const now = this.chat();
      if (page.ok && now !== null && now.messages[0]?.seq === first) {
        const { msgs } = page.value;
        const reachedStart = msgs.length < olderPage;
        await this.deps.database
          .saveOlder(this.chatId, first, msgs, reachedStart)
          .catch(() => undefined);
        const record = { ...now.record, reachedStart };
        this.show({ chat: { record, messages: [...msgs, ...now.messages] } });
      }
      this.show({ loadingOlder: false });
    });
  }

  private isSettled(chat: ChatState, seq: number): boolean {
    return isSettled(chat, seq) && !this.askedAgain.has(seq);
  }

  private chat(): ChatState | null {
    return this.view.get().chat;
  }

  private show(change: Partial<ChatView>): void {
    if (!this.closed) this.view.set({ ...this.view.get(), ...change });
  }

  /** One step at a time: a step sees the position that the one before it left. */
  private serially(step: () => Promise<void>): Promise<void> {
    this.work = this.work
      .then(() => (this.closed ? undefined : step()))
      // A fault in one chat must not stop it for ever, nor touch the others.
      .catch(() => this.retryLater());
    return this.work;
  }

  private async join(): Promise<void> {
    for (let round = 0; round < 2; round++) {
      const chat = this.chat();
      if (chat === null) return;
      const { epoch, seq } = chat.record;
      const place = { chatId: this.chatId, epoch, after: seq };
      const ack = decode(joinAck, await this.deps.connection.request('join-chat', place));
      if (!ack.ok) {
        this.retryLater();
        return;
      }
      if (!ack.value.ok) {
        this.joinRefused(ack.value.error?.code ?? '');
        return;
      }
      if (ack.value.resync !== true && (ack.value.epoch ?? epoch) === epoch) {
        this.joined(ack.value.head ?? seq);
        return;
      }
      if (!(await this.refetch())) return;
    }
  }

  private joined(head: number): void {
    this.attempt = 0;
    this.show({ status: 'current' });
    this.cancelCatchUp();
    this.cancelCatchUp = this.deps.clock.after(catchUpMs, () => this.headIs(head));
  }

  private joinRefused(code: string): void {
    if (code === 'forbidden' || code === 'not_found' || code === 'chat_not_found') this.gone();
    else this.retryLater();
  }

  private gone(): void {
    this.cancelRetry();
    void this.deps.database.forgetChat(this.chatId).catch(() => undefined);
    this.show({ chat: null, partials: [], status: 'gone' });
  }

  /** Reads the whole chat anew; false when that failed, and a retry is on its way. */
  private async refetch(): Promise<boolean> {
    const detail = await this.deps.api.getChat(this.chatId);
    if (this.closed) return false;
    if (!detail.ok) {
      this.failed(detail.error);
      return false;
    }
    await this.replace(detail.value, await this.failuresIn(detail.value));
    return !this.closed;
  }

  /** The log knows why some of these messages have no answer; null where it could not be asked. */
  private async failuresIn(detail: ChatDetail): Promise<AnswerFailure[] | null> {
    const first = unansweredFrom(detail.msgs);
    if (first === null || detail.context.ai === 'off') return [];
    const page = await this.deps.api.eventsAfter(this.chatId, first, eventsPage);
    if (!page.ok || page.value.epoch !== detail.epoch) return null;
    const last = page.value.events.at(-1)?.seq ?? first;
    if (last < detail.head) return null;
    return failuresUntil(page.value.events, detail.head);
  }

  private async replace(
    detail: ChatDetail,
    failures: readonly AnswerFailure[] | null,
  ): Promise<void> {
    this.attempt = 0;
    const old = this.chat();
    const behind =
      old !== null && old.record.epoch === detail.epoch && old.record.seq > detail.head;
    if (!behind) await this.commit(null, stateOf(detail, detailPage, failures));
    this.head = detail.head;
    this.show({ status: 'current' });
    await this.drain();
  }

  private failed(error: ApiError): void {
    if (error.kind === 'refused' && (error.status === 404 || error.status === 403)) {
      return this.gone();
    }
    if (this.chat() === null) this.show({ status: 'failed' });
    if (isTransient(error)) this.retryLater();
  }

  private retryLater(): void {
    this.attempt += 1;
    this.cancelRetry();
    const delay = backoffMs(this.attempt, this.deps.random);
    this.cancelRetry = this.deps.clock.after(delay, () => void this.level());
  }

  /** Applies what follows the position, reading holes from the log, until nothing is known ahead. */
  private async drain(): Promise<void> {
    for (;;) {
      const chat = this.chat();
      if (chat === null) return;
      const run = this.takeRun(chat.record.seq);
      if (run.length > 0) {
        const { myId } = this.deps;
        await this.commit(
          chat,
          run.reduce((state, event) => applyEvent(state, event, myId), chat),
        );
        if (run.some((event) => endsAccess(event, myId))) {
          this.gone();
          return;
        }
      } else if (this.head <= chat.record.seq || !(await this.fillHole(chat))) {
        return;
      }
    }
  }

  private takeRun(position: number): ChatEvent[] {
    const run: ChatEvent[] = [];
    for (const seq of [...this.waiting.keys()]) if (seq <= position) this.waiting.delete(seq);
    for (let seq = position + 1; ; seq++) {
      const event = this.waiting.get(seq);
      if (event === undefined) return run;
      this.waiting.delete(seq);
      run.push(event);
    }
  }

  /** Reads the next page after the position; false when there is nothing to go on with. */
  private async fillHole(chat: ChatState): Promise<boolean> {
    const { epoch, seq } = chat.record;
    const page = await this.deps.api.eventsAfter(this.chatId, seq, eventsPage);
    if (this.closed) return false;
    if (!page.ok) {
      if (page.error.kind === 'garbled') return this.refetch();
      this.failed(page.error);
      return false;
    }
    this.attempt = 0;
    if (page.value.epoch !== epoch) return this.refetch();
    this.head = page.value.head;
    for (const event of page.value.events) this.waiting.set(event.seq, event);
    return this.waiting.has(seq + 1) || (this.head > seq && this.refetch());
  }

  /** Storage first, then memory, then the view. Without storage the page lives on in memory. */
  private async commit(before: ChatState | null, after: ChatState): Promise<void> {
    const change = changeBetween(before, after);
    await this.deps.database.saveChat(change).catch(() => undefined);
    if (this.closed) return;
    // After a restored backup the same attempt of the same job may be made again, in other words.
    const sameEpoch = this.chat()?.record.epoch === after.record.epoch;
    const shown = sameEpoch ? this.view.get().partials : [];
    const known = before?.record.seq ?? 0;
    for (const message of after.messages) {
      if (message.replyTo !== undefined && message.seq > known)
        this.askedAgain.delete(message.replyTo);
    }
    for (const failure of after.record.failures) {
      if (!before?.record.failures.includes(failure)) this.askedAgain.delete(failure.replyTo);
    }
    const partials = withoutAnswersTo(shown, (seq) => this.isSettled(after, seq));
    this.show({ chat: after, partials });
    if (change.sentClientIds.length > 0) this.deps.onStored(change.sentClientIds);
  }
}

function endsAccess(event: ChatEvent, myId: string): boolean {
  return (
    event.type === 'chat-deleted' || (event.type === 'member-removed' && event.userId === myId)
  );
}
