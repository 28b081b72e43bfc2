/** `LocalDatabase` in memory: for tests, and for browsers that refuse storage. */
import type { ChatSummary, Message } from '../protocol/chat.ts';
import { isNews } from './database.ts';
import type { ChatChange, ChatRecord, LocalDatabase, OutboxEntry } from './database.ts';
import type { Position, RubricDraft } from './database.ts';

export class MemoryDatabase implements LocalDatabase {
  private readonly chats = new Map<string, ChatRecord>();
  private readonly messages = new Map<string, Map<number, Message>>();
  private readonly outbox = new Map<string, OutboxEntry>();
  private readonly drafts = new Map<string, string>();
  private readonly rubricDrafts = new Map<string, RubricDraft>();
  private readonly positions = new Map<string, Position>();
  private list: ChatSummary[] = [];

  private of(chatId: string): Map<number, Message> {
    let found = this.messages.get(chatId);
    if (found === undefined) this.messages.set(chatId, (found = new Map<number, Message>()));
    return found;
  }

  private sorted(chatId: string): Message[] {
    return [...this.of(chatId).values()].sort((a, b) => a.seq - b.seq);
  }

  loadChat(chatId: string, limit: number) {
    const record = this.chats.get(chatId);
    if (record === undefined) return Promise.resolve(null);
    const all = this.sorted(chatId);
    const messages = all.slice(-limit);
    const reachedStart = record.reachedStart && messages.length === all.length;
    return Promise.resolve({ record: { ...record, reachedStart }, messages });
  }

  saveChat(change: ChatChange): Promise<void> {
    for (const clientId of change.sentClientIds) this.outbox.delete(clientId);
    const { record } = change;
    if (!isNews(this.chats.get(record.id), record)) return Promise.resolve();
    const messages = this.of(record.id);
    if (change.replace) messages.clear();
    for (const message of change.put) messages.set(message.seq, message);
    for (const seq of change.deletedSeqs) messages.delete(seq);
    this.chats.set(record.id, record);
    return Promise.resolve();
  }

  saveOlder(chatId: string, before: number, page: Message[], reachedStart: boolean): Promise<void> {
    const record = this.chats.get(chatId);
    if (record !== undefined && this.sorted(chatId)[0]?.seq === before) {
      for (const message of page) this.of(chatId).set(message.seq, message);
      this.chats.set(chatId, { ...record, reachedStart });
    }
    return Promise.resolve();
  }

  forgetChat(chatId: string): Promise<void> {
    this.chats.delete(chatId);
    this.messages.delete(chatId);
    this.drafts.delete(chatId);
    this.rubricDrafts.delete(chatId);
    this.list = this.list.filter((chat) => chat.id !== chatId);
    for (const entry of [...this.outbox.values()]) {
      if (entry.chatId === chatId) this.outbox.delete(entry.clientId);
    }
    return Promise.resolve();
  }

  loadList(): Promise<ChatSummary[]> {
    return Promise.resolve(this.list);
  }

  saveList(chats: ChatSummary[]): Promise<void> {
    this.list = [...chats];
    return Promise.resolve();
  }

  loadOutbox(): Promise<OutboxEntry[]> {
    return Promise.resolve([...this.outbox.values()].sort((a, b) => a.createdAt - b.createdAt));
  }

  putOutbox(entry: OutboxEntry, options = { clearDraft: false }): Promise<void> {
    this.outbox.set(entry.clientId, entry);
    if (options.clearDraft) this.drafts.delete(entry.chatId);
    return Promise.resolve();
  }

  deleteOutbox(clientId: string): Promise<void> {
    this.outbox.delete(clientId);
    return Promise.resolve();
  }

  loadDraft(chatId: string): Promise<string> {
    return Promise.resolve(this.drafts.get(chatId) ?? '');
  }

  saveDraft(chatId: string, text: string): Promise<void> {
    if (text === '') this.drafts.delete(chatId);
    else this.drafts.set(chatId, text);
    return Promise.resolve();
  }

  loadRubricDraft(chatId: string): Promise<RubricDraft | null> {
    return Promise.resolve(this.rubricDrafts.get(chatId) ?? null);
  }

  saveRubricDraft(draft: RubricDraft): Promise<void> {
    this.rubricDrafts.set(draft.chatId, draft);
    return Promise.resolve();
  }

  deleteRubricDraft(chatId: string): Promise<void> {
    this.rubricDrafts.delete(chatId);
    return Promise.resolve();
  }

  loadPosition(stream: string): Promise<Position | null> {
    return Promise.resolve(this.positions.get(stream) ?? null);
  }

  savePosition(stream: string, position: Position): Promise<void> {
    this.positions.set(stream, position);
    return Promise.resolve();
  }

  close(): void {
    // Nothing is held open; what was stored lives as long as the page.
  }
}
