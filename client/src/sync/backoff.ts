import type { Random } from '../platform/clock.ts';

const firstMs = 1000;
const maxMs = 30_000;

/**
 * The wait before try `attempt` (0 and 1 alike are the first): 1 s doubling to 30 s, of which the upper half is drawn by
 * lot so that pages that failed together do not return together.
 */
export function backoffMs(attempt: number, random: Random): number {
  const whole = Math.min(maxMs, firstMs * 2 ** Math.min(Math.max(attempt - 1, 0), 10));
  return Math.round(whole * (0.5 + 0.5 * random.unit()));
}
