/** Everything that lives as long as one chat is open: messages, rubric, people, the read mark. */
import type { Clock, Random } from '../platform/clock.ts';
import type { LocalDatabase } from '../platform/database.ts';
import type { Environment } from '../platform/environment.ts';
import type { Api } from './api.ts';
import { ChatSync, type ChatView } from './chat_sync.ts';
import { People } from './people.ts';
import type { Reconnector } from './reconnector.ts';
import { isTransient } from './result.ts';
import { openProposal } from './rubric_proposal.ts';
import { RubricSync } from './rubric_sync.ts';

export interface OpenChatDeps {
  api: Api;
  database: LocalDatabase;
  connection: Pick<Reconnector, 'request' | 'emit' | 'state'>;
  clock: Clock;
  random: Random;
  environment: Environment;
  myId: string;
  onStored: (clientIds: string[]) => void;
  /** The chat was read up to `seq` from the server. */
  onLevel: (seq: number) => void;
  /** The read mark is on its way to the server. */
  onSeen: () => void;
  onGone: () => void;
}

const readRestMs = 400;

export class OpenChat {
  readonly id: string;
  readonly chat: ChatSync;
  readonly rubric: RubricSync;
  readonly people: People;
  private readonly deps: OpenChatDeps;
  private readSeq = 0;
  private readingSeq = 0;
  private restored = false;
  private historyAsked = false;
  private cancelRead: () => void = () => undefined;
  private readonly stops: (() => void)[];

  constructor(chatId: string, deps: OpenChatDeps) {
    this.id = chatId;
    this.deps = deps;
    this.chat = new ChatSync(chatId, deps);
    this.rubric = new RubricSync(chatId, deps);
    const notify = () => deps.connection.emit('typing', { chatId });
    this.people = new People({ clock: deps.clock, myId: deps.myId, notify });
    this.stops = [
      this.chat.view.subscribe((view) => this.changed(view)),
      deps.environment.onWake(() => this.readSoon()),
    ];
  }

  open(): Promise<void> {
    return this.chat.open();
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.cancelRead();
    this.chat.close();
    this.rubric.close();
    this.people.close();
  }

  private changed(view: ChatView): void {
    if (view.status === 'gone') {
      this.cancelRead();
      return this.deps.onGone();
    }
    if (view.chat === null) return;
    this.rubric.serverHas(view.chat.record.rubric);
    if (view.status === 'current') this.deps.onLevel(view.chat.record.seq);
    this.rubric.proposed(openProposal(view.chat.messages, view.chat.record.rubric));
    if (!this.restored) {
      this.restored = true;
      void this.rubric.restore();
    }
    if (view.status === 'current' && !this.historyAsked && view.chat.record.rubric !== null) {
      this.historyAsked = true;
      void this.rubric.loadHistory();
    }
    const author = view.chat.messages.at(-1)?.userId;
    if (author !== undefined) this.people.stopped(author);
    this.readSoon();
  }

  /** Marks the newest message read once the page is looked at. */
  private readSoon(): void {
    const newest = this.chat.view.get().chat?.messages.at(-1)?.seq ?? 0;
    const known = Math.max(this.readSeq, this.readingSeq);
    if (newest <= known || !this.deps.environment.visible()) return;
    this.readingSeq = newest;
    this.cancelRead();
    this.cancelRead = this.deps.clock.after(readRestMs, () => void this.read(newest));
  }

  private async read(seq: number): Promise<void> {
    this.deps.onSeen();
    const answer = await this.deps.api.markRead(this.id, seq);
    // What the server refuses once it refuses again.
    if (answer.ok || !isTransient(answer.error)) this.readSeq = Math.max(this.readSeq, seq);
    this.readingSeq = 0;
  }
}
