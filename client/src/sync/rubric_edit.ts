/** Edits of a rubric document. Pure: each returns a new document. */
import { rubricLimits } from '../protocol/rubric.ts';
import type { Cell, Criterion, Language, Level, LocalisedText } from '../protocol/rubric.ts';
import type { Rubric } from '../protocol/rubric.ts';

/** `text` in `language`; an empty text takes that language away unless it is the only one. */
export function setText(old: LocalisedText, language: Language, text: string): LocalisedText {
  const { [language]: _gone, ...others } = old;
  if (text === '' && Object.keys(others).length > 0) return others;
  return { ...others, [language]: text };
}

export function setTitle(rubric: Rubric, language: Language, text: string): Rubric {
  return { ...rubric, title: setText(rubric.title, language, text) };
}

export function setTotal(rubric: Rubric, total: number): Rubric {
  return withPoints({ ...rubric, total: Math.min(Math.max(total, 1), 10_000) });
}

export function setLevelName(rubric: Rubric, id: string, language: Language, text: string): Rubric {
  const levels = rubric.levels.map((level) =>
    level.id === id ? { ...level, name: setText(level.name, language, text) } : level,
  );
  return { ...rubric, levels };
}

export function setCriterionText(
  rubric: Rubric,
  id: string,
  field: 'name' | 'focus',
  language: Language,
  text: string,
): Rubric {
  return withCriterion(rubric, id, (criterion) => ({
    ...criterion,
    [field]: setText(criterion[field], language, text),
    source: 'teacher',
  }));
}

/** Weights are percentages; the others stay as they are, so that the sum may be off for a while. */
export function setWeight(rubric: Rubric, id: string, weight: number): Rubric {
  const bounded = Math.min(Math.max(weight, 0), 100);
  return withPoints(withCriterion(rubric, id, (criterion) => ({ ...criterion, weight: bounded })));
}

export function setDescriptor(
  rubric: Rubric,
  id: string,
  levelId: string,
  language: Language,
  text: string,
): Rubric {
  return withCriterion(rubric, id, (criterion) => ({
    ...criterion,
    cells: criterion.cells.map((cell) =>
      cell.levelId === levelId
        ? { ...cell, descriptor: setText(cell.descriptor, language, text), origin: 'teacher' }
        : cell,
    ),
  }));
}

/** What is locked the AI leaves alone: a whole row, or one cell of it. */
export function setLocked(
  rubric: Rubric,
  id: string,
  levelId: string | null,
  locked: boolean,
): Rubric {
  return withCriterion(rubric, id, (criterion) =>
    levelId === null
      ? { ...criterion, locked }
      : {
          ...criterion,
          cells: criterion.cells.map((cell) =>
            cell.levelId === levelId ? withLock(cell, locked) : cell,
          ),
        },
  );
}

/** The cell, locked or not: a cell that is not says nothing of it. */
export function withLock(cell: Cell, locked: boolean): Cell {
  const { locked: _old, ...rest } = cell;
  return locked ? { ...rest, locked } : rest;
}

export function addCriterion(rubric: Rubric, id: string, name: LocalisedText): Rubric {
  if (rubric.criteria.length >= rubricLimits.criteria) return rubric;
  const criterion: Criterion = {
    id,
    name,
    focus: {},
    weight: Math.max(0, 100 - weightSum(rubric)),
    points: 0,
    locked: false,
    source: 'teacher',
    cells: rubric.levels.map((level) => emptyCell(level.id)),
  };
  return withPoints({ ...rubric, criteria: [...rubric.criteria, criterion] });
}

export function removeCriterion(rubric: Rubric, id: string): Rubric {
  if (rubric.criteria.length <= 1) return rubric;
  return { ...rubric, criteria: rubric.criteria.filter((criterion) => criterion.id !== id) };
}

/** Moves a row by `step` places; at an end it stays. */
export function moveCriterion(rubric: Rubric, id: string, step: -1 | 1): Rubric {
  const from = rubric.criteria.findIndex((criterion) => criterion.id === id);
  const to = from + step;
  const moved = rubric.criteria[from];
  if (moved === undefined || to < 0 || to >= rubric.criteria.length) return rubric;
  const rest = rubric.criteria.filter((criterion) => criterion !== moved);
  return { ...rubric, criteria: [...rest.slice(0, to), moved, ...rest.slice(to)] };
}

/** Adds the lowest level. */
export function addLevel(rubric: Rubric, id: string, name: LocalisedText): Rubric {
  if (rubric.levels.length >= rubricLimits.levelsMax) return rubric;
  const level: Level = { id, name };
  const criteria = rubric.criteria.map((criterion) => ({
    ...criterion,
    cells: [...criterion.cells, emptyCell(id)],
  }));
  return withPoints({ ...rubric, levels: [...rubric.levels, level], criteria });
}

export function removeLevel(rubric: Rubric, id: string): Rubric {
  if (rubric.levels.length <= rubricLimits.levelsMin) return rubric;
  const criteria = rubric.criteria.map((criterion) => ({
    ...criterion,
    cells: criterion.cells.filter((cell) => cell.levelId !== id),
  }));
  const levels = rubric.levels.filter((level) => level.id !== id);
  return withPoints({ ...rubric, levels, criteria });
}

export function weightSum(rubric: Rubric): number {
  return round(rubric.criteria.reduce((sum, criterion) => sum + criterion.weight, 0));
}

/** Scales all weights to 100 in whole numbers, by largest remainder. */
export function spreadWeights(rubric: Rubric): Rubric {
  const sum = weightSum(rubric);
  const equal = rubric.criteria.length === 0 ? 0 : 100 / rubric.criteria.length;
  const exact = rubric.criteria.map(({ weight }) => (sum === 0 ? equal : (weight * 100) / sum));
  const whole = exact.map(Math.floor);
  let left = 100 - whole.reduce((total, weight) => total + weight, 0);
  const byRemainder = exact
    .map((weight, index) => ({ index, remainder: weight - Math.floor(weight) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    whole[index] = (whole[index] ?? 0) + 1;
    left -= 1;
  }
  const criteria = rubric.criteria.map((criterion, index) => ({
    ...criterion,
    weight: whole[index] ?? 0,
  }));
  return withPoints({ ...rubric, criteria });
}

/** Shows likely points until the server, which alone computes them, has answered. */
function withPoints(rubric: Rubric): Rubric {
  const steps = Math.max(rubric.levels.length - 1, 1);
  const criteria = rubric.criteria.map((criterion) => {
    const points = half((criterion.weight * rubric.total) / 100);
    const cells = criterion.cells.map((cell) => {
      const place = rubric.levels.findIndex((level) => level.id === cell.levelId);
      return { ...cell, points: half((points * (steps - place)) / steps) };
    });
    return { ...criterion, points, cells };
  });
  return { ...rubric, criteria };
}

function withCriterion(rubric: Rubric, id: string, change: (old: Criterion) => Criterion): Rubric {
  const criteria = rubric.criteria.map((criterion) =>
    criterion.id === id ? change(criterion) : criterion,
  );
  return { ...rubric, criteria };
}

function emptyCell(levelId: string): Cell {
  return { levelId, points: 0, descriptor: {}, origin: 'teacher' };
}

function half(points: number): number {
  return Math.round(points * 2) / 2;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
