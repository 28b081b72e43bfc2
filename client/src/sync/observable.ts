/** A value that can be watched. Listeners are told after each change, never during a transaction. */
export class Observable<T> {
  private value: T;
  private readonly listeners = new Set<(value: T) => void>();

  constructor(value: T) {
    this.value = value;
  }

  get(): T {
    return this.value;
  }

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener(value);
  }

  /** Calls `listener` on every later change; returns how to stop. */
  subscribe(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Follows the observable that `select` finds in the newest value of `source`; null without one. */
export function within<T, U>(
  source: Observable<T>,
  select: (value: T) => Observable<U> | null,
): Observable<U | null> {
  const result = new Observable<U | null>(null);
  let stop: () => void = () => undefined;
  const follow = (value: T): void => {
    stop();
    const inner = select(value);
    result.set(inner?.get() ?? null);
    stop = inner?.subscribe((next) => result.set(next)) ?? (() => undefined);
  };
  source.subscribe(follow);
  follow(source.get());
  return result;
}
