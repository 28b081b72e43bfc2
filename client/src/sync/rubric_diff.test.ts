import { describe, expect, it } from 'vitest';
import { differences, merge } from './rubric_diff.ts';
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

describe('merge', () => {
  it('puts edits of different places together', () => {
    const mine = edits.setDescriptor(base, 'a', 'l1', 'en', 'mine');
    const theirs = edits.setWeight(edits.setDescriptor(base, 'b', 'l2', 'en', 'theirs'), 'b', 30);
    const both = merge(base, mine, theirs);
    expect(both?.rubric.criteria[0]?.cells[0]?.descriptor.en).toBe('mine');
    expect(both?.rubric.criteria[1]?.cells[1]?.descriptor.en).toBe('theirs');
    expect(both?.rubric.criteria[1]?.weight).toBe(30);
    expect(both?.conflicts.size).toBe(0);
  });

  it('takes each kind of place from the side that changed it', () => {
    let mine = edits.setTitle(base, 'en', 'My title');
    mine = edits.setLevelName(mine, 'l2', 'en', 'Middling');
    mine = edits.setCriterionText(mine, 'b', 'focus', 'en', 'My focus');
    mine = edits.setLocked(edits.setLocked(mine, 'a', null, true), 'b', 'l1', true);
    const theirs = { ...edits.setTotal(base, 50), grade: 9 };
    const both = merge(base, mine, theirs)?.rubric;
    expect(both?.title.en).toBe('My title');
    expect(both?.levels[1]?.name.en).toBe('Middling');
    expect(both?.criteria[1]?.focus.en).toBe('My focus');
    expect(both?.criteria[0]?.locked).toBe(true);
    expect(both?.criteria[1]?.cells[0]?.locked).toBe(true);
    expect(both?.total).toBe(50);
    expect(both?.grade).toBe(9);
  });

  it('names the places where edits meet and keeps all others', () => {
    let mine = edits.setDescriptor(base, 'a', 'l1', 'en', 'mine');
    mine = edits.setDescriptor(mine, 'b', 'l1', 'en', 'mine, too');
    const theirs = edits.setDescriptor(base, 'a', 'l1', 'en', 'theirs');
    const both = merge(base, mine, theirs);
    expect([...(both?.conflicts ?? [])]).toEqual(['cell:a:l1']);
    expect(both?.rubric.criteria[0]?.cells[0]?.descriptor.en).toBe('theirs');
    expect(both?.rubric.criteria[1]?.cells[0]?.descriptor.en).toBe('mine, too');
  });

  it('sees no conflict where both wrote the same', () => {
    const same = edits.setDescriptor(base, 'a', 'l1', 'en', 'the same');
    expect(merge(base, same, same)?.conflicts.size).toBe(0);
  });

  it('keeps rows and levels that one side added, moved or removed', () => {
    const mine = edits.setDescriptor(base, 'a', 'l1', 'en', 'mine');
    const more = merge(base, mine, edits.addLevel(base, 'l3', { en: 'x' }))?.rubric;
    expect(more?.levels.length).toBe(3);
    expect(more?.criteria[0]?.cells[0]?.descriptor.en).toBe('mine');
    const moved = merge(base, edits.moveCriterion(base, 'a', 1), mine)?.rubric;
    expect(moved?.criteria.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(moved?.criteria[1]?.cells[0]?.descriptor.en).toBe('mine');
  });

  it('does not guess where both changed rows, or one edited what the other took out', () => {
    const moved = edits.moveCriterion(base, 'a', 1);
    expect(merge(base, moved, edits.addLevel(base, 'l3', { en: 'x' }))).toBeNull();
    const mine = edits.setDescriptor(base, 'b', 'l1', 'en', 'mine');
    expect(merge(base, mine, edits.removeCriterion(base, 'b'))).toBeNull();
    expect(merge(base, edits.removeCriterion(base, 'b'), mine)).toBeNull();
  });
});
