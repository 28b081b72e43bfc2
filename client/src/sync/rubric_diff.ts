/** Which places of a rubric differ between two documents, and how to put two edits together. Pure. */
import type { Criterion, LocalisedText, Rubric } from '../protocol/rubric.ts';

/** One place that differs; `key` names it within a document, as `placeKey` does. */
export interface Difference {
  key: string;
  criterionId: string | null;
  levelId: string | null;
  /** Only what differs: of a text in two languages perhaps one. */
  before: string;
  after: string;
}

export const placeKey = {
  title: 'title',
  total: 'total',
  order: 'order',
  level: (levelId: string) => `level:${levelId}`,
  name: (criterionId: string) => `name:${criterionId}`,
  weight: (criterionId: string) => `weight:${criterionId}`,
  cell: (criterionId: string, levelId: string) => `cell:${criterionId}:${levelId}`,
};

interface Place {
  criterionId: string | null;
  levelId: string | null;
  texts: Record<string, string>;
}

export function differences(before: Rubric, after: Rubric): Difference[] {
  const moved = rowsOf(before) !== rowsOf(after);
  const old = places(before, moved);
  const now = places(after, moved);
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  return keys.flatMap((key) => {
    const place = now.get(key) ?? old.get(key);
    const [a, b] = [old.get(key)?.texts ?? {}, now.get(key)?.texts ?? {}];
    const parts = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    const changed = parts.filter((part) => (a[part] ?? '') !== (b[part] ?? ''));
    if (place === undefined || changed.length === 0) return [];
    const { criterionId, levelId } = place;
    const textOf = (texts: Record<string, string>): string =>
      changed.flatMap((part) => texts[part] ?? []).join('\n');
    return [{ key, criterionId, levelId, before: textOf(a), after: textOf(b) }];
  });
}

/**
 * The document with the edits of both sides on `base`, or null when they touch the same place or
 * either side added, removed or moved rows or levels.
 */
export function merged(base: Rubric, mine: Rubric, theirs: Rubric): Rubric | null {
  const shape = shapeOf(base);
  if (shapeOf(mine) !== shape || shapeOf(theirs) !== shape) return null;
  const theirKeys = new Set(differences(base, theirs).map(({ key }) => key));
  const myKeys = differences(base, mine).map(({ key }) => key);
  if (myKeys.some((key) => theirKeys.has(key))) return null;
  const touched = new Set(myKeys);
  const criteria = theirs.criteria.map((criterion, index) => {
    const own = mine.criteria[index];
    return own === undefined ? criterion : mergedCriterion(criterion, own, touched);
  });
  const levels = theirs.levels.map((level, index) => {
    const own = mine.levels[index];
    return own !== undefined && touched.has(placeKey.level(level.id)) ? own : level;
  });
  const title = touched.has(placeKey.title) ? mine.title : theirs.title;
  const total = touched.has(placeKey.total) ? mine.total : theirs.total;
  return { ...theirs, title, total, levels, criteria };
}

function mergedCriterion(theirs: Criterion, mine: Criterion, touched: Set<string>): Criterion {
  const { id } = theirs;
  const named = touched.has(placeKey.name(id)) ? mine : theirs;
  const weighed = touched.has(placeKey.weight(id)) ? mine : theirs;
  const cells = theirs.cells.map((cell) => {
    const own = mine.cells.find(({ levelId }) => levelId === cell.levelId);
    return own !== undefined && touched.has(placeKey.cell(id, cell.levelId)) ? own : cell;
  });
  const { name, focus, source } = named;
  return { ...theirs, name, focus, source, weight: weighed.weight, cells };
}

function rowsOf(rubric: Rubric): string {
  return JSON.stringify(rubric.criteria.map(({ id }) => id));
}

function shapeOf(rubric: Rubric): string {
  return JSON.stringify(rubric.levels.map(({ id }) => id)) + rowsOf(rubric);
}

function places(rubric: Rubric, withOrder: boolean): Map<string, Place> {
  const whole = { criterionId: null, levelId: null };
  const result = new Map<string, Place>([
    [placeKey.title, { ...whole, texts: textsOf(rubric.title) }],
    [placeKey.total, { ...whole, texts: { total: String(rubric.total) } }],
  ]);
  if (withOrder) result.set(placeKey.order, { ...whole, texts: { order: orderOf(rubric) } });
  for (const { id, name } of rubric.levels) {
    result.set(placeKey.level(id), { criterionId: null, levelId: id, texts: textsOf(name) });
  }
  for (const { id, name, focus, weight, cells } of rubric.criteria) {
    const row = { criterionId: id, levelId: null };
    const texts = { ...textsOf(name), ...textsOf(focus, 'focus ') };
    result.set(placeKey.name(id), { ...row, texts });
    result.set(placeKey.weight(id), { ...row, texts: { weight: `${weight}%` } });
    for (const { levelId, descriptor } of cells) {
      const place = { criterionId: id, levelId, texts: textsOf(descriptor) };
      result.set(placeKey.cell(id, levelId), place);
    }
  }
  return result;
}

function textsOf(text: LocalisedText, prefix = ''): Record<string, string> {
  const entries = Object.entries(text) as [string, string][];
  return Object.fromEntries(entries.map(([language, words]) => [prefix + language, words]));
}

/** The rows in words, so that a moved row shows. */
function orderOf(rubric: Rubric): string {
  return rubric.criteria.map(({ name }) => name['zh-TW'] ?? name.en ?? '').join(' · ');
}
