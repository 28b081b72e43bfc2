import { describe, expect, it } from 'vitest';
import { addDelta, withoutAnswersTo, type PartialAnswer } from './partial_answer.ts';

function text(...deltas: [attempt: number, off: number, text: string][]): string {
  const start: readonly PartialAnswer[] = [];
  const common = { chatId: 'c', jobId: 'j', replyTo: 2 };
  return (
    deltas.reduce(
      (partials, [attempt, off, piece]) =>
        addDelta(partials, { ...common, attempt, off, text: piece }),
      start,
    )[0]?.text ?? ''
  );
}

describe('addDelta', () => {
  it('joins pieces, cutting what overlaps in UTF-16 units', () => {
    expect(text([1, 0, '好😀'], [1, 1, '😀的'], [1, 0, '好'])).toBe('好😀的');
  });

  it('waits at a gap until the text so far comes', () => {
    expect(text([1, 5, 'later'])).toBe('');
    expect(text([1, 0, 'ab'], [1, 5, 'f'])).toBe('ab');
    expect(text([1, 0, 'ab'], [1, 5, 'f'], [1, 0, 'abcdef'])).toBe('abcdef');
  });

  it('throws an earlier attempt away and never goes back to it', () => {
    expect(text([1, 0, 'first'], [2, 0, 'sec'], [1, 5, '!'], [2, 3, 'ond'])).toBe('second');
  });

  it('keeps the old text until a new attempt has a beginning', () => {
    expect(text([1, 0, 'first'], [2, 3, 'ond'])).toBe('first');
  });

  it('keeps at most eight answers under way', () => {
    let partials: readonly PartialAnswer[] = [];
    for (let n = 0; n < 20; n++) {
      const delta = { chatId: 'c', jobId: `j${n}`, replyTo: n, attempt: 1, off: 0, text: 'x' };
      partials = addDelta(partials, delta);
    }
    expect(partials.map((partial) => partial.replyTo)).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
    expect(withoutAnswersTo(partials, (seq) => seq < 19).length).toBe(1);
    expect(withoutAnswersTo(partials, () => false)).toBe(partials);
  });
});
