import { describe, expect, it } from 'vitest';
import type { Message } from '../protocol/chat.ts';
import type { Rubric } from '../protocol/rubric.ts';
import * as edits from './rubric_edit.ts';
import { accepted, openProposal, viewOf } from './rubric_proposal.ts';
import { sampleRubric } from './rubric_sample.ts';

const base = sampleRubric();
const rewritten = edits.setDescriptor(
  edits.setDescriptor(base, 'a', 'l1', 'en', 'new a'),
  'b',
  'l2',
  'en',
  'new b',
);
const of = (rubric: Rubric) => ({ seq: 5, version: 1, typed: 1, rubric });
const keysOf = (view: { changes: readonly { key: string }[] }) =>
  view.changes.map(({ key }) => key);

describe('openProposal', () => {
  const message = (seq: number, proposed: boolean): Message => ({
    id: String(seq),
    chatId: 'c',
    seq,
    role: 'AI',
    content: '',
    time: '',
    ...(proposed ? { meta: { proposal: { version: seq, typed: 0, rubric: base } } } : {}),
  });
  const stored = (answered?: number) => ({
    version: 9,
    rubric: base,
    ...(answered === undefined ? {} : { answered }),
  });

  it('is the newest one that was not answered', () => {
    const messages = [message(3, true), message(5, true), message(7, false)];
    expect(openProposal(messages, stored())?.seq).toBe(5);
    expect(openProposal(messages, stored(3))?.seq).toBe(5);
    expect(openProposal(messages, stored(5))).toBeNull();
    expect(openProposal([message(7, false)], stored())).toBeNull();
  });
});

describe('viewOf', () => {
  it('shows what would change against what is there now', () => {
    const mine = edits.setDescriptor(base, 'a', 'l1', 'en', 'typed meanwhile');
    const view = viewOf(of(rewritten), base, mine);
    expect(keysOf(view)).toEqual(['cell:a:l1', 'cell:b:l2']);
    expect(view.changes[0]).toMatchObject({ before: 'typed meanwhile', after: 'new a' });
    expect(view.splittable).toBe(true);
  });

  it('leaves alone what was locked meanwhile', () => {
    const locked = edits.setLocked(base, 'a', 'l1', true);
    const view = viewOf(of(rewritten), base, locked);
    expect(keysOf(view)).toEqual(['cell:b:l2']);
    expect(view.target?.criteria[0]?.cells[0]?.locked).toBe(true);
    expect(keysOf(viewOf(of(rewritten), base, edits.setLocked(base, 'b', null, true)))).toEqual([
      'cell:a:l1',
    ]);
  });

  it('goes as a whole where rows come or go, with what was written meanwhile', () => {
    const mine = edits.setDescriptor(base, 'a', 'l2', 'en', 'mine');
    const view = viewOf(of(edits.removeCriterion(base, 'b')), base, mine);
    expect(view.splittable).toBe(false);
    expect(view.target?.criteria.map(({ id }) => id)).toEqual(['a']);
    expect(view.target?.criteria[0]?.cells[1]?.descriptor.en).toBe('mine');
  });

  it('does not fit a table that got other rows meanwhile', () => {
    const mine = edits.removeCriterion(base, 'a');
    const view = viewOf(of(edits.addCriterion(base, 'c', { en: 'c' })), base, mine);
    expect(view.target).toBeNull();
    expect(accepted(view, mine, new Set(['order']))).toBeNull();
    expect(accepted(view, mine, new Set())).toBe(mine);
  });
});

describe('accepted', () => {
  const view = viewOf(of(rewritten), base, base);

  it('takes some places and leaves the rest', () => {
    const next = accepted(view, base, new Set(['cell:b:l2']));
    expect(next?.criteria[0]?.cells[0]?.descriptor.en).toBe('a l1');
    expect(next?.criteria[1]?.cells[1]?.descriptor.en).toBe('new b');
  });

  it('takes all, or nothing', () => {
    expect(accepted(view, base, new Set(keysOf(view)))).toBe(view.target);
    expect(accepted(view, base, new Set())).toBe(base);
  });

  it('takes nothing of a table with other rows unless all of it is meant', () => {
    const more = viewOf(of(edits.addCriterion(base, 'c', { en: 'c' })), base, base);
    expect(accepted(more, base, new Set(keysOf(more).slice(1)))).toBeNull();
    expect(accepted(more, base, new Set(keysOf(more)))).toBe(more.target);
  });
});
