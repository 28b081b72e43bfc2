/**
 * Answers while they are written. Deltas may be lost, repeated or late: what is shown is always a
 * true beginning of one attempt's text, and the stored answer replaces it in the end.
 */
import type { AiDelta } from '../protocol/events.ts';

export interface PartialAnswer {
  jobId: string;
  /** The seq of the message it answers. */
  replyTo: number;
  attempt: number;
  text: string;
}

/** Several questions may be under way at once in a shared chat; older ones give way. */
const partialsMax = 8;

/** Adds a delta; returns the same list when it brings nothing. */
export function addDelta(
  partials: readonly PartialAnswer[],
  delta: AiDelta,
): readonly PartialAnswer[] {
  const known = partials.find((partial) => partial.jobId === delta.jobId);
  const current = known?.attempt === delta.attempt ? known.text : '';
  if (known !== undefined && delta.attempt < known.attempt) return partials;
  // Something is missing before this piece: wait for the text so far, or for the answer itself.
  if (delta.off > current.length) return partials;
  const fresh = delta.text.slice(current.length - delta.off);
  if (fresh === '' && known?.attempt === delta.attempt) return partials;
  const { jobId, replyTo, attempt } = delta;
  const next = { jobId, replyTo, attempt, text: current + fresh };
  if (known !== undefined) return partials.map((partial) => (partial === known ? next : partial));
  return [...partials, next].slice(-partialsMax);
}

/** Removes what was said so far in answer to the messages with these seqs. */
export function withoutAnswersTo(
  partials: readonly PartialAnswer[],
  answered: (replyTo: number) => boolean,
): readonly PartialAnswer[] {
  const rest = partials.filter((partial) => !answered(partial.replyTo));
  return rest.length === partials.length ? partials : rest;
}
