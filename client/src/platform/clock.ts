/** Time, as everything above sees it; tests pass a `MockClock`. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `action` once after `delayMs`; the returned function cancels it and is safe to repeat. */
  after(delayMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Randomness, for identifiers and jitter. */
export interface Random {
  /** From 0 inclusive to 1 exclusive. */
  unit(): number;
  uuid(): string;
}

export const systemRandom: Random = {
  unit: () => Math.random(),
  uuid,
};

/** `crypto.randomUUID` exists in secure contexts only; a school's plain-http server is none. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [0, 8, 12, 16, 20]
    .map((from, index, cuts) => hex.slice(from, cuts[index + 1] ?? 32))
    .join('-');
}
