/** What undo and redo go back and forward to: documents of this visit, before them stored versions. */
import type { Rubric, VersionEntry } from '../protocol/rubric.ts';

/** A document, or the version that has it. */
export type Step = { rubric: Rubric } | { version: number };

const stepsMax = 50;

export class RubricHistory {
  private past: Step[] = [];
  private future: Step[] = [];

  /** Takes up what the versions tell, unless something was done here before. Newest first. */
  learn(entries: readonly VersionEntry[]): void {
    if (this.past.length > 0 || this.future.length > 0) return;
    const { past, future } = stepsOf(entries);
    this.past = past.map((version) => ({ version }));
    this.future = future.map((version) => ({ version }));
  }

  /** Something new takes the place of `shown`. */
  remember(shown: Rubric): void {
    this.past = [...this.past, { rubric: shown }].slice(-stepsMax);
    this.future = [];
  }

  back(): Step | undefined {
    return this.past.at(-1);
  }

  forward(): Step | undefined {
    return this.future.at(-1);
  }

  goBack(shown: Rubric): void {
    this.past = this.past.slice(0, -1);
    this.future = [...this.future, { rubric: shown }];
  }

  goForward(shown: Rubric): void {
    this.future = this.future.slice(0, -1);
    this.past = [...this.past, { rubric: shown }];
  }
}

/** Versions to go back and forward to, the nearest last. */
export interface Steps {
  past: number[];
  future: number[];
}

/**
 * Undo and redo store an earlier document as a new version. So a version whose document is that of
 * the step before was an undo, one with that of the step after a redo, whoever made it and on
 * whichever device. `entries` are newest first, as the server lists them.
 */
export function stepsOf(entries: readonly VersionEntry[]): Steps {
  let past: VersionEntry[] = [];
  let future: VersionEntry[] = [];
  let current: VersionEntry | undefined;
  for (const entry of [...entries].reverse()) {
    if (current !== undefined && entry.digest !== current.digest) {
      if (past.at(-1)?.digest === entry.digest) {
        future = [...future, current];
        past = past.slice(0, -1);
      } else if (future.at(-1)?.digest === entry.digest) {
        past = [...past, current];
        future = future.slice(0, -1);
      } else {
        past = [...past, current];
        future = [];
      }
    }
    current = entry;
  }
  const versionsOf = (steps: VersionEntry[]): number[] => steps.map(({ version }) => version);
  return { past: versionsOf(past), future: versionsOf(future) };
}
