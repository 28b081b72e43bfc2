/** `LocalDatabase` on IndexedDB. */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { ChatSummary, Message } from '../protocol/chat.ts';
import { isNews } from './database.ts';
import type { ChatChange, ChatRecord, LocalDatabase, OutboxEntry } from './database.ts';
import type { Position, RubricDraft } from './database.ts';

interface Schema extends DBSchema {
  chats: { key: string; value: ChatRecord };
  messages: { key: [string, number]; value: Message };
  list: { key: string; value: ChatSummary };
  outbox: { key: string; value: OutboxEntry };
  drafts: { key: string; value: { chatId: string; text: string } };
  rubricDrafts: { key: string; value: RubricDraft };
  positions: { key: string; value: Position & { stream: string } };
}

const version = 1;

function nameOf(userId: string): string {
  return `rubricon-${userId}`;
}

export async function deleteDatabase(userId: string): Promise<void> {
  await deleteDB(nameOf(userId));
}

/** Rejects when the browser refuses storage (private windows, full disk). */
export async function openDatabase(userId: string): Promise<LocalDatabase> {
  const db = await openDB<Schema>(nameOf(userId), version, {
    upgrade(fresh) {
      fresh.createObjectStore('chats', { keyPath: 'id' });
      fresh.createObjectStore('messages', { keyPath: ['chatId', 'seq'] });
      fresh.createObjectStore('list', { keyPath: 'id' });
      fresh.createObjectStore('outbox', { keyPath: 'clientId' });
      fresh.createObjectStore('drafts', { keyPath: 'chatId' });
      fresh.createObjectStore('rubricDrafts', { keyPath: 'chatId' });
      fresh.createObjectStore('positions', { keyPath: 'stream' });
    },
    // Another tab deletes the database at sign-out: this connection must not hold it up.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  return new IndexedDatabase(db);
}

function messagesOf(chatId: string): IDBKeyRange {
  return IDBKeyRange.bound([chatId, 0], [chatId, Number.MAX_SAFE_INTEGER]);
}

class IndexedDatabase implements LocalDatabase {
  private readonly db: IDBPDatabase<Schema>;

  constructor(db: IDBPDatabase<Schema>) {
    this.db = db;
  }

  async loadChat(chatId: string, limit: number) {
    const tx = this.db.transaction(['chats', 'messages']);
    const record = await tx.objectStore('chats').get(chatId);
    if (record === undefined) return null;
    const messages: Message[] = [];
    let cursor = await tx.objectStore('messages').openCursor(messagesOf(chatId), 'prev');
    while (cursor !== null && messages.length < limit) {
      messages.push(cursor.value);
      cursor = await cursor.continue();
    }
    const whole = cursor === null;
    return {
      record: { ...record, reachedStart: record.reachedStart && whole },
      messages: messages.reverse(),
    };
  }

  async saveChat(change: ChatChange): Promise<void> {
    const tx = this.db.transaction(['chats', 'messages', 'outbox'], 'readwrite');
    const chats = tx.objectStore('chats');
    const messages = tx.objectStore('messages');
    for (const clientId of change.sentClientIds) void tx.objectStore('outbox').delete(clientId);
    const { record } = change;
    if (isNews(await chats.get(record.id), record)) {
      if (change.replace) void messages.delete(messagesOf(record.id));
      for (const message of change.put) void messages.put(message);
      for (const seq of change.deletedSeqs) void messages.delete([record.id, seq]);
      void chats.put(record);
    }
    await tx.done;
  }

  async saveOlder(chatId: string, before: number, page: Message[], reachedStart: boolean) {
    const tx = this.db.transaction(['chats', 'messages'], 'readwrite');
    const messages = tx.objectStore('messages');
    const first = await messages.openKeyCursor(messagesOf(chatId));
    const record = await tx.objectStore('chats').get(chatId);
    if (record !== undefined && first !== null && first.key[1] === before) {
      for (const message of page) void messages.put(message);
      void tx.objectStore('chats').put({ ...record, reachedStart });
    }
    await tx.done;
  }

  async forgetChat(chatId: string): Promise<void> {
    const names = ['chats', 'messages', 'list', 'outbox', 'drafts', 'rubricDrafts'] as const;
    const tx = this.db.transaction(names, 'readwrite');
    void tx.objectStore('chats').delete(chatId);
    void tx.objectStore('messages').delete(messagesOf(chatId));
    void tx.objectStore('list').delete(chatId);
    void tx.objectStore('drafts').delete(chatId);
    void tx.objectStore('rubricDrafts').delete(chatId);
    const outbox = tx.objectStore('outbox');
    for (const entry of await outbox.getAll()) {
      if (entry.chatId === chatId) void outbox.delete(entry.clientId);
    }
    await tx.done;
  }

  loadList(): Promise<ChatSummary[]> {
    return this.db.getAll('list');
  }

  async saveList(chats: ChatSummary[]): Promise<void> {
    const tx = this.db.transaction('list', 'readwrite');
    void tx.store.clear();
    for (const chat of chats) void tx.store.put(chat);
    await tx.done;
  }

  async loadOutbox(): Promise<OutboxEntry[]> {
    const entries = await this.db.getAll('outbox');
    return entries.sort((a, b) => a.createdAt - b.createdAt);
  }

  async putOutbox(entry: OutboxEntry, options = { clearDraft: false }): Promise<void> {
    const tx = this.db.transaction(['outbox', 'drafts'], 'readwrite');
    void tx.objectStore('outbox').put(entry);
    if (options.clearDraft) void tx.objectStore('drafts').delete(entry.chatId);
    await tx.done;
  }

  async deleteOutbox(clientId: string): Promise<void> {
    await this.db.delete('outbox', clientId);
  }

  async loadDraft(chatId: string): Promise<string> {
    return (await this.db.get('drafts', chatId))?.text ?? '';
  }

  async saveDraft(chatId: string, text: string): Promise<void> {
    if (text === '') await this.db.delete('drafts', chatId);
    else await this.db.put('drafts', { chatId, text });
  }

  async loadRubricDraft(chatId: string): Promise<RubricDraft | null> {
    return (await this.db.get('rubricDrafts', chatId)) ?? null;
  }

  async saveRubricDraft(draft: RubricDraft): Promise<void> {
    await this.db.put('rubricDrafts', draft);
  }

  async deleteRubricDraft(chatId: string): Promise<void> {
    await this.db.delete('rubricDrafts', chatId);
  }

  async loadPosition(stream: string): Promise<Position | null> {
    return (await this.db.get('positions', stream)) ?? null;
  }

  async savePosition(stream: string, position: Position): Promise<void> {
    await this.db.put('positions', { stream, ...position });
  }

  close(): void {
    this.db.close();
  }
}
