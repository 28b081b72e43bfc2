import { createContext, use } from 'react';
import type { Rubric } from '../../protocol/rubric.ts';
import type { ProposalView } from '../../sync/rubric_proposal.ts';
import type { Shown } from './text_of.ts';

/** What every part of the table needs to know and may do. */
export interface Editing {
  shown: Shown;
  readOnly: boolean;
  /** Places to mark as just changed by somebody else (`placeKey`). */
  changed: ReadonlySet<string>;
  /** What the AI would change, and which places of it are wanted so far. */
  proposal: ProposalView | null;
  chosen: ReadonlySet<string>;
  choose: (key: string, wanted: boolean) => void;
  edit: (change: (rubric: Rubric) => Rubric) => void;
  newId: () => string;
}

export const EditingContext = createContext<Editing | null>(null);

export function useEditing(): Editing {
  const editing = use(EditingContext);
  if (editing === null) throw new Error('useEditing needs an EditingContext');
  return editing;
}
