/** Expected outcomes of asking the server are values. */
import type { Problem } from '../protocol/session.ts';

export type ApiError =
  /** No answer: the request may or may not have arrived. */
  | { kind: 'unreachable' }
  /** Nobody is signed in any more; a sign-in must come first. */
  | { kind: 'signed_out' }
  /** The server said no. `retryAfterMs` is its wish, 0 when it has none. */
  | { kind: 'refused'; status: number; problem: Problem; retryAfterMs: number }
  /** The answer is not what the contract promises. */
  | { kind: 'garbled'; detail: string };

export type Result<T> = { ok: true; value: T } | { ok: false; error: ApiError };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure(error: ApiError): { ok: false; error: ApiError } {
  return { ok: false, error };
}

/** Whether the same request may succeed later without anyone changing it. */
export function isTransient(error: ApiError): boolean {
  if (error.kind === 'unreachable' || error.kind === 'signed_out') return true;
  if (error.kind === 'garbled') return false;
  return error.status >= 500 || error.status === 429 || error.status === 408;
}

/** The stable code to show a text for. */
export function codeOf(error: ApiError): string {
  return error.kind === 'refused' ? error.problem.code : error.kind;
}

export function isStatus(error: ApiError, status: number): boolean {
  return error.kind === 'refused' && error.status === status;
}
