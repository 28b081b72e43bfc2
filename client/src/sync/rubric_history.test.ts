import { describe, expect, it } from 'vitest';
import type { VersionEntry } from '../protocol/rubric.ts';
import { stepsOf } from './rubric_history.ts';

/** Versions 1, 2, … with these documents, newest first. */
function versions(...digests: string[]): VersionEntry[] {
  const updatedAt = '2026-11-22T21:48:35.123Z';
  const by = 'USER' as const;
  return digests.map((digest, at) => ({ version: at + 1, updatedAt, by, digest })).reverse();
}

describe('stepsOf', () => {
  it('goes back through the versions one by one', () => {
    expect(stepsOf(versions('a', 'b', 'c'))).toEqual({ past: [1, 2], future: [] });
    expect(stepsOf(versions('a'))).toEqual({ past: [], future: [] });
    expect(stepsOf([])).toEqual({ past: [], future: [] });
  });

  it('knows an undo, and what can be done again', () => {
    expect(stepsOf(versions('a', 'b', 'c', 'b'))).toEqual({ past: [1], future: [3] });
    expect(stepsOf(versions('a', 'b', 'c', 'b', 'a'))).toEqual({ past: [], future: [3, 4] });
  });

  it('knows a redo', () => {
    expect(stepsOf(versions('a', 'b', 'a', 'b'))).toEqual({ past: [3], future: [] });
  });

  it('forgets what was undone once something new is written', () => {
    expect(stepsOf(versions('a', 'b', 'a', 'c'))).toEqual({ past: [3], future: [] });
  });

  it('makes no step of a version that changed nothing', () => {
    expect(stepsOf(versions('a', 'b', 'b'))).toEqual({ past: [1], future: [] });
  });
});
