import { describe, expect, it } from 'vitest';
import { differences, merged } from './rubric_diff.ts';
import * as edits from './rubric_edit.ts';
import { sampleRubric } from './rubric_sample.ts';

const base = sampleRubric();

describe('differences', () => {
  it('are none between equal documents', () => {
    expect(differences(base, sampleRubric())).toEqual([]);
  });

  it('name the place and show only the language that differs', () => {
    const after = edits.setCriterionText(base, 'a', 'name', 'zh-TW', '論點');
    const [first, ...rest] = differences(base, after);
    expect(first).toEqual({
      key: 'name:a',
      criterionId: 'a',
      levelId: null,
      before: '項目 a',
      after: '論點',
    });
    expect(rest.map(({ key }) => key)).toEqual([]);
  });

  it('see rows that came, went or moved', () => {
    const gone = differences(base, edits.removeCriterion(base, 'b')).map(({ key }) => key);
    expect(gone).toEqual(expect.arrayContaining(['order', 'name:b', 'cell:b:l1', 'weight:b']));
    const moved = differences(base, edits.moveCriterion(base, 'a', 1)).map(({ key }) => key);
    expect(moved).toEqual(['order']);
  });
});

describe('merged', () => {
  it('puts edits of different places together', () => {
    const mine = edits.setDescriptor(base, 'a', 'l1', 'en', 'mine');
    const theirs = edits.setWeight(edits.setDescriptor(base, 'b', 'l2', 'en', 'theirs'), 'b', 30);
    const both = merged(base, mine, theirs);
    expect(both?.criteria[0]?.cells[0]?.descriptor.en).toBe('mine');
    expect(both?.criteria[1]?.cells[1]?.descriptor.en).toBe('theirs');
    expect(both?.criteria[1]?.weight).toBe(30);
  });

  it('takes each kind of place from the side that changed it', () => {
    let mine = edits.setTitle(base, 'en', 'My title');
    mine = edits.setLevelName(mine, 'l2', 'en', 'Middling');
    mine = edits.setCriterionText(mine, 'b', 'focus', 'en', 'My focus');
    const theirs = edits.setTotal(base, 50);
    const both = merged(base, mine, theirs);
    expect(both?.title.en).toBe('My title');
    expect(both?.levels[1]?.name.en).toBe('Middling');
    expect(both?.criteria[1]?.focus.en).toBe('My focus');
    expect(both?.total).toBe(50);
  });

  it('does not choose between two edits of one place', () => {
    const mine = edits.setDescriptor(base, 'a', 'l1', 'en', 'mine');
    const theirs = edits.setDescriptor(base, 'a', 'l1', 'en', 'theirs');
    expect(merged(base, mine, theirs)).toBeNull();
  });

  it('does not guess where rows or levels changed', () => {
    const mine = edits.setDescriptor(base, 'a', 'l1', 'en', 'mine');
    expect(merged(base, mine, edits.addLevel(base, 'l3', { en: 'x' }))).toBeNull();
    expect(merged(base, edits.moveCriterion(base, 'a', 1), base)).toBeNull();
  });
});
