import { beforeEach, describe, expect, it } from 'vitest';
import { settle } from '../platform/mock_clock.ts';
import { TestBench } from './test_bench.ts';
import { waitingQuestions } from './waiting.ts';

describe('ChatSync', () => {
  let bench: TestBench;

  beforeEach(async () => {
    bench = new TestBench();
    bench.server.addChat('c', 'Essay');
    bench.server.say('c', 'one');
    await bench.start();
  });

  it('shows the chat and then every event as it comes', async () => {
    await bench.open('c');
    expect(bench.shown()).toEqual(['one']);
    bench.server.say('c', 'two');
    await settle();
    expect(bench.shown()).toEqual(['one', 'two']);
  });

  it('shows an event once, however often it comes', async () => {
    await bench.open('c');
    const event = bench.server.say('c', 'two');
    bench.server.deliver('c', event);
    await settle();
    bench.server.deliver('c', event);
    await settle();
    expect(bench.shown()).toEqual(['one', 'two']);
  });

  it('keeps the order when events cross', async () => {
    await bench.open('c');
    const two = bench.server.say('c', 'two', {}, { quiet: true });
    const three = bench.server.say('c', 'three', {}, { quiet: true });
    bench.server.deliver('c', three);
    bench.server.deliver('c', two);
    await settle();
    expect(bench.shown()).toEqual(['one', 'two', 'three']);
  });

  it('reads a hole from the log and shows nothing beyond it before that', async () => {
    await bench.open('c');
    bench.server.say('c', 'two', {}, { quiet: true });
    bench.server.down = true;
    bench.server.say('c', 'three');
    await settle();
    expect(bench.shown()).toEqual(['one']);
    bench.server.down = false;
    await bench.clock.advance(2000);
    expect(bench.shown()).toEqual(['one', 'two', 'three']);
  });

  it('notices the lost tail of a quiet chat by heads', async () => {
    await bench.open('c');
    bench.server.say('c', 'two', {}, { quiet: true });
    await settle();
    expect(bench.shown()).toEqual(['one']);
    bench.server.socket.receive('heads', { c: 3 });
    await settle();
    expect(bench.shown()).toEqual(['one', 'two']);
  });

  it('catches up by position after an absence', async () => {
    await bench.open('c');
    const asked = bench.server.count('GET /api/chat/c');
    bench.server.socket.disconnect();
    bench.server.say('c', 'two');
    bench.server.say('c', 'three');
    await bench.clock.advance(1500);
    expect(bench.shown()).toEqual(['one', 'two', 'three']);
    const joins = bench.server.socket.emitted.filter(({ name }) => name === 'join-chat');
    expect(joins.at(-1)?.payload).toEqual({ chatId: 'c', epoch: 1, after: 2 });
    expect(bench.server.count('GET /api/chat/c')).toBe(asked);
  });

  it('reads the whole anew when told to resync, and when the epoch is another', async () => {
    await bench.open('c');
    bench.server.socket.disconnect();
    bench.server.say('c', 'two');
    bench.server.socket.resync = true;
    await bench.clock.advance(1500);
    expect(bench.shown()).toEqual(['one', 'two']);

    const chat = bench.server.chat('c');
    chat.epoch = 2;
    chat.events = chat.events.slice(0, 2);
    bench.server.socket.disconnect();
    await bench.clock.advance(1500);
    expect(bench.shown()).toEqual(['one']);
    bench.server.say('c', 'after the restore');
    await settle();
    expect(bench.shown()).toEqual(['one', 'after the restore']);
  });

  it('shows the stored chat when the server cannot be reached, and goes on when it can', async () => {
    await bench.open('c');
    const reload = new TestBench(bench.server, bench.database);
    bench.workspace.close();
    await settle();
    reload.environment.write('rubricon.user', bench.environment.read('rubricon.user'));
    bench.server.down = true;
    await reload.start();
    await reload.open('c');
    expect(reload.shown()).toEqual(['one']);
    expect(reload.workspace.open.get()?.chat.view.get().status).toBe('cached');
    bench.server.down = false;
    bench.server.say('c', 'two');
    await reload.clock.advance(40_000);
    expect(reload.shown()).toEqual(['one', 'two']);
    expect(reload.workspace.open.get()?.chat.view.get().status).toBe('current');
  });

  it('writes events and position down together', async () => {
    await bench.open('c');
    bench.server.say('c', 'two');
    await settle();
    const stored = await bench.database.loadChat('c', 10);
    expect(stored?.record.seq).toBe(3);
    expect(stored?.messages.map((message) => message.content)).toEqual(['one', 'two']);
  });

  it('passes over an event it does not know without losing its place', async () => {
    await bench.open('c');
    bench.server.add('c', 'chat-painted', { colour: 'blue' });
    bench.server.say('c', 'two');
    await settle();
    expect(bench.shown()).toEqual(['one', 'two']);
  });

  it('applies edits and deletions', async () => {
    await bench.open('c');
    bench.server.add('c', 'message-updated', { id: 'c-2', content: 'uno' });
    await settle();
    expect(bench.shown()).toEqual(['uno']);
    bench.server.add('c', 'message-deleted', { id: 'c-2' });
    await settle();
    expect(bench.shown()).toEqual([]);
    expect((await bench.database.loadChat('c', 10))?.messages).toEqual([]);
  });

  it('loads the page before the first message', async () => {
    for (let n = 2; n <= 50; n++) bench.server.say('c', `m${n}`, {}, { quiet: true });
    const opened = await bench.open('c');
    expect(bench.shown().length).toBe(20);
    await opened.chat.loadOlder();
    expect(bench.shown().length).toBe(50);
    expect(bench.shown()[0]).toBe('one');
    expect(opened.chat.view.get().chat?.record.reachedStart).toBe(true);
  });

  it('gives the chat up when it is not ours any more', async () => {
    const opened = await bench.open('c');
    bench.server.add('c', 'member-removed', { userId: 'me' });
    await settle();
    expect(opened.chat.view.get().status).toBe('gone');
    expect(await bench.database.loadChat('c', 10)).toBeNull();
  });

  it('shows an answer while it is written, and the stored answer in its place', async () => {
    const opened = await bench.open('c');
    const delta = { chatId: 'c', jobId: 'j', replyTo: 2, attempt: 1 };
    bench.server.socket.receive('ai-delta', { ...delta, off: 0, text: '評分' });
    bench.server.socket.receive('ai-delta', { ...delta, off: 2, text: '規準' });
    expect(opened.chat.view.get().partials[0]?.text).toBe('評分規準');
    bench.server.say('c', '評分規準。', { role: 'AI', userId: undefined, replyTo: 2 });
    await settle();
    expect(opened.chat.view.get().partials).toEqual([]);
    bench.server.socket.receive('ai-delta', { ...delta, off: 4, text: 'late' });
    expect(opened.chat.view.get().partials).toEqual([]);
  });

  it('forgets an unfinished answer when the epoch is another: it may be made again in other words', async () => {
    const opened = await bench.open('c');
    const delta = { chatId: 'c', jobId: 'j', replyTo: 9, attempt: 1 };
    bench.server.socket.receive('ai-delta', { ...delta, off: 0, text: '評分' });
    bench.server.chat('c').epoch = 2;
    bench.server.socket.disconnect();
    await bench.clock.advance(1500);
    expect(opened.chat.view.get().partials).toEqual([]);
  });

  it('shows another answer as it is written, when it was asked for here', async () => {
    const opened = await bench.open('c');
    bench.server.say('c', 'first', { role: 'AI', replyTo: 2 });
    await settle();
    const delta = { chatId: 'c', jobId: 'k', replyTo: 2, attempt: 1, off: 0, text: '再' };
    bench.server.socket.receive('ai-delta', delta);
    expect(opened.chat.view.get().partials).toEqual([]);
    await opened.chat.askAgain(2);
    expect(bench.server.count('POST /api/chat/c/answer/regenerate')).toBe(1);
    bench.server.socket.receive('ai-delta', delta);
    expect(opened.chat.view.get().partials.map(({ text }) => text)).toEqual(['再']);
    bench.server.say('c', '再一次', { role: 'AI', replyTo: 2 });
    await settle();
    expect(opened.chat.view.get().partials).toEqual([]);
    bench.server.socket.receive('ai-delta', delta);
    expect(opened.chat.view.get().partials).toEqual([]);
  });

  it('forgets what was written of another answer that failed after all', async () => {
    const opened = await bench.open('c');
    bench.server.say('c', 'first', { role: 'AI', replyTo: 2 });
    await settle();
    await opened.chat.askAgain(2);
    const delta = { chatId: 'c', jobId: 'k', replyTo: 2, attempt: 1, off: 0, text: '再' };
    bench.server.socket.receive('ai-delta', delta);
    expect(opened.chat.view.get().partials).toHaveLength(1);
    bench.server.add('c', 'answer-failed', { replyTo: 2, reason: 'ai_unavailable' });
    await settle();
    expect(opened.chat.view.get().partials).toEqual([]);
  });

  it('knows after a reload why a question has no answer, and which ones wait', async () => {
    bench.server.add('c', 'answer-failed', { replyTo: 2, reason: 'stopped' });
    bench.server.say('c', 'two');
    bench.server.say('c', 'three');
    const opened = await bench.open('c');
    const { chat } = opened.chat.view.get();
    expect(chat?.record.failures).toEqual([{ replyTo: 2, reason: 'stopped' }]);
    expect(chat && waitingQuestions(chat).map(({ content }) => content)).toEqual(['two', 'three']);
  });

  it('calls no question waiting where it cannot know', async () => {
    bench.server.planned.push({ match: 'GET /api/chat/c/events', status: 503 });
    const opened = await bench.open('c');
    const { chat } = opened.chat.view.get();
    expect(chat && waitingQuestions(chat)).toEqual([]);
    bench.server.say('c', 'two');
    await settle();
    const later = opened.chat.view.get().chat;
    expect(later && waitingQuestions(later).map(({ content }) => content)).toEqual(['two']);
  });

  it('stops an answer, and takes it as stopped when there was nothing to stop', async () => {
    const opened = await bench.open('c');
    expect(await opened.chat.stopAnswer(2)).toBe(true);
    const match = 'POST /api/chat/c/answer/stop';
    bench.server.planned.push({ match, status: 409, body: { code: 'nothing_to_stop' } });
    expect(await opened.chat.stopAnswer(2)).toBe(true);
    bench.server.planned.push({ match, status: 403, body: { code: 'forbidden' } });
    expect(await opened.chat.stopAnswer(2)).toBe(false);
    expect(bench.server.requests.at(-1)?.body).toEqual({ replyTo: 2 });
  });

  it('keeps a failure until an answer comes after all', async () => {
    const opened = await bench.open('c');
    bench.server.add('c', 'answer-failed', { replyTo: 2, reason: 'ai_unavailable' });
    await settle();
    expect(opened.chat.view.get().chat?.record.failures).toEqual([
      { replyTo: 2, reason: 'ai_unavailable' },
    ]);
    bench.server.say('c', 'here', { role: 'AI', replyTo: 2 });
    await settle();
    expect(opened.chat.view.get().chat?.record.failures).toEqual([]);
  });
});
