import { describe, expect, it } from 'vitest';
import { rubricLimits } from '../protocol/rubric.ts';
import * as edits from './rubric_edit.ts';
import { sampleRubric } from './rubric_sample.ts';

describe('edits of a rubric', () => {
  const rubric = sampleRubric();
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);

  it('leave the old document as it was', () => {
    const before = JSON.stringify(rubric);
    edits.setWeight(rubric, 'a', 10);
    edits.setDescriptor(rubric, 'a', 'l1', 'en', 'new');
    edits.addLevel(rubric, 'l3', { en: 'Poor' });
    edits.moveCriterion(rubric, 'a', 1);
    expect(JSON.stringify(rubric)).toBe(before);
  });

  it('change one language and keep the other', () => {
    const next = edits.setCriterionText(rubric, 'a', 'name', 'en', 'Claim');
    expect(next.criteria[0]?.name).toEqual({ en: 'Claim', 'zh-TW': '項目 a' });
    expect(edits.setText({ en: 'x', 'zh-TW': '甲' }, 'en', '')).toEqual({ 'zh-TW': '甲' });
    expect(edits.setText({ en: 'x' }, 'en', '')).toEqual({ en: '' });
  });

  it('mark a descriptor as the teacher’s own', () => {
    const next = edits.setDescriptor(rubric, 'b', 'l2', 'zh-TW', '只有一個例子');
    expect(next.criteria[1]?.cells[1]).toMatchObject({
      descriptor: { en: 'b l2', 'zh-TW': '只有一個例子' },
      origin: 'teacher',
    });
  });

  it('keep one cell a level when levels come and go', () => {
    const more = edits.addLevel(rubric, 'l3', { en: 'Poor' });
    expect(more.criteria.map(({ cells }) => cells.map(({ levelId }) => levelId))).toEqual([
      ['l1', 'l2', 'l3'],
      ['l1', 'l2', 'l3'],
    ]);
    const less = edits.removeLevel(more, 'l1');
    expect(ids(less.levels)).toEqual(['l2', 'l3']);
    expect(less.criteria[0]?.cells.map(({ levelId }) => levelId)).toEqual(['l2', 'l3']);
    expect(edits.removeLevel(less, 'l2')).toBe(less);
  });

  it('move rows and stop at the ends', () => {
    expect(ids(edits.moveCriterion(rubric, 'b', -1).criteria)).toEqual(['b', 'a']);
    expect(edits.moveCriterion(rubric, 'a', -1)).toBe(rubric);
    expect(edits.moveCriterion(rubric, 'nobody', 1)).toBe(rubric);
  });

  it('give a new row what is left of the weights and keep the last row', () => {
    const lighter = edits.setWeight(rubric, 'a', 35);
    const more = edits.addCriterion(lighter, 'c', { en: 'New' });
    expect(more.criteria[2]).toMatchObject({ id: 'c', weight: 25, points: 25 });
    const one = edits.removeCriterion(rubric, 'a');
    expect(edits.removeCriterion(one, 'b')).toBe(one);
  });

  it('stop at the limits', () => {
    let full = rubric;
    for (let n = 0; n < 60; n++) full = edits.addCriterion(full, `r${n}`, { en: 'r' });
    expect(full.criteria.length).toBe(rubricLimits.criteria);
    for (let n = 0; n < 20; n++) full = edits.addLevel(full, `x${n}`, { en: 'x' });
    expect(full.levels.length).toBe(rubricLimits.levelsMax);
    expect(edits.setWeight(rubric, 'a', 500).criteria[0]?.weight).toBe(100);
    expect(edits.setTotal(rubric, -3).total).toBe(1);
  });

  it('spread weights to exactly 100 in whole numbers', () => {
    const three = edits.addCriterion(edits.setWeight(rubric, 'a', 60), 'c', { en: 'c' });
    const odd = edits.setWeight(three, 'c', 50);
    expect(edits.weightSum(odd)).toBe(150);
    const even = edits.spreadWeights(odd);
    expect(edits.weightSum(even)).toBe(100);
    expect(even.criteria.map(({ weight }) => weight)).toEqual([40, 27, 33]);
    const none = edits.setWeight(edits.setWeight(rubric, 'a', 0), 'b', 0);
    expect(edits.weightSum(edits.spreadWeights(none))).toBe(100);
  });

  it('show likely points at once', () => {
    const next = edits.setTotal(rubric, 50);
    expect(next.criteria.map(({ points }) => points)).toEqual([30, 20]);
    expect(next.criteria[0]?.cells.map(({ points }) => points)).toEqual([30, 0]);
  });
});
