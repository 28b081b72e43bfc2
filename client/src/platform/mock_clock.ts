/** A clock that stands still until a test moves it, and randomness that never surprises. */
import type { Clock, Random } from './clock.ts';

interface Timer {
  at: number;
  order: number;
  action: () => void;
}

export class MockClock implements Clock {
  private time = Date.UTC(2026, 10, 22, 21, 48, 35);
  private order = 0;
  private timers: Timer[] = [];

  now(): number {
    return this.time;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.time + delayMs, order: this.order++, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Moves time on, running due timers in order and letting promises settle before and after each. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    for (;;) {
      const next = this.timers
        .filter((timer) => timer.at <= until)
        .sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.at);
      next.action();
      await settle();
    }
    this.time = until;
  }

  /** Milliseconds until each waiting timer, soonest first. */
  waiting(): number[] {
    return this.timers.map((timer) => timer.at - this.time).sort((a, b) => a - b);
  }
}

/** Lets every promise that can go on do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}

export class MockRandom implements Random {
  private next = 1;

  unit(): number {
    return 0.5;
  }

  uuid(): string {
    return `00000000-0000-4000-8000-${String(this.next++).padStart(12, '0')}`;
  }
}
