/** Who else is in a chat and who is writing: hints that expire, never facts. */
import type { Clock } from '../platform/clock.ts';
import { Observable } from './observable.ts';

export interface PeopleView {
  /** Ids of those who have the chat open now, oneself included. */
  present: readonly string[];
  /** Ids of those who are writing now, oneself not. */
  typing: readonly string[];
}

const typingMs = 5000;
const notifyMs = 1500;

export class People {
  readonly view = new Observable<PeopleView>({ present: [], typing: [] });
  private readonly clock: Clock;
  private readonly myId: string;
  private readonly cancels = new Map<string, () => void>();
  private readonly notify: () => void;
  private notifiedAt = -Infinity;

  /** `notify` tells the others that this user is writing. */
  constructor(deps: { clock: Clock; myId: string; notify: () => void }) {
    this.clock = deps.clock;
    this.myId = deps.myId;
    this.notify = deps.notify;
  }

  close(): void {
    for (const cancel of this.cancels.values()) cancel();
    this.cancels.clear();
  }

  present(userIds: readonly string[]): void {
    this.view.set({ ...this.view.get(), present: userIds });
  }

  typing(userId: string): void {
    if (userId === this.myId) return;
    this.cancels.get(userId)?.();
    this.cancels.set(
      userId,
      this.clock.after(typingMs, () => this.stopped(userId)),
    );
    const others = this.view.get().typing.filter((id) => id !== userId);
    this.view.set({ ...this.view.get(), typing: [...others, userId] });
  }

  /** A message of this user has arrived: the writing is over. */
  stopped(userId: string): void {
    this.cancels.get(userId)?.();
    this.cancels.delete(userId);
    const { typing } = this.view.get();
    if (!typing.includes(userId)) return;
    this.view.set({ ...this.view.get(), typing: typing.filter((id) => id !== userId) });
  }

  /** Call on every key stroke; the others hear of it now and then. */
  iAmTyping(): void {
    const now = this.clock.now();
    if (now - this.notifiedAt < notifyMs) return;
    this.notifiedAt = now;
    this.notify();
  }
}
