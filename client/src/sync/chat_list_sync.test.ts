import { beforeEach, describe, expect, it } from 'vitest';
import { settle } from '../platform/mock_clock.ts';
import { undoMs } from './chat_list_sync.ts';
import { TestBench } from './test_bench.ts';

describe('ChatListSync', () => {
  let bench: TestBench;

  beforeEach(async () => {
    bench = new TestBench();
    bench.server.addChat('a', 'First');
    bench.server.addChat('b', 'Second');
    await bench.start();
  });

  const view = () => bench.workspace.list.view.get();
  const titles = () => view().chats.map((chat) => chat.title);
  const later = '2026-11-22T23:00:00.000Z';

  it('shows the server’s list', () => {
    expect(titles()).toEqual(['First', 'Second']);
    expect(view().status).toBe('current');
  });

  it('shows the stored list at once when the page is opened again', async () => {
    bench.workspace.close();
    bench.server.down = true;
    const reload = new TestBench(bench.server, bench.database);
    await reload.workspace.list.start();
    expect(reload.workspace.list.view.get()).toMatchObject({ status: 'cached' });
    expect(reload.workspace.list.view.get().chats.length).toBe(2);
  });

  it('changes one line by chat-updated and puts it first', () => {
    const lastMessage = { role: 'AI', content: 'new', time: later };
    const update = { chatId: 'b', updatedAt: later, unread: 2, lastMessage };
    bench.server.socket.receive('chat-updated', update);
    expect(titles()).toEqual(['Second', 'First']);
    expect(view().chats[0]).toMatchObject({ unread: 2, lastMessage });
  });

  it('reads the list again when it hears of a chat it does not know', async () => {
    bench.server.addChat('c', 'Third');
    bench.server.socket.receive('chat-updated', { chatId: 'c', title: 'Third' });
    await settle();
    expect(titles()).toContain('Third');
  });

  it('reads the list again on a user event, once for each', async () => {
    const before = bench.server.count('GET /api/chat?');
    const event = { epoch: 1, seq: 5, type: 'chat-added', data: { chatId: 'c' } };
    bench.server.socket.receive('user-event', event);
    bench.server.socket.receive('user-event', event);
    await settle();
    expect(bench.server.count('GET /api/chat?')).toBe(before + 1);
  });

  it('deletes only after the time to take it back has passed', async () => {
    bench.workspace.list.remove('a');
    expect(titles()).toEqual(['Second']);
    await bench.clock.advance(undoMs - 1);
    expect(bench.server.count('DELETE')).toBe(0);
    await bench.clock.advance(1);
    expect(bench.server.count('DELETE /api/chat/a')).toBe(1);
  });

  it('takes a deletion back', async () => {
    bench.workspace.list.remove('a');
    bench.workspace.list.undoRemove('a');
    expect(titles()).toEqual(['First', 'Second']);
    await bench.clock.advance(undoMs * 2);
    expect(bench.server.count('DELETE')).toBe(0);
  });

  it('deletes at once when the page goes', () => {
    bench.workspace.list.remove('a');
    bench.workspace.list.flushDeletions();
    const request = bench.server.requests.find(({ method }) => method === 'DELETE');
    expect(request).toBeUndefined();
    return settle().then(() => {
      const sent = bench.server.requests.find(({ method }) => method === 'DELETE');
      expect(sent).toMatchObject({ path: '/api/chat/a', keepalive: true });
    });
  });

  it('puts a renamed title back when the server refuses it', async () => {
    bench.server.planned.push({ match: 'PATCH /api/chat/a', status: 403 });
    const renamed = bench.workspace.list.rename('a', 'Mine now');
    expect(titles()).toContain('Mine now');
    await renamed;
    expect(titles()).toEqual(['First', 'Second']);
  });

  it('keeps pinned chats first', async () => {
    await bench.workspace.list.pin('b', true);
    expect(titles()).toEqual(['Second', 'First']);
  });

  it('searches after a rest and forgets answers to older questions', async () => {
    bench.workspace.list.search('x');
    bench.workspace.list.search('xy');
    await bench.clock.advance(300);
    const asked = bench.server.requests.filter(({ path }) => path.includes('q='));
    expect(asked.map(({ path }) => path)).toEqual(['/api/chat?limit=30&q=xy']);
    expect(view().search?.chats?.length).toBe(2);
    bench.workspace.list.search('');
    expect(view().search).toBeNull();
  });
});
