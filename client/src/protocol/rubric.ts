/** The rubric document as it travels in REST, events and the local database. */
import { array, boolean, count, nullable, number, object, oneOf, withDefault } from './decode.ts';
import { string, type Decoder } from './decode.ts';

export type Language = 'en' | 'zh-TW';

/** A text in one or both languages; at least one is there. */
export interface LocalisedText {
  en?: string;
  'zh-TW'?: string;
}

export interface Level {
  id: string;
  name: LocalisedText;
}

export interface Cell {
  levelId: string;
  points: number;
  descriptor: LocalisedText;
  origin: 'library' | 'between' | 'model' | 'teacher';
  /** The AI never changes it. */
  locked?: boolean;
}

export interface Criterion {
  id: string;
  name: LocalisedText;
  focus: LocalisedText;
  weight: number;
  points: number;
  locked: boolean;
  source: 'library' | 'teacher';
  cells: Cell[];
}

export interface Rubric {
  title: LocalisedText;
  language: Language | 'bilingual';
  kind: string;
  assignmentType: string | null;
  grade: number | null;
  gradeBand: string | null;
  total: number;
  /** Best first. */
  levels: Level[];
  criteria: Criterion[];
}

/** A rubric with the version that `If-Match` names. */
export interface RubricVersion {
  version: number;
  rubric: Rubric;
  /** Up to this message the AI's proposals have been answered. */
  answered?: number;
}

/** How many places of each kind a version changed. */
export interface VersionChanges {
  cells?: number;
  weights?: number;
  names?: number;
  criteriaAdded?: number;
  criteriaRemoved?: number;
  levelsAdded?: number;
  levelsRemoved?: number;
  locks?: number;
  settings?: number;
}

/** A version in the history: who, when and how much, without the document. */
export interface VersionEntry {
  version: number;
  /** ISO 8601 UTC. */
  updatedAt: string;
  by: 'USER' | 'AI';
  userId?: string;
  answered?: number;
  /** Equal where two versions have the same document. */
  digest: string;
  /** Absent for the first. */
  changes?: VersionChanges;
}

export interface VersionPage {
  versions: VersionEntry[];
  nextBefore: number | null;
}

/** A change of the rubric that the AI did not make by itself. */
export interface Proposal {
  /** The version that it changes. */
  version: number;
  /** How many cells it touches that a person typed. */
  typed: number;
  rubric: Rubric;
}

export const rubricLimits = {
  criteria: 50,
  levelsMin: 2,
  levelsMax: 10,
  name: 200,
  descriptor: 2000,
} as const;

const text: Decoder<LocalisedText> = object({}, { en: string, 'zh-TW': string });
const level: Decoder<Level> = object({ id: string, name: text });
const cell: Decoder<Cell> = object(
  {
    levelId: string,
    points: withDefault(number, 0),
    descriptor: withDefault(text, {}),
    origin: withDefault(oneOf('library', 'between', 'model', 'teacher'), 'teacher'),
  },
  { locked: boolean },
);
const criterion: Decoder<Criterion> = object({
  id: string,
  name: text,
  focus: withDefault(text, {}),
  weight: number,
  points: withDefault(number, 0),
  locked: withDefault(boolean, false),
  source: withDefault(oneOf('library', 'teacher'), 'teacher'),
  cells: array(cell),
});

export const rubric: Decoder<Rubric> = object({
  title: text,
  language: withDefault(oneOf('en', 'zh-TW', 'bilingual'), 'bilingual'),
  kind: withDefault(string, 'analytic'),
  assignmentType: withDefault(nullable(string), null),
  grade: withDefault(nullable(number), null),
  gradeBand: withDefault(nullable(string), null),
  total: number,
  levels: array(level),
  criteria: array(criterion),
});

/** What does not fit of a file, and where. */
/** What becomes of text that nobody sees who looks at the file. */
export type HiddenTexts = 'leave-out' | 'keep';

export interface ImportNote {
  severity: 'warning' | 'error';
  message: { en: string; 'zh-TW': string };
  /** Of such a text. */
  hidden?: { how: string };
  row?: number;
  column?: number;
}

export interface ImportPreview {
  rubric: Rubric | null;
  notes: ImportNote[];
}

export const importPreview: Decoder<ImportPreview> = object({
  rubric: nullable(rubric),
  notes: array(
    object(
      {
        severity: oneOf('warning', 'error'),
        message: object({ en: string, 'zh-TW': string }),
      },
      { row: count, column: count, hidden: object({ how: string }) },
    ),
  ),
});

export const rubricVersion: Decoder<RubricVersion> = object(
  { version: count, rubric },
  { answered: count },
);

export const proposal: Decoder<Proposal> = object({ version: count, typed: count, rubric });

export const versionPage: Decoder<VersionPage> = object({
  versions: array(
    object(
      { version: count, updatedAt: string, by: oneOf('USER', 'AI'), digest: string },
      {
        userId: string,
        answered: count,
        changes: object(
          {},
          {
            cells: count,
            weights: count,
            names: count,
            criteriaAdded: count,
            criteriaRemoved: count,
            levelsAdded: count,
            levelsRemoved: count,
            locks: count,
            settings: count,
          },
        ),
      },
    ),
  ),
  nextBefore: nullable(count),
});
