/** What a proposal of the AI would change now, and what becomes of the rubric by an answer. Pure. */
import type { Message } from '../protocol/chat.ts';
import type { Proposal, Rubric, RubricVersion } from '../protocol/rubric.ts';
import { differences, merge, placeKey, sameShape, withPlaces } from './rubric_diff.ts';
import type { Difference } from './rubric_diff.ts';

/** A proposal that nobody has answered, with the seq of its message. */
export interface OpenProposal extends Proposal {
  seq: number;
}

export interface ProposalView {
  seq: number;
  typed: number;
  /** Against what is shown; empty where it can no longer be applied, or has nothing left to change. */
  changes: readonly Difference[];
  /** Whether places can be accepted one by one: rows and levels stay as they are. */
  splittable: boolean;
  /** What is shown, with the whole proposal; null where it does not fit the table any more. */
  target: Rubric | null;
}

/** The newest proposal, unless it was answered: a newer one takes the place of those before. */
export function openProposal(
  messages: readonly Message[],
  stored: RubricVersion | null,
): OpenProposal | null {
  const message = messages.findLast(({ meta }) => meta?.proposal !== undefined);
  const proposal = message?.meta?.proposal;
  if (message === undefined || proposal === undefined || stored === null) return null;
  return message.seq > (stored.answered ?? 0) ? { ...proposal, seq: message.seq } : null;
}

/** `base` is the document of the version that was to be changed. What is locked by now stays. */
export function viewOf(proposal: OpenProposal, base: Rubric, shown: Rubric): ProposalView {
  const { seq, typed } = proposal;
  const both = merge(base, shown, proposal.rubric);
  if (both === null) return { seq, typed, changes: [], splittable: false, target: null };
  const theirs = withPlaces(both.rubric, proposal.rubric, both.conflicts);
  const target = withPlaces(theirs, shown, lockedPlaces(shown));
  const changes = differences(shown, target);
  return { seq, typed, changes, splittable: sameShape(shown, target), target };
}

/** What is shown, with the places that were accepted; null where they cannot be taken any more. */
export function accepted(
  view: ProposalView,
  shown: Rubric,
  keys: ReadonlySet<string>,
): Rubric | null {
  if (keys.size === 0) return shown;
  if (view.target === null) return null;
  if (view.changes.every(({ key }) => keys.has(key))) return view.target;
  return view.splittable ? withPlaces(shown, view.target, keys) : null;
}

function lockedPlaces(rubric: Rubric): ReadonlySet<string> {
  const keys = rubric.criteria.flatMap(({ id, locked, cells }) => {
    const held = cells.filter((cell) => locked || cell.locked === true);
    const row = locked ? [placeKey.name(id), placeKey.weight(id)] : [];
    const locks = cells.map(({ levelId }) => placeKey.cellLock(id, levelId));
    return [
      ...row,
      placeKey.lock(id),
      ...locks,
      ...held.map(({ levelId }) => placeKey.cell(id, levelId)),
    ];
  });
  return new Set(keys);
}
