/**
 * Every REST call after sign-in. A call carries the newest access token; a 401 renews it once and
 * asks again. Nothing is retried otherwise: whoever calls knows whether waiting makes sense.
 */
import { array, decode, object, string, type Decoder } from '../protocol/decode.ts';
import { chatDetailOf, chatPage, member, messagePageOf } from '../protocol/chat.ts';
import type { ChatContext, ChatDetail, ChatSummary, Member } from '../protocol/chat.ts';
import type { MemberRole, Message } from '../protocol/chat.ts';
import { count } from '../protocol/decode.ts';
import { eventPageOf, type EventPage } from '../protocol/events.ts';
import {
  importPreview,
  rubricVersion,
  versionPage,
  type HiddenTexts,
  type ImportPreview,
  type Rubric,
  type RubricVersion,
  type VersionPage,
} from '../protocol/rubric.ts';
import { openSessions, user, type OpenSession, type User } from '../protocol/session.ts';
import type { Http, HttpAnswer, HttpRequest } from '../platform/http.ts';
import { readError } from './http_error.ts';
import { failure, isStatus, success, type Result } from './result.ts';
import type { Session } from './session.ts';

type Answered = Extract<HttpAnswer, { kind: 'answered' }>;

export interface ExportedFile {
  file: Blob;
  name: string;
  /** Codes for what the format could not hold, or its program may refuse. */
  warnings: string[];
}

export interface PostedMessage {
  id: string;
  seq: number;
  epoch: number;
  time: string;
}

const postedMessage: Decoder<PostedMessage> = object({
  id: string,
  seq: count,
  epoch: count,
  time: string,
});
const nothing: Decoder<null> = () => null;
const createdChat = object({ id: string });

export class Api {
  private readonly http: Http;
  private readonly session: Session;

  constructor(http: Http, session: Session) {
    this.http = http;
    this.session = session;
  }

  listChats(query: { limit: number; cursor?: string; q?: string }) {
    const search = new URLSearchParams({ limit: String(query.limit) });
    if (query.cursor !== undefined) search.set('cursor', query.cursor);
    if (query.q !== undefined && query.q !== '') search.set('q', query.q);
    const path = `/api/chat?${search.toString()}`;
    return this.call<{ chats: ChatSummary[]; nextCursor: string | null }>(
      { method: 'GET', path },
      chatPage,
    );
  }

  createChat(title: string, key: string): Promise<Result<{ id: string }>> {
    const headers = { 'idempotency-key': key };
    const body = title === '' ? {} : { title };
    return this.call({ method: 'POST', path: '/api/chat', body, headers }, createdChat);
  }

  getChat(chatId: string): Promise<Result<ChatDetail>> {
    return this.call({ method: 'GET', path: `/api/chat/${chatId}` }, chatDetailOf(chatId));
  }

  patchChat(
    chatId: string,
    body: { title?: string; pinned?: boolean; context?: ChatContext },
  ): Promise<Result<null>> {
    return this.call({ method: 'PATCH', path: `/api/chat/${chatId}`, body }, nothing);
  }

  deleteChat(chatId: string, keepalive: boolean): Promise<Result<null>> {
    return this.call({ method: 'DELETE', path: `/api/chat/${chatId}`, keepalive }, nothing);
  }

  olderMessages(chatId: string, before: number, limit: number) {
    const path = `/api/chat/${chatId}/messages?before=${before}&limit=${limit}`;
    return this.call<{ msgs: Message[] }>({ method: 'GET', path }, messagePageOf(chatId));
  }

  eventsAfter(chatId: string, after: number, limit: number): Promise<Result<EventPage>> {
    const path = `/api/chat/${chatId}/events?after=${after}&limit=${limit}`;
    return this.call({ method: 'GET', path }, eventPageOf(chatId));
  }

  /** Sending the same `clientId` again is harmless: the server answers as it did the first time. */
  postMessage(chatId: string, content: string, clientId: string): Promise<Result<PostedMessage>> {
    const headers = { 'idempotency-key': clientId };
    const body = { chatId, content, clientId };
    return this.call({ method: 'POST', path: '/api/chat/messages', body, headers }, postedMessage);
  }

  /** Another answer to the question with that seq. */
  regenerate(chatId: string, replyTo: number): Promise<Result<null>> {
    const path = `/api/chat/${chatId}/answer/regenerate`;
    return this.call({ method: 'POST', path, body: { replyTo } }, nothing);
  }

  /** No more is to be written in answer to the question with that seq. */
  stopAnswer(chatId: string, replyTo: number): Promise<Result<null>> {
    const path = `/api/chat/${chatId}/answer/stop`;
    return this.call({ method: 'POST', path, body: { replyTo } }, nothing);
  }

  deleteMessage(chatId: string, messageId: string): Promise<Result<null>> {
    const path = `/api/chat/${chatId}/messages/${messageId}`;
    return this.call({ method: 'DELETE', path }, nothing);
  }

  markRead(chatId: string, seq: number): Promise<Result<null>> {
    return this.call({ method: 'PUT', path: `/api/chat/${chatId}/read`, body: { seq } }, nothing);
  }

  addMember(chatId: string, email: string, role: MemberRole): Promise<Result<Member | null>> {
    const request = { method: 'POST', path: `/api/chat/${chatId}/members`, body: { email, role } };
    return this.call(request as HttpRequest, (body, path) =>
      body === null ? null : member(body, path),
    );
  }

  listMembers(chatId: string): Promise<Result<{ members: Member[] }>> {
    const path = `/api/chat/${chatId}/members`;
    return this.call({ method: 'GET', path }, object({ members: array(member) }));
  }

  removeMember(chatId: string, userId: string): Promise<Result<null>> {
    const path = `/api/chat/${chatId}/members/${userId}`;
    return this.call({ method: 'DELETE', path }, nothing);
  }

  /** null when the chat has no rubric yet. */
  async getRubric(chatId: string): Promise<Result<RubricVersion | null>> {
    const path = `/api/chat/${chatId}/rubric`;
    const result = await this.call<RubricVersion>({ method: 'GET', path }, rubricVersion);
    return !result.ok && isStatus(result.error, 404) ? success(null) : result;
  }

  /**
   * `baseVersion` 0 creates; 412 when the server's version is another. `answers` is the seq of the
   * proposal that this version answers; 409 when it has been answered.
   */
  putRubric(
    chatId: string,
    baseVersion: number,
    rubric: Rubric,
    answers?: number,
  ): Promise<Result<RubricVersion>> {
    const headers = { 'if-match': `"${baseVersion}"` };
    const query = answers === undefined ? '' : `?answers=${answers}`;
    const path = `/api/chat/${chatId}/rubric${query}`;
    return this.call({ method: 'PUT', path, body: rubric, headers }, rubricVersion);
  }

  /** Newest first; without `before` from the newest on. */
  listVersions(chatId: string, limit: number, before?: number): Promise<Result<VersionPage>> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (before !== undefined) query.set('before', String(before));
    const path = `/api/chat/${chatId}/rubric/versions?${query.toString()}`;
    return this.call({ method: 'GET', path }, versionPage);
  }

  getVersion(chatId: string, version: number): Promise<Result<RubricVersion>> {
    const path = `/api/chat/${chatId}/rubric/versions/${version}`;
    return this.call({ method: 'GET', path }, rubricVersion);
  }

  /** What would be made of a file or of copied text; nothing is stored. */
  previewImport(
    chatId: string,
    content: Blob,
    hidden: HiddenTexts,
  ): Promise<Result<ImportPreview>> {
    const path = `/api/chat/${chatId}/rubric/import?preview=true&hidden=${hidden}`;
    return this.call({ method: 'POST', path, body: content }, importPreview);
  }

  /** The stored rubric as a file of another program, with the name that the server gives it. */
  async exportRubric(
    chatId: string,
    format: string,
    language: string,
  ): Promise<Result<ExportedFile>> {
    const query = new URLSearchParams({ format, language });
    const path = `/api/chat/${chatId}/rubric/export?${query.toString()}`;
    const answer = await this.ask({ method: 'GET', path, file: true });
    if (!answer.ok) return answer;
    const { file } = answer.value;
    if (file === undefined) return failure({ kind: 'garbled', detail: 'no file' });
    const codes = answer.value.header('rubricon-warnings') ?? '';
    return success({
      file,
      name: fileName(answer.value.header('content-disposition')),
      warnings: codes.split(/[\s,]+/).filter((code) => code !== ''),
    });
  }

  patchMe(body: { locale?: string; name?: string }): Promise<Result<User>> {
    return this.call({ method: 'PATCH', path: '/api/me', body }, user);
  }

  listSessions(): Promise<Result<{ sessions: OpenSession[] }>> {
    return this.call({ method: 'GET', path: '/api/me/sessions' }, openSessions);
  }

  endSession(id: string): Promise<Result<null>> {
    return this.call({ method: 'DELETE', path: `/api/me/sessions/${id}` }, nothing);
  }

  /** Ends all sessions but this one. */
  changePassword(password: string, newPassword: string): Promise<Result<null>> {
    const body = { password, newPassword };
    return this.call({ method: 'PUT', path: '/api/me/password', body }, nothing);
  }

  private async call<T>(request: HttpRequest, decoder: Decoder<T>): Promise<Result<T>> {
    const answer = await this.ask(request);
    if (!answer.ok) return answer;
    const decoded = decode(decoder, answer.value.body);
    return decoded.ok ? decoded : failure({ kind: 'garbled', detail: decoded.error });
  }

  private async ask(request: HttpRequest): Promise<Result<Answered>> {
    const token = await this.session.accessToken();
    if (!token.ok) return token;
    let answer = await this.http.send(authorised(request, token.value));
    if (answer.kind === 'answered' && answer.status === 401) {
      const renewed = await this.session.renew(token.value);
      if (!renewed.ok) return renewed;
      answer = await this.http.send(authorised(request, renewed.value));
    }
    const error = readError(answer);
    if (error !== null) return failure(error);
    return answer.kind === 'answered' ? success(answer) : failure({ kind: 'garbled', detail: '' });
  }
}

/** RFC 6266: `filename*` in UTF-8; our server always gives one. */
function fileName(disposition: string | null): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  return encoded === undefined ? 'rubric' : decodeURIComponent(encoded);
}

function authorised(request: HttpRequest, token: string): HttpRequest {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}
