/**
 * Messages on their way out. A message is written down before it is shown as pending, and leaves the
 * queue only when the stream has brought it back, so that no crash, reload or lost answer loses it;
 * its client id is the server's idempotency key, so that no retry doubles it.
 *
 * In a chat messages go one after the other. No answer, 5xx and 429 mean waiting; any other refusal
 * marks the message failed, for the user to retry, edit or delete, and the next one goes on.
 */
import type { Clock, Random } from '../platform/clock.ts';
import type { LocalDatabase, OutboxEntry } from '../platform/database.ts';
import type { Api } from './api.ts';
import { backoffMs } from './backoff.ts';
import { Observable } from './observable.ts';
import { codeOf, isTransient, type ApiError } from './result.ts';

interface Deps {
  api: Pick<Api, 'postMessage'>;
  database: LocalDatabase;
  clock: Clock;
  random: Random;
}

export class SendQueue {
  /** Everything not yet seen in its chat's stream, oldest first. */
  readonly entries = new Observable<readonly OutboxEntry[]>([]);
  private readonly deps: Deps;
  private readonly sending = new Set<string>();
  private readonly attempts = new Map<string, number>();
  private readonly timers = new Map<string, () => void>();
  private closed = false;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  /** Goes on with what the last visit left. */
  async start(): Promise<void> {
    const stored = await this.deps.database.loadOutbox().catch(() => []);
    const known = new Set(this.entries.get().map((entry) => entry.clientId));
    this.entries.set([
      ...stored.filter((entry) => !known.has(entry.clientId)),
      ...this.entries.get(),
    ]);
    this.kick();
  }

  stop(): void {
    this.closed = true;
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
  }

  /** Resolves when the message is safe on this device; the chat's draft is cleared with it. */
  async enqueue(chatId: string, content: string): Promise<void> {
    const last = this.entries.get().at(-1)?.createdAt ?? 0;
    const entry: OutboxEntry = {
      clientId: this.deps.random.uuid(),
      chatId,
      content,
      createdAt: Math.max(this.deps.clock.now(), last + 1),
      state: 'pending',
    };
    await this.deps.database.putOutbox(entry, { clearDraft: true }).catch(() => undefined);
    this.entries.set([...this.entries.get(), entry]);
    this.kick(chatId);
  }

  /** Puts a failed message back in the queue, under its own client id. */
  async retry(clientId: string): Promise<void> {
    const entry = this.find(clientId);
    if (entry?.state !== 'failed') return;
    const { error: _error, ...rest } = entry;
    await this.store({ ...rest, state: 'pending' });
    this.kick(entry.chatId);
  }

  /** Takes a message that has not been sent out of the queue and returns its text. */
  async discard(clientId: string): Promise<string> {
    const entry = this.find(clientId);
    if (entry?.state !== 'failed') return '';
    await this.remove([clientId]);
    return entry.content;
  }

  /** The stream has brought these back. */
  stored(clientIds: readonly string[]): void {
    const gone = new Set(clientIds);
    for (const entry of this.entries.get()) {
      // The answer to the POST may have written its mark after the stream's transaction.
      if (gone.has(entry.clientId)) void this.forget(entry.clientId);
    }
    this.entries.set(this.entries.get().filter((entry) => !gone.has(entry.clientId)));
  }

  /** The chat was read up to `seq`: what was sent before that is part of it. */
  async levelWith(chatId: string, seq: number): Promise<void> {
    const there = this.entries
      .get()
      .filter((entry) => entry.chatId === chatId && (entry.seq ?? Infinity) <= seq);
    if (there.length > 0) await this.remove(there.map((entry) => entry.clientId));
  }

  /** Tries at once instead of waiting on: the network is back, or someone signed in. */
  kick(chatId?: string): void {
    const chats = new Set(this.entries.get().map((entry) => entry.chatId));
    for (const id of chats) {
      if (chatId !== undefined && id !== chatId) continue;
      this.timers.get(id)?.();
      this.timers.delete(id);
      void this.run(id);
    }
  }

  private find(clientId: string): OutboxEntry | undefined {
    return this.entries.get().find((entry) => entry.clientId === clientId);
  }

  private next(chatId: string): OutboxEntry | undefined {
    return this.entries.get().find((entry) => entry.chatId === chatId && entry.state === 'pending');
  }

  /** One run a chat at a time keeps a chat's order; chats do not hold each other up. */
  private async run(chatId: string): Promise<void> {
    if (this.sending.has(chatId)) return;
    this.sending.add(chatId);
    try {
      for (let entry = this.next(chatId); entry !== undefined; entry = this.next(chatId)) {
        if (this.closed || !(await this.send(entry))) return;
      }
    } finally {
      this.sending.delete(chatId);
    }
  }

  /** False when the chat has to wait. */
  private async send(entry: OutboxEntry): Promise<boolean> {
    const { chatId, clientId, content } = entry;
    const answer = await this.deps.api.postMessage(chatId, content, clientId);
    if (answer.ok) {
      this.attempts.delete(chatId);
      // The stream may have been faster than the answer.
      if (this.find(clientId) !== undefined) {
        await this.store({ ...entry, state: 'sent', seq: answer.value.seq });
      }
      return true;
    }
    if (isTransient(answer.error)) {
      this.waitAfter(chatId, answer.error);
      return false;
    }
    this.attempts.delete(chatId);
    const error = { code: codeOf(answer.error), detail: detailOf(answer.error) };
    await this.store({ ...entry, state: 'failed', error });
    return true;
  }

  private waitAfter(chatId: string, error: ApiError): void {
    if (this.closed) return;
    const attempt = (this.attempts.get(chatId) ?? 0) + 1;
    this.attempts.set(chatId, attempt);
    const wish = error.kind === 'refused' ? error.retryAfterMs : 0;
    const delay = Math.max(wish, backoffMs(attempt, this.deps.random));
    this.timers.get(chatId)?.();
    this.timers.set(
      chatId,
      this.deps.clock.after(delay, () => {
        this.timers.delete(chatId);
        void this.run(chatId);
      }),
    );
  }

  private async store(entry: OutboxEntry): Promise<void> {
    await this.deps.database.putOutbox(entry).catch(() => undefined);
    const { clientId } = entry;
    this.entries.set(
      this.entries.get().map((known) => (known.clientId === clientId ? entry : known)),
    );
  }

  private async remove(clientIds: string[]): Promise<void> {
    for (const clientId of clientIds) await this.forget(clientId);
    this.stored(clientIds);
  }

  private forget(clientId: string): Promise<void> {
    return this.deps.database.deleteOutbox(clientId).catch(() => undefined);
  }
}

function detailOf(error: ApiError): string {
  return error.kind === 'refused' ? error.problem.detail : '';
}
