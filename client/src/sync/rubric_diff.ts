/** Which places of a rubric differ between two documents, and how to put documents together. Pure. */
import type { Cell, Criterion, LocalisedText, Rubric } from '../protocol/rubric.ts';
import { withLock } from './rubric_edit.ts';

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
  /** Languages, kind, and whom the rubric is for. */
  settings: 'settings',
  level: (levelId: string) => `level:${levelId}`,
  name: (criterionId: string) => `name:${criterionId}`,
  weight: (criterionId: string) => `weight:${criterionId}`,
  lock: (criterionId: string) => `lock:${criterionId}`,
  cell: (criterionId: string, levelId: string) => `cell:${criterionId}:${levelId}`,
  cellLock: (criterionId: string, levelId: string) => `lock:${criterionId}:${levelId}`,
};

/** What stands for a lock in a difference. */
const lockMark = '🔒';

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

/** Whether both have the same rows and levels in the same order, so that places can be exchanged. */
export function sameShape(one: Rubric, other: Rubric): boolean {
  return shapeOf(one) === shapeOf(other);
}

/** `target` with what `source` has in the places named by `keys`, where both have them. */
export function withPlaces(target: Rubric, source: Rubric, keys: ReadonlySet<string>): Rubric {
  const criteria = target.criteria.map((criterion) => {
    const own = source.criteria.find(({ id }) => id === criterion.id);
    return own === undefined ? criterion : criterionWith(criterion, own, keys);
  });
  const levels = target.levels.map((level) => {
    const own = source.levels.find(({ id }) => id === level.id);
    return own !== undefined && keys.has(placeKey.level(level.id)) ? own : level;
  });
  const title = keys.has(placeKey.title) ? source.title : target.title;
  const total = keys.has(placeKey.total) ? source.total : target.total;
  const { language, kind, assignmentType, grade, gradeBand } = keys.has(placeKey.settings)
    ? source
    : target;
  const settings = { language, kind, assignmentType, grade, gradeBand };
  return { ...target, ...settings, title, total, levels, criteria };
}

/** Two edits of one document together. */
export interface Merge {
  /** Both sides' edits; in the places of `conflicts` those of `theirs`. */
  rubric: Rubric;
  /** Places that both sides changed, and not to the same. */
  conflicts: ReadonlySet<string>;
}

/**
 * The edits of both sides on `base`, place by place. null where both sides added, removed or moved
 * rows or levels, or one of them edited a place that the other took out.
 */
export function merge(base: Rubric, mine: Rubric, theirs: Rubric): Merge | null {
  const myKeys = differences(base, mine).map(({ key }) => key);
  const theirKeys = differences(base, theirs).map(({ key }) => key);
  const differing = new Set(differences(mine, theirs).map(({ key }) => key));
  const theirSet = new Set(theirKeys);
  const conflicts = new Set(myKeys.filter((key) => theirSet.has(key) && differing.has(key)));
  if (sameShape(base, mine)) {
    const keys = new Set(myKeys.filter((key) => !conflicts.has(key)));
    return hasPlaces(theirs, myKeys) ? { rubric: withPlaces(theirs, mine, keys), conflicts } : null;
  }
  if (!sameShape(base, theirs) || !hasPlaces(mine, theirKeys)) return null;
  return { rubric: withPlaces(mine, theirs, new Set(theirKeys)), conflicts };
}

function hasPlaces(rubric: Rubric, keys: readonly string[]): boolean {
  const known = places(rubric, false);
  return keys.every((key) => known.has(key));
}

function criterionWith(target: Criterion, own: Criterion, keys: ReadonlySet<string>): Criterion {
  const { id } = target;
  const { name, focus, source } = keys.has(placeKey.name(id)) ? own : target;
  const { weight } = keys.has(placeKey.weight(id)) ? own : target;
  const { locked } = keys.has(placeKey.lock(id)) ? own : target;
  const cells = target.cells.map((cell) => {
    const other = own.cells.find(({ levelId }) => levelId === cell.levelId);
    return other === undefined ? cell : cellWith(id, cell, other, keys);
  });
  return { ...target, name, focus, source, weight, locked, cells };
}

function cellWith(criterionId: string, target: Cell, own: Cell, keys: ReadonlySet<string>): Cell {
  const { levelId } = target;
  const written = keys.has(placeKey.cell(criterionId, levelId)) ? own : target;
  const lock = keys.has(placeKey.cellLock(criterionId, levelId)) ? own : target;
  return withLock(written, lock.locked === true);
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
    [placeKey.settings, { ...whole, texts: settingsOf(rubric) }],
  ]);
  if (withOrder) result.set(placeKey.order, { ...whole, texts: { order: orderOf(rubric) } });
  for (const { id, name } of rubric.levels) {
    result.set(placeKey.level(id), { criterionId: null, levelId: id, texts: textsOf(name) });
  }
  for (const criterion of rubric.criteria) addRow(result, criterion);
  return result;
}

function addRow(result: Map<string, Place>, criterion: Criterion): void {
  const { id, name, focus, weight, locked, cells } = criterion;
  const row = { criterionId: id, levelId: null };
  const texts = { ...textsOf(name), ...textsOf(focus, 'focus ') };
  result.set(placeKey.name(id), { ...row, texts });
  result.set(placeKey.weight(id), { ...row, texts: { weight: `${weight}%` } });
  result.set(placeKey.lock(id), { ...row, texts: lockOf(locked) });
  for (const { levelId, descriptor, locked: cellLocked } of cells) {
    const place = { criterionId: id, levelId };
    result.set(placeKey.cell(id, levelId), { ...place, texts: textsOf(descriptor) });
    result.set(placeKey.cellLock(id, levelId), { ...place, texts: lockOf(cellLocked === true) });
  }
}

function lockOf(locked: boolean): Record<string, string> {
  return locked ? { lock: lockMark } : {};
}

function settingsOf(rubric: Rubric): Record<string, string> {
  const { language, kind, assignmentType, grade, gradeBand } = rubric;
  const forWhom = [grade ?? '', gradeBand ?? ''].join(' ').trim();
  return { language, kind, assignmentType: assignmentType ?? '', forWhom };
}

function textsOf(text: LocalisedText, prefix = ''): Record<string, string> {
  const entries = Object.entries(text) as [string, string][];
  return Object.fromEntries(entries.map(([language, words]) => [prefix + language, words]));
}

/** The rows in words, so that a moved row shows. */
function orderOf(rubric: Rubric): string {
  return rubric.criteria.map(({ name }) => name['zh-TW'] ?? name.en ?? '').join(' · ');
}
