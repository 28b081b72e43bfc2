import { describe, expect, it } from 'vitest';
import { findingsOf } from './rubric_check.ts';
import * as edits from './rubric_edit.ts';
import { sampleRubric } from './rubric_sample.ts';

/** Two rows of equal weight: nothing to remark. */
const even = edits.setWeight(edits.setWeight(sampleRubric(), 'a', 50), 'b', 50);
const codes = (rubric: typeof even) => findingsOf(rubric).map(({ code }) => code);
const mended = (rubric: typeof even) => findingsOf(rubric)[0]?.fix?.(rubric) ?? rubric;

describe('findingsOf', () => {
  it('has nothing to say of a rubric that is whole', () => {
    expect(findingsOf(even)).toEqual([]);
  });

  it('makes weights 100 again', () => {
    const odd = edits.setWeight(even, 'a', 30);
    expect(codes(odd)).toEqual(['weights_not_100']);
    expect(codes(mended(odd))).not.toContain('weights_not_100');
  });

  it('takes out a row without weight', () => {
    const odd = edits.setWeight(edits.setWeight(even, 'a', 0), 'b', 100);
    expect(codes(odd)).toEqual(['weight_zero', 'weight_over_50']);
    expect(mended(odd).criteria.map(({ id }) => id)).toEqual(['b']);
    expect(findingsOf(mended(odd))).toEqual([]);
  });

  it('gives a row that weighs too much less, and the rest to the others', () => {
    const three = edits.addCriterion(even, 'c', { en: 'c' });
    const heavy = edits.setWeight(edits.setWeight(three, 'a', 70), 'b', 20);
    const odd = edits.setWeight(heavy, 'c', 10);
    expect(codes(odd)[0]).toBe('weight_over_50');
    expect(mended(odd).criteria.map(({ weight }) => weight)).toEqual([40, 40, 20]);
    expect(findingsOf(edits.setLocked(odd, 'a', null, true))[0]?.fix).toBeNull();
  });

  it('names cells that want words, and each of their places', () => {
    let odd = edits.setDescriptor(even, 'a', 'l1', 'en', '');
    odd = edits.setDescriptor(odd, 'b', 'l2', 'en', 'b l1');
    expect(findingsOf(odd)).toEqual([
      { code: 'empty_descriptor', criterionId: 'a', levelId: 'l1', fix: null },
      { code: 'duplicate_descriptor', criterionId: 'b', levelId: 'l2', fix: null },
    ]);
  });

  it('remarks equal names and too many rows', () => {
    expect(codes(edits.setCriterionText(even, 'b', 'name', 'en', 'a'))).toEqual([]);
    let many = edits.addCriterion(even, 'c', { en: 'c' });
    for (let n = 0; n < 6; n++) many = edits.addCriterion(many, `c${n}`, { en: 'c' });
    expect(codes(many)).toEqual(expect.arrayContaining(['many_criteria', 'duplicate_name']));
  });
});
