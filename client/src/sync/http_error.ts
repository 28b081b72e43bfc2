import { decode } from '../protocol/decode.ts';
import { problem } from '../protocol/session.ts';
import type { HttpAnswer } from '../platform/http.ts';
import type { ApiError } from './result.ts';

/** What went wrong with a request, or null when the answer is a 2xx. */
export function readError(answer: HttpAnswer): ApiError | null {
  if (answer.kind === 'unreachable') return { kind: 'unreachable' };
  if (answer.status >= 200 && answer.status < 300) return null;
  const decoded = decode(problem, answer.body);
  const fallback = { code: `http_${answer.status}`, detail: '', traceId: '', errors: [] };
  const seconds = Number(answer.header('retry-after') ?? '0');
  return {
    kind: 'refused',
    status: answer.status,
    problem: decoded.ok ? decoded.value : fallback,
    retryAfterMs: Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 300) * 1000 : 0,
  };
}
