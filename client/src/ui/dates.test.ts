import { describe, expect, it } from 'vitest';
import { dateGroup, shortTime } from './dates.ts';

describe('dates in a list', () => {
  const now = new Date(2026, 10, 22, 9, 30).getTime();
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();

  it('go by the local calendar, not by hours passed', () => {
    expect(dateGroup(at(22, 0), now)).toBe('today');
    expect(dateGroup(at(21, 23), now)).toBe('yesterday');
    expect(dateGroup(at(21, 0), now)).toBe('yesterday');
    expect(dateGroup(at(16, 12), now)).toBe('week');
    expect(dateGroup(at(2, 12), now)).toBe('month');
    expect(dateGroup(new Date(2025, 1, 1).toISOString(), now)).toBe('older');
  });

  it('show the clock today and the day otherwise', () => {
    expect(shortTime(at(22, 8), 'zh-TW', now)).toBe('08:00');
    expect(shortTime(at(3, 8), 'en', now)).toBe('11/3');
  });
});
