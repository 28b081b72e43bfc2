/** What a careful colleague would remark about a rubric at once, and how to mend it. Pure. */
import type { Cell, Rubric } from '../protocol/rubric.ts';
import { removeCriterion, setWeight, spreadWeights, weightSum } from './rubric_edit.ts';

export interface Finding {
  code:
    | 'weights_not_100'
    | 'weight_zero'
    | 'weight_over_50'
    | 'duplicate_name'
    | 'empty_descriptor'
    | 'duplicate_descriptor'
    | 'between_wording'
    | 'many_criteria';
  /** null: the whole document. */
  criterionId: string | null;
  /** null: the whole row. */
  levelId: string | null;
  /** Mends it by itself; null where only a person's words can. */
  fix: ((rubric: Rubric) => Rubric) | null;
}

const criteriaMany = 7;
const weightLarge = 50;
/** What a criterion that weighs too much is set to; the others share the rest. */
const weightMended = 40;

/** In the order of the table, what concerns all of it first. */
export function findingsOf(rubric: Rubric): Finding[] {
  const found: Finding[] = [];
  const whole = { criterionId: null, levelId: null };
  if (weightSum(rubric) !== 100) {
    found.push({ code: 'weights_not_100', ...whole, fix: spreadWeights });
  }
  if (rubric.criteria.length > criteriaMany) {
    found.push({ code: 'many_criteria', ...whole, fix: null });
  }
  const names = new Set<string>();
  for (const criterion of rubric.criteria) {
    const { id, weight } = criterion;
    const row = { criterionId: id, levelId: null };
    const name = JSON.stringify(criterion.name);
    if (names.has(name)) found.push({ code: 'duplicate_name', ...row, fix: null });
    names.add(name);
    const alone = rubric.criteria.length === 1;
    if (weight === 0 && !alone) {
      found.push({ code: 'weight_zero', ...row, fix: (old) => removeCriterion(old, id) });
    } else if (weight > weightLarge && !alone) {
      const fix = criterion.locked ? null : (old: Rubric) => lighter(old, id);
      found.push({ code: 'weight_over_50', ...row, fix });
    }
    found.push(...cellFindings(id, criterion.cells));
  }
  return found;
}

function cellFindings(criterionId: string, cells: readonly Cell[]): Finding[] {
  const texts = new Set<string>();
  return cells.flatMap(({ levelId, descriptor, origin }): Finding[] => {
    const place = { criterionId, levelId, fix: null };
    if (Object.values(descriptor).every((text) => text === '')) {
      return [{ code: 'empty_descriptor', ...place }];
    }
    const text = JSON.stringify(descriptor);
    const twice = texts.has(text);
    texts.add(text);
    if (twice) return [{ code: 'duplicate_descriptor', ...place }];
    return origin === 'between' ? [{ code: 'between_wording', ...place }] : [];
  });
}

/** The row at 40 %; what is left goes to the others, in their old proportion. */
function lighter(rubric: Rubric, id: string): Rubric {
  const others = rubric.criteria.filter((criterion) => criterion.id !== id);
  const shared = spreadWeights({ ...rubric, criteria: others });
  const rest = 100 - weightMended;
  let left = rest;
  let next = setWeight(rubric, id, weightMended);
  shared.criteria.forEach((criterion, at) => {
    const last = at === shared.criteria.length - 1;
    const weight = last ? left : Math.round((criterion.weight * rest) / 100);
    left -= weight;
    next = setWeight(next, criterion.id, weight);
  });
  return next;
}
