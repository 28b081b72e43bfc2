/**
 * The events of a chat's stream. REST calls them by stream type (`message-created`), the socket by
 * event name (`new-msg`); both become one `ChatEvent`. An event of a kind this page does not know
 * becomes `unknown`: it changes nothing, but its sequence number counts.
 */
import { array, boolean, count, object, oneOf, record, withDefault } from './decode.ts';
import { string, type Decoder } from './decode.ts';
import { chatContext, member, messageOf } from './chat.ts';
import type { ChatContext, Member, Message } from './chat.ts';
import { rubric, type Rubric } from './rubric.ts';

interface Place {
  chatId: string;
  epoch: number;
  seq: number;
}

export type ChatEvent = Place &
  (
    | { type: 'message-created'; message: Message }
    | { type: 'message-updated'; id: string; content: string; editedAt?: string }
    | { type: 'message-deleted'; id: string }
    | { type: 'answer-failed'; replyTo: number; reason: string }
    | {
        type: 'rubric-updated';
        version: number;
        by: 'USER' | 'AI';
        userId?: string;
        answered?: number;
        rubric: Rubric;
      }
    | { type: 'member-added'; member: Member }
    | { type: 'member-removed'; userId: string }
    | { type: 'chat-renamed'; title: string; context?: ChatContext }
    | { type: 'chat-deleted' }
    | { type: 'chat-restored' }
    | { type: 'unknown'; name: string }
  );

/** Socket event name → stream type. */
export const chatEventNames: Readonly<Record<string, string>> = {
  'chat-created': 'chat-created',
  'chat-renamed': 'chat-renamed',
  'chat-deleted': 'chat-deleted',
  'chat-restored': 'chat-restored',
  'member-added': 'member-added',
  'member-removed': 'member-removed',
  'new-msg': 'message-created',
  'msg-updated': 'message-updated',
  'msg-deleted': 'message-deleted',
  'answer-failed': 'answer-failed',
  'rubric-updated': 'rubric-updated',
};

const place = object({ chatId: string, epoch: count, seq: count });

/** Decodes one event of the stream type `type`, as the socket sends it or REST lists it. */
export function chatEventOf(type: string): Decoder<ChatEvent> {
  return (value, path) => {
    const at = place(value, path);
    return { ...at, ...bodyOf(type, at.chatId)(value, path) } as ChatEvent;
  };
}

function bodyOf(type: string, chatId: string): Decoder<object> {
  switch (type) {
    case 'message-created':
      return (value, path) => ({ type, message: messageOf(chatId)(value, path) });
    case 'message-updated':
      return tagged(type, object({ id: string, content: string }, { editedAt: string }));
    case 'message-deleted':
      return tagged(type, object({ id: string }));
    case 'answer-failed':
      return tagged(type, object({ replyTo: count, reason: string }));
    case 'rubric-updated':
      return tagged(
        type,
        object(
          { version: count, by: oneOf('USER', 'AI'), rubric },
          { userId: string, answered: count },
        ),
      );
    case 'member-added':
      return (value, path) => ({ type, member: member(value, path) });
    case 'member-removed':
      return tagged(type, object({ userId: string }));
    case 'chat-renamed':
      return tagged(type, object({ title: string }, { context: chatContext }));
    case 'chat-deleted':
    case 'chat-restored':
      return () => ({ type });
    default:
      return () => ({ type: 'unknown', name: type });
  }
}

function tagged<T extends object>(
  type: string,
  decoder: Decoder<T>,
): Decoder<T & { type: string }> {
  return (value, path) => ({ type, ...decoder(value, path) });
}

/** The answer of `GET /api/chat/{id}/events`. */
export interface EventPage {
  epoch: number;
  head: number;
  events: ChatEvent[];
}

const pageFields = object({ epoch: count, head: count, events: array(record((item) => item)) });

export function eventPageOf(chatId: string): Decoder<EventPage> {
  return (value, path) => {
    const page = pageFields(value, path);
    const events = page.events.map((raw, index) => {
      const at = `${path}.events[${index}]`;
      const type = string(raw.type, `${at}.type`);
      return chatEventOf(type)(flatten(raw, chatId, page.epoch), at);
    });
    return { epoch: page.epoch, head: page.head, events };
  };
}

/** REST lists an event as `{seq, type, at, data}`: the socket's payload is `data` with its place. */
function flatten(raw: Record<string, unknown>, chatId: string, epoch: number): unknown {
  const data = raw.data;
  const inner = typeof data === 'object' && data !== null ? data : {};
  return { chatId, epoch, seq: raw.seq, ...inner };
}

/** A piece of an answer being written. `off` counts UTF-16 units from the answer's start. */
export interface AiDelta {
  chatId: string;
  jobId: string;
  /** The seq of the message it answers. */
  replyTo: number;
  attempt: number;
  off: number;
  text: string;
}

export const aiDelta: Decoder<AiDelta> = object({
  chatId: string,
  jobId: string,
  replyTo: count,
  attempt: count,
  off: count,
  text: string,
});

export interface UserEvent {
  epoch: number;
  seq: number;
  type: string;
}

export const userEvent: Decoder<UserEvent> = object({ epoch: count, seq: count, type: string });

export interface Typing {
  chatId: string;
  userId: string;
}

export const typing: Decoder<Typing> = object({ chatId: string, userId: string });

/** Who is in a chat now. */
export interface Presence {
  chatId: string;
  userIds: string[];
}

export const presence: Decoder<Presence> = object({ chatId: string, userIds: array(string) });

/** The ack of `join-chat` and `join-user`: `resync` asks to read the whole anew. */
export interface JoinAck {
  ok: boolean;
  epoch?: number;
  head?: number;
  resync?: boolean;
  error?: { code: string };
}

const ackError: Decoder<{ code: string }> = (value, path) =>
  typeof value === 'string' ? { code: value } : object({ code: string })(value, path);

export const joinAck: Decoder<JoinAck> = object(
  { ok: withDefault(boolean, false) },
  { epoch: count, head: count, resync: boolean, error: ackError },
);

export const draining = object({ afterMs: count });

/** The server is about to close this connection; may the page come back by itself? */
export const closing = object({ code: string, comeBack: boolean });

/** `data` of a refused connection. */
export const connectError = object({ code: string });
