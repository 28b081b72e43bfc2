import { beforeEach, describe, expect, it } from 'vitest';
import { settle } from '../platform/mock_clock.ts';
import { TestBench } from './test_bench.ts';

describe('SendQueue', () => {
  let bench: TestBench;

  beforeEach(async () => {
    bench = new TestBench();
    bench.server.addChat('c');
    bench.server.addChat('d');
    await bench.start();
    await bench.open('c');
  });

  const sent = (chatId = 'c') => bench.server.messages(chatId).map((message) => message.content);
  const outbox = async () => (await bench.database.loadOutbox()).map((entry) => entry.content);

  it('sends, and lets go when the stream brings the message back', async () => {
    await bench.workspace.queue.enqueue('c', 'hello');
    await settle();
    expect(bench.shown()).toEqual(['hello']);
    expect(bench.pending()).toEqual([]);
    expect(await outbox()).toEqual([]);
  });

  it('clears the draft only together with the write to the outbox', async () => {
    await bench.database.saveDraft('c', 'hello');
    bench.server.down = true;
    await bench.workspace.queue.enqueue('c', 'hello');
    expect(await bench.database.loadDraft('c')).toBe('');
    expect(await outbox()).toEqual(['hello']);
  });

  it('waits while the server is away and sends in order when it is back', async () => {
    bench.server.down = true;
    bench.server.socket.disconnect();
    for (const text of ['1', '2', '3']) await bench.workspace.queue.enqueue('c', text);
    await bench.clock.advance(60_000);
    expect(bench.pending()).toEqual(['1:pending', '2:pending', '3:pending']);
    bench.server.down = false;
    await bench.clock.advance(31_000);
    expect(sent()).toEqual(['1', '2', '3']);
    expect(bench.shown()).toEqual(['1', '2', '3']);
    expect(bench.pending()).toEqual([]);
  });

  it('makes no second message when answers get lost', async () => {
    bench.server.socket.disconnect();
    bench.server.losesAnswers = true;
    await bench.workspace.queue.enqueue('c', 'once');
    await bench.clock.advance(20_000);
    bench.server.losesAnswers = false;
    await bench.clock.advance(40_000);
    expect(sent()).toEqual(['once']);
    expect(bench.pending()).toEqual([]);
    expect(bench.server.count('POST /api/chat/messages')).toBeGreaterThan(1);
  });

  it('survives a reload between the write and the sending', async () => {
    bench.server.down = true;
    await bench.workspace.queue.enqueue('c', 'kept');
    bench.workspace.close();
    bench.server.down = false;
    const reload = await new TestBench(bench.server, bench.database).start();
    await settle();
    expect(sent()).toEqual(['kept']);
    await reload.open('c');
    expect(reload.pending()).toEqual([]);
    expect(reload.shown()).toEqual(['kept']);
  });

  it('forgets a sent message that came back while the page was away', async () => {
    bench.server.socket.disconnect();
    await bench.workspace.queue.enqueue('c', 'quiet');
    await settle();
    expect(bench.pending()).toEqual(['quiet:sent']);
    bench.workspace.close();
    const reload = await new TestBench(bench.server, bench.database).start();
    await reload.open('c');
    await settle();
    expect(reload.shown()).toEqual(['quiet']);
    expect(reload.pending()).toEqual([]);
    expect(await outbox()).toEqual([]);
  });

  it('marks a refused message failed, goes on with the next, and retries on demand', async () => {
    const body = { code: 'content_too_long', detail: 'too long' };
    bench.server.planned.push({ match: 'POST /api/chat/messages', status: 422, body });
    await bench.workspace.queue.enqueue('c', 'bad');
    await bench.workspace.queue.enqueue('c', 'good');
    await settle();
    expect(sent()).toEqual(['good']);
    expect(bench.pending()).toEqual(['bad:failed']);
    const [failed] = bench.workspace.queue.entries.get();
    expect(failed?.error?.code).toBe('content_too_long');
    await bench.workspace.queue.retry(failed?.clientId ?? '');
    await settle();
    expect(sent()).toEqual(['good', 'bad']);
    expect(bench.pending()).toEqual([]);
  });

  it('gives the text of a discarded message back and never sends it', async () => {
    bench.server.planned.push({ match: 'POST /api/chat/messages', status: 400 });
    await bench.workspace.queue.enqueue('c', 'bad');
    await settle();
    const [failed] = bench.workspace.queue.entries.get();
    expect(await bench.workspace.queue.discard(failed?.clientId ?? '')).toBe('bad');
    expect(await outbox()).toEqual([]);
    await bench.clock.advance(60_000);
    expect(sent()).toEqual([]);
  });

  it('does as told by Retry-After', async () => {
    const headers = { 'retry-after': '10' };
    bench.server.planned.push({ match: 'POST /api/chat/messages', status: 429, headers });
    await bench.workspace.queue.enqueue('c', 'slow');
    await bench.clock.advance(9000);
    expect(sent()).toEqual([]);
    await bench.clock.advance(1100);
    expect(sent()).toEqual(['slow']);
  });

  it('does not let one chat hold up another', async () => {
    const headers = { 'retry-after': '60' };
    bench.server.planned.push({ match: 'POST /api/chat/messages', status: 503, headers });
    await bench.workspace.queue.enqueue('c', 'stuck');
    await bench.workspace.queue.enqueue('d', 'free');
    await settle();
    expect(sent('c')).toEqual([]);
    expect(sent('d')).toEqual(['free']);
  });

  it('waits for a sign-in instead of failing when the session is over', async () => {
    bench.server.cookie = false;
    bench.server.planned.push({ match: 'POST /api/chat/messages', status: 401 });
    await bench.workspace.queue.enqueue('c', 'later');
    await settle();
    expect(bench.session.state.get().kind).toBe('lapsed');
    expect(bench.pending()).toEqual(['later:pending']);
    await bench.session.signIn('me@example.org', 'secret');
    await bench.clock.advance(2000);
    expect(sent()).toEqual(['later']);
  });
});
