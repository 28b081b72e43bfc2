import type { Language } from '../protocol/rubric.ts';

const dayMs = 86_400_000;

export type DateGroup = 'today' | 'yesterday' | 'week' | 'month' | 'older';

/** In which part of a list by date a moment belongs, by the local calendar. */
export function dateGroup(time: string, now: number): DateGroup {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const at = Date.parse(time);
  if (at >= midnight) return 'today';
  if (at >= midnight - dayMs) return 'yesterday';
  if (at >= midnight - 7 * dayMs) return 'week';
  return at >= midnight - 30 * dayMs ? 'month' : 'older';
}

/** The clock time today, else the day. */
export function shortTime(time: string, locale: Language, now: number): string {
  const group = dateGroup(time, now);
  const format: Intl.DateTimeFormatOptions =
    group === 'today'
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { month: 'numeric', day: 'numeric' };
  return new Intl.DateTimeFormat(locale, format).format(Date.parse(time));
}

export function fullTime(time: string, locale: Language): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return format.format(Date.parse(time));
}
