/** Questions that the assistant has still to answer, one after the other. Pure. */
import type { Message } from '../protocol/chat.ts';
import type { ChatState } from './chat_state.ts';
import type { PartialAnswer } from './partial_answer.ts';

/** In the order in which they are answered: the assistant is at the first one. */
export function waitingQuestions(state: ChatState): readonly Message[] {
  const { context, failures, failuresFrom } = state.record;
  if (context?.ai === 'off') return [];
  const settled = new Set<number | undefined>(failures.map((failure) => failure.replyTo));
  for (const message of state.messages) settled.add(message.replyTo);
  const newest = Math.max(0, ...[...settled].map((seq) => seq ?? 0));
  // They are answered in their order: what was passed over had nothing asked, as while the assistant
  // was off. Only what was edited is asked again later than its turn.
  const passed = ({ seq, editedAt }: Message) => seq < newest && editedAt === undefined;
  return state.messages.filter(
    (message) =>
      message.role === 'USER' &&
      !passed(message) &&
      message.seq >= failuresFrom &&
      message.meta?.source !== 'import' &&
      !settled.has(message.seq),
  );
}

/** The seq of the question whose answer is being written, also where it has one already; or null. */
export function answering(
  state: ChatState | null,
  partials: readonly PartialAnswer[],
): number | null {
  if (state === null) return null;
  return partials.at(-1)?.replyTo ?? waitingQuestions(state)[0]?.seq ?? null;
}
