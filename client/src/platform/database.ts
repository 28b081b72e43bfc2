/**
 * What a page keeps of the server's truth, and what the server does not have yet.
 *
 * One database per user. Chats, messages and the list are a cache: they may vanish at any time. The
 * outbox, drafts and rubric drafts exist nowhere else. Every method is one transaction that has
 * completed when its promise resolves; it rejects when storage is blocked or full.
 */
import type { ChatContext, ChatSummary, Member, Message } from '../protocol/chat.ts';
import type { Rubric, RubricVersion } from '../protocol/rubric.ts';

/** Why a message has no answer, by the message's seq. */
export interface AnswerFailure {
  replyTo: number;
  reason: string;
}

/** A chat without its messages, as of position `(epoch, seq)`. */
export interface ChatRecord {
  id: string;
  title: string;
  role: Member['role'];
  epoch: number;
  seq: number;
  members: Member[];
  /** Absent from what an older page stored. */
  context?: ChatContext;
  rubric: RubricVersion | null;
  failures: AnswerFailure[];
  /** Of messages from this seq on all failures are known; of those before, they may be missing. */
  failuresFrom: number;
  /** There is no message before the first one kept. */
  reachedStart: boolean;
}

export interface ChatChange {
  record: ChatRecord;
  put: Message[];
  deletedSeqs: number[];
  /** The server has these now. */
  sentClientIds: string[];
  /** `put` is all there is: forget the other messages of this chat. */
  replace: boolean;
}

export interface OutboxEntry {
  /** Idempotency key: the server makes one message of it, however often it is sent. */
  clientId: string;
  chatId: string;
  content: string;
  /** Milliseconds; also the order within a chat. */
  createdAt: number;
  state: 'pending' | 'failed' | 'sent';
  /** Why it failed. */
  error?: { code: string; detail: string };
  /** Its place once sent. */
  seq?: number;
}

/** An edit of a rubric that the server does not have yet. */
export interface RubricDraft {
  chatId: string;
  /** What was edited; null where there was nothing yet. */
  base: RubricVersion | null;
  rubric: Rubric;
}

export interface Position {
  epoch: number;
  seq: number;
}

export interface LocalDatabase {
  /** The newest `limit` messages, oldest first. */
  loadChat(
    chatId: string,
    limit: number,
  ): Promise<{ record: ChatRecord; messages: Message[] } | null>;
  /**
   * Events and position together. A change that is behind what another tab has already stored is
   * dropped, except that `sentClientIds` leave the outbox.
   */
  saveChat(change: ChatChange): Promise<void>;
  /** Adds a page that ends just before `before`; dropped when the first kept message is another. */
  saveOlder(
    chatId: string,
    before: number,
    messages: Message[],
    reachedStart: boolean,
  ): Promise<void>;
  /** Forgets the chat with everything of it, unsent messages and drafts included. */
  forgetChat(chatId: string): Promise<void>;

  loadList(): Promise<ChatSummary[]>;
  saveList(chats: ChatSummary[]): Promise<void>;

  /** Oldest first. */
  loadOutbox(): Promise<OutboxEntry[]>;
  /** With `clearDraft` the chat's draft goes in the same transaction: a text is never in neither. */
  putOutbox(entry: OutboxEntry, options?: { clearDraft: boolean }): Promise<void>;
  deleteOutbox(clientId: string): Promise<void>;

  loadDraft(chatId: string): Promise<string>;
  saveDraft(chatId: string, text: string): Promise<void>;
  loadRubricDraft(chatId: string): Promise<RubricDraft | null>;
  saveRubricDraft(draft: RubricDraft): Promise<void>;
  deleteRubricDraft(chatId: string): Promise<void>;

  loadPosition(stream: string): Promise<Position | null>;
  savePosition(stream: string, position: Position): Promise<void>;
  close(): void;
}

/** Whether a change at `next` is news to a store that holds `stored`. */
export function isNews(stored: Position | undefined, next: Position): boolean {
  return stored?.epoch !== next.epoch || stored.seq <= next.seq;
}
