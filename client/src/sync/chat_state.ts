/** A chat as of a position in its stream, and what each event makes of it. Pure. */
import type { ChatDetail, Member, Message } from '../protocol/chat.ts';
import type { ChatEvent } from '../protocol/events.ts';
import type { AnswerFailure, ChatChange, ChatRecord } from '../platform/database.ts';

export interface ChatState {
  record: ChatRecord;
  /** Without a hole from the first one kept; oldest first. */
  messages: readonly Message[];
}

const failuresMax = 50;

/** `failures`: of the messages in `detail`; null where they could not be read. */
export function stateOf(
  detail: ChatDetail,
  pageSize: number,
  failures: readonly AnswerFailure[] | null,
): ChatState {
  const { id, title, role, epoch, head, members, context, rubric } = detail;
  return {
    record: {
      id,
      title,
      role,
      epoch,
      seq: head,
      members,
      context,
      rubric,
      failures: [...(failures ?? [])].slice(-failuresMax),
      failuresFrom: failures === null ? head + 1 : (detail.msgs[0]?.seq ?? 0),
      reachedStart: detail.msgs.length < pageSize,
    },
    messages: detail.msgs,
  };
}

/** The state after `event`, which must be the next one: `event.seq === record.seq + 1`. */
export function applyEvent(state: ChatState, event: ChatEvent, myId: string): ChatState {
  const next = { ...state, record: { ...state.record, epoch: event.epoch, seq: event.seq } };
  switch (event.type) {
    case 'message-created':
      return messageCreated(next, event.message);
    case 'message-updated':
      return withMessage(next, event.id, (message) => ({
        ...message,
        content: event.content,
        ...(event.editedAt === undefined ? {} : { editedAt: event.editedAt }),
      }));
    case 'message-deleted':
      return { ...next, messages: next.messages.filter((message) => message.id !== event.id) };
    case 'answer-failed':
      return withFailures(next, [
        ...next.record.failures.filter((failure) => failure.replyTo !== event.replyTo),
        { replyTo: event.replyTo, reason: event.reason },
      ]);
    case 'rubric-updated':
      return rubricUpdated(next, event);
    case 'member-added':
      return memberAdded(next, event.member, myId);
    case 'member-removed': {
      const members = next.record.members.filter((member) => member.userId !== event.userId);
      return withRecord(next, { members });
    }
    case 'chat-renamed':
      return withRecord(next, {
        title: event.title,
        ...(event.context === undefined ? {} : { context: event.context }),
      });
    case 'chat-deleted':
    case 'chat-restored':
    case 'unknown':
      return next;
  }
}

function withRecord(state: ChatState, change: Partial<ChatRecord>): ChatState {
  return { ...state, record: { ...state.record, ...change } };
}

function withFailures(state: ChatState, failures: AnswerFailure[]): ChatState {
  const kept = failures.slice(-failuresMax);
  const forgotten = failures.at(-failuresMax - 1);
  const failuresFrom = forgotten === undefined ? state.record.failuresFrom : forgotten.replyTo + 1;
  return withRecord(state, { failures: kept, failuresFrom });
}

function withMessage(
  state: ChatState,
  id: string,
  change: (message: Message) => Message,
): ChatState {
  const messages = state.messages.map((message) => (message.id === id ? change(message) : message));
  return { ...state, messages };
}

function messageCreated(state: ChatState, message: Message): ChatState {
  const others = state.messages.filter((kept) => kept.id !== message.id);
  const next = { ...state, messages: [...others, message] };
  const { replyTo } = message;
  if (replyTo === undefined) return next;
  return withFailures(
    next,
    next.record.failures.filter((failure) => failure.replyTo !== replyTo),
  );
}

function rubricUpdated(
  state: ChatState,
  { version, rubric, answered }: Extract<ChatEvent, { type: 'rubric-updated' }>,
): ChatState {
  const known = answered === undefined ? {} : { answered };
  return withRecord(state, { rubric: { version, rubric, ...known } });
}

function memberAdded(state: ChatState, member: Member, myId: string): ChatState {
  const others = state.record.members.filter((known) => known.userId !== member.userId);
  const mine = member.userId === myId ? { role: member.role } : {};
  return withRecord(state, { members: [...others, member], ...mine });
}

/** What to write down so that the store goes from `before` to `after`. */
export function changeBetween(before: ChatState | null, after: ChatState): ChatChange {
  const known = new Map(before?.messages.map((message) => [message.seq, message]));
  const put = after.messages.filter((message) => known.get(message.seq) !== message);
  for (const message of after.messages) known.delete(message.seq);
  const sentClientIds = put.flatMap((message) => message.clientId ?? []);
  const replace = before === null;
  return { record: after.record, put, deletedSeqs: [...known.keys()], sentClientIds, replace };
}

/** The first of these questions that has no answer among them; null where all have. */
export function unansweredFrom(messages: readonly Message[]): number | null {
  const answered = new Set(messages.map((message) => message.replyTo));
  const first = messages.find(({ role, seq }) => role === 'USER' && !answered.has(seq));
  return first?.seq ?? null;
}

/** What came of these events, up to and with `seq`, but answers: the newest failure of each question. */
export function failuresUntil(events: readonly ChatEvent[], seq: number): AnswerFailure[] {
  const failures = new Map<number, AnswerFailure>();
  for (const event of events) {
    if (event.seq > seq) break;
    if (event.type === 'answer-failed') {
      const { replyTo, reason } = event;
      failures.set(replyTo, { replyTo, reason });
    }
    if (event.type === 'message-created' && event.message.replyTo !== undefined) {
      failures.delete(event.message.replyTo);
    }
  }
  return [...failures.values()];
}

/** Whether the message with this seq has its answer, or will never have one. */
export function isSettled(state: ChatState, seq: number): boolean {
  return (
    state.messages.some((message) => message.replyTo === seq) ||
    state.record.failures.some((failure) => failure.replyTo === seq)
  );
}
