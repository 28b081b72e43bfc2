/** Chats, members and messages as the server tells them, in REST and in events alike. */
import { array, boolean, count, nullable, object, oneOf, record, withDefault } from './decode.ts';
import { string, type Decoder } from './decode.ts';
import { proposal, rubricVersion, type Proposal, type RubricVersion } from './rubric.ts';

export type MemberRole = 'viewer' | 'editor' | 'owner';

export interface Member {
  userId: string;
  name: string;
  email: string;
  role: MemberRole;
}

/** A button under an AI question: pressing it sends `text`. */
export interface Choice {
  label: string;
  text: string;
}

export interface AnswerMeta {
  source?: string;
  degraded?: boolean;
  outcome?: string;
  /** Somebody stopped it: this is what was seen of it. */
  stopped?: boolean;
  template?: string;
  rubricVersion?: number;
  proposal?: Proposal;
  /** Words of the material that seem to be meant for an AI. */
  suspicious?: string;
  choices?: Choice[];
}

export interface Message {
  id: string;
  chatId: string;
  /** The message's place in its chat's stream. */
  seq: number;
  role: 'USER' | 'AI';
  content: string;
  /** ISO 8601 UTC. */
  time: string;
  userId?: string;
  /** For an answer: the seq of the message it answers. */
  replyTo?: number;
  clientId?: string;
  editedAt?: string;
  meta?: AnswerMeta;
}

export interface LastMessage {
  role: 'USER' | 'AI';
  content: string;
  time: string;
}

export interface ChatSummary {
  id: string;
  title: string;
  role: MemberRole;
  unread: number;
  pinned: boolean;
  /** ISO 8601 UTC. */
  updatedAt: string;
  lastMessage: LastMessage | null;
}

/** What the teacher says of the work to be graded, and what the chat wants of the AI: `ai` is `off` where it answers nothing. */
export type ChatContext = Record<string, unknown>;

export interface ChatDetail {
  id: string;
  title: string;
  context: ChatContext;
  role: MemberRole;
  epoch: number;
  head: number;
  members: Member[];
  msgs: Message[];
  rubric: RubricVersion | null;
}

export const chatContext: Decoder<ChatContext> = record((value) => value);
const memberRole = oneOf('viewer', 'editor', 'owner');
const role = oneOf('USER', 'AI');

export const member: Decoder<Member> = object({
  userId: string,
  name: withDefault(string, ''),
  email: withDefault(string, ''),
  role: memberRole,
});

const answerMeta: Decoder<AnswerMeta> = object(
  {},
  {
    source: string,
    degraded: boolean,
    outcome: string,
    stopped: boolean,
    template: string,
    rubricVersion: count,
    proposal,
    suspicious: string,
    choices: array(object({ label: string, text: string })),
  },
);

const messageFields = object(
  { id: string, seq: count, role, content: string, time: string },
  {
    userId: string,
    replyTo: count,
    clientId: string,
    editedAt: string,
    meta: answerMeta,
  },
);

/** A message of a known chat: the answer need not repeat `chatId`. */
export function messageOf(chatId: string): Decoder<Message> {
  return (value, path) => ({ ...messageFields(value, path), chatId });
}

const lastMessage = object({ role, content: string, time: string });

export const chatSummary: Decoder<ChatSummary> = (value, path) => {
  const fields = object({
    id: string,
    title: withDefault(string, ''),
    role: withDefault(memberRole, 'owner'),
    unread: withDefault(count, 0),
    pinned: withDefault(boolean, false),
    updatedAt: string,
    msgs: withDefault(array(lastMessage), []),
  })(value, path);
  const { msgs, ...rest } = fields;
  return { ...rest, lastMessage: msgs.at(-1) ?? null };
};

export const chatPage = object({
  chats: array(chatSummary),
  nextCursor: withDefault(nullable(string), null),
});

export function chatDetailOf(chatId: string): Decoder<ChatDetail> {
  return object({
    id: string,
    title: withDefault(string, ''),
    context: withDefault(chatContext, {}),
    role: withDefault(memberRole, 'owner'),
    epoch: count,
    head: count,
    members: withDefault(array(member), []),
    msgs: array(messageOf(chatId)),
    rubric: withDefault(nullable(rubricVersion), null),
  });
}

export function messagePageOf(chatId: string): Decoder<{ msgs: Message[] }> {
  return object({ msgs: array(messageOf(chatId)) });
}

/** What `chat-updated` says of a chat; it patches one line of the list. */
export interface ChatUpdate {
  chatId: string;
  title?: string;
  updatedAt?: string;
  unread?: number;
  lastMessage?: LastMessage;
}

export const chatUpdate: Decoder<ChatUpdate> = object(
  { chatId: string },
  { title: string, updatedAt: string, unread: count, lastMessage },
);

/** Newest sequence number of each room the socket is in. */
export const heads: Decoder<Record<string, number>> = record(count);
