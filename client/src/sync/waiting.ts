/** Questions that the assistant has still to answer, one after the other. Pure. */
import type { Message } from '../protocol/chat.ts';
import type { ChatState } from './chat_state.ts';
import type { PartialAnswer } from './partial_answer.ts';

/** In the order in which they are answered: the assistant is at the first one. */
export function waitingQuestions(state: ChatState): readonly Message[] {
  const { assistant, failures, failuresFrom } = state.record;
  if (!assistant) return [];
  const settled = new Set<number | undefined>(failures.map((failure) => failure.replyTo));
  for (const message of state.messages) settled.add(message.replyTo);
  return state.messages.filter(
    (message) =>
      message.role === 'USER' &&
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
