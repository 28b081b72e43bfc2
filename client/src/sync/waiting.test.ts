import { describe, expect, it } from 'vitest';
import type { Message } from '../protocol/chat.ts';
import type { ChatRecord } from '../platform/database.ts';
import { answering, waitingQuestions } from './waiting.ts';

const said = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  chatId: 'c',
  seq,
  role: 'USER',
  content: '',
  time: '',
  ...more,
});
const answerTo = (replyTo: number, seq: number): Message => said(seq, { role: 'AI', replyTo });

function chatOf(messages: Message[], change: Partial<ChatRecord> = {}) {
  const record: ChatRecord = {
    id: 'c',
    title: '',
    role: 'owner',
    epoch: 1,
    seq: messages.at(-1)?.seq ?? 1,
    members: [],
    rubric: null,
    failures: [],
    failuresFrom: 1,
    reachedStart: true,
    ...change,
  };
  return { record, messages };
}
const waiting = (messages: Message[], change: Partial<ChatRecord> = {}): number[] =>
  waitingQuestions(chatOf(messages, change)).map(({ seq }) => seq);

describe('waitingQuestions', () => {
  it('are those without an answer, in their order', () => {
    expect(waiting([said(2), said(3), answerTo(2, 4), said(5)])).toEqual([3, 5]);
  });

  it('are none that failed, was stopped, or came from elsewhere', () => {
    const failures = [{ replyTo: 2, reason: 'stopped' }];
    const imported = said(3, { meta: { source: 'import' } });
    expect(waiting([said(2), imported, said(4)], { failures })).toEqual([4]);
  });

  it('are none where the assistant is off, and none of which a failure may be unknown', () => {
    expect(waiting([said(2)], { context: { ai: 'off' } })).toEqual([]);
    expect(waiting([said(2), said(9)], { failuresFrom: 5 })).toEqual([9]);
  });
});

describe('answering', () => {
  it('is the first that waits, or the one asked again that is being written', () => {
    const chat = chatOf([said(2), answerTo(2, 3), said(4), said(5)]);
    expect(answering(chat, [])).toBe(4);
    expect(answering(chat, [{ jobId: 'j', replyTo: 2, attempt: 1, text: '' }])).toBe(2);
    expect(answering(chatOf([]), [])).toBeNull();
    expect(answering(null, [])).toBeNull();
  });
});
