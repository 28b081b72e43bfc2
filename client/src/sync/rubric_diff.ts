/** Which places of a rubric differ between two documents. Pure. */
import type { LocalisedText, Rubric } from '../protocol/rubric.ts';

/** One place that differs; `key` names it within a document, as `placeKey` does. */
export interface Difference {
  key: string;
  before: string;
  after: string;
}

export const placeKey = {
  title: 'title',
  total: 'total',
  level: (levelId: string) => `level:${levelId}`,
  name: (criterionId: string) => `name:${criterionId}`,
  weight: (criterionId: string) => `weight:${criterionId}`,
  cell: (criterionId: string, levelId: string) => `cell:${criterionId}:${levelId}`,
};

export function differences(before: Rubric, after: Rubric): Difference[] {
  const old = places(before);
  const now = places(after);
  const keys = new Set([...old.keys(), ...now.keys()]);
  return [...keys].flatMap((key) => {
    const [a, b] = [old.get(key) ?? '', now.get(key) ?? ''];
    return a === b ? [] : [{ key, before: a, after: b }];
  });
}

function places(rubric: Rubric): Map<string, string> {
  const result = new Map([
    [placeKey.title, textOf(rubric.title)],
    [placeKey.total, String(rubric.total)],
  ]);
  for (const level of rubric.levels) result.set(placeKey.level(level.id), textOf(level.name));
  for (const { id, name, focus, weight, cells } of rubric.criteria) {
    result.set(placeKey.name(id), [textOf(name), textOf(focus)].filter(Boolean).join(': '));
    result.set(placeKey.weight(id), String(weight));
    for (const cell of cells) result.set(placeKey.cell(id, cell.levelId), textOf(cell.descriptor));
  }
  return result;
}

function textOf(text: LocalisedText): string {
  return [text['zh-TW'], text.en].filter(Boolean).join(' / ');
}
