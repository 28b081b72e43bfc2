/** The contract of `LocalDatabase`, kept by both implementations. */
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../protocol/chat.ts';
import type { ChatChange, ChatRecord, LocalDatabase, OutboxEntry } from './database.ts';
import { deleteDatabase, openDatabase } from './indexed_database.ts';
import { MemoryDatabase } from './memory_database.ts';

function message(seq: number, content = `m${seq}`): Message {
  return { id: `id-${seq}`, chatId: 'c', seq, role: 'USER', content, time: '2026-11-22T00:00:00Z' };
}

function record(seq: number, change: Partial<ChatRecord> = {}): ChatRecord {
  const empty = {
    title: '',
    role: 'owner' as const,
    members: [],
    rubric: null,
    failures: [],
    failuresFrom: 1,
  };
  return { id: 'c', epoch: 1, seq, ...empty, reachedStart: false, ...change };
}

function change(seq: number, put: Message[], more: Partial<ChatChange> = {}): ChatChange {
  const none = { deletedSeqs: [], sentClientIds: [], replace: false };
  return { record: record(seq), put, ...none, ...more };
}

function entry(clientId: string, createdAt: number, chatId = 'c'): OutboxEntry {
  return { clientId, chatId, content: clientId, createdAt, state: 'pending' };
}

const kinds: [string, () => Promise<LocalDatabase>][] = [
  ['IndexedDB', () => openDatabase('u')],
  ['memory', () => Promise.resolve(new MemoryDatabase())],
];

describe.each(kinds)('a local database in %s', (kind, open) => {
  let db: LocalDatabase;

  beforeEach(async () => {
    if (kind === 'IndexedDB') await deleteDatabase('u');
    db = await open();
    return () => db.close();
  });

  const seqs = async (limit = 100) =>
    (await db.loadChat('c', limit))?.messages.map((kept) => kept.seq);

  it('gives back a chat with its newest messages, oldest first', async () => {
    await db.saveChat(change(4, [message(2), message(3), message(4)]));
    expect(await seqs(2)).toEqual([3, 4]);
    expect((await db.loadChat('c', 2))?.record.seq).toBe(4);
    expect(await db.loadChat('other', 2)).toBeNull();
  });

  it('says that the start is reached only when all messages fit the limit', async () => {
    const whole = record(3, { reachedStart: true });
    await db.saveChat(change(3, [message(2), message(3)], { record: whole }));
    expect((await db.loadChat('c', 1))?.record.reachedStart).toBe(false);
    expect((await db.loadChat('c', 2))?.record.reachedStart).toBe(true);
  });

  it('drops a change that is behind what is stored, but lets the outbox go', async () => {
    await db.saveChat(change(5, [message(3, 'edited')]));
    await db.putOutbox(entry('a', 1));
    await db.saveChat(change(3, [message(3, 'old')], { sentClientIds: ['a'] }));
    const chat = await db.loadChat('c', 10);
    expect(chat?.record.seq).toBe(5);
    expect(chat?.messages[0]?.content).toBe('edited');
    expect(await db.loadOutbox()).toEqual([]);
  });

  it('takes a change of another epoch, even with a lower number', async () => {
    await db.saveChat(change(5, [message(5)]));
    const restored = change(2, [message(2)], { record: record(2, { epoch: 2 }), replace: true });
    await db.saveChat(restored);
    expect(await seqs()).toEqual([2]);
  });

  it('deletes messages by number and replaces all when told so', async () => {
    await db.saveChat(change(4, [message(2), message(3), message(4)]));
    await db.saveChat(change(5, [], { deletedSeqs: [3] }));
    expect(await seqs()).toEqual([2, 4]);
    await db.saveChat(change(9, [message(9)], { replace: true }));
    expect(await seqs()).toEqual([9]);
  });

  it('adds an older page only where it joins on', async () => {
    await db.saveChat(change(9, [message(8), message(9)]));
    await db.saveOlder('c', 8, [message(6), message(7)], false);
    expect(await seqs()).toEqual([6, 7, 8, 9]);
    await db.saveOlder('c', 3, [message(1)], true);
    expect(await seqs()).toEqual([6, 7, 8, 9]);
    expect((await db.loadChat('c', 100))?.record.reachedStart).toBe(false);
  });

  it('moves a text from draft to outbox in one step', async () => {
    await db.saveDraft('c', 'hello');
    expect(await db.loadDraft('c')).toBe('hello');
    await db.putOutbox(entry('a', 1), { clearDraft: true });
    expect(await db.loadDraft('c')).toBe('');
    expect((await db.loadOutbox()).length).toBe(1);
  });

  it('keeps the outbox in the order of writing', async () => {
    await db.putOutbox(entry('b', 2));
    await db.putOutbox(entry('a', 1));
    await db.putOutbox({ ...entry('b', 2), state: 'failed' });
    expect((await db.loadOutbox()).map((kept) => kept.clientId)).toEqual(['a', 'b']);
    await db.deleteOutbox('a');
    expect((await db.loadOutbox()).map((kept) => kept.state)).toEqual(['failed']);
  });

  it('forgets everything of one chat and nothing of another', async () => {
    await db.saveChat(change(2, [message(2)]));
    await db.putOutbox(entry('a', 1));
    await db.putOutbox(entry('z', 2, 'other'));
    await db.saveDraft('c', 'x');
    await db.forgetChat('c');
    expect(await db.loadChat('c', 10)).toBeNull();
    expect(await db.loadDraft('c')).toBe('');
    expect((await db.loadOutbox()).map((kept) => kept.clientId)).toEqual(['z']);
  });

  it('keeps positions and the list', async () => {
    expect(await db.loadPosition('user')).toBeNull();
    await db.savePosition('user', { epoch: 1, seq: 4 });
    expect(await db.loadPosition('user')).toMatchObject({ epoch: 1, seq: 4 });
    await db.saveList([]);
    expect(await db.loadList()).toEqual([]);
  });
});
