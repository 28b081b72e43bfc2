/**
 * Decoders turn unknown JSON into types that cannot be wrong. Unknown fields are dropped, so that a
 * newer server does not break an older page; a missing or mistyped field is a `DecodeError` naming it.
 */
export type Decoder<T> = (value: unknown, path: string) => T;

/** Thrown inside decoders only; `decode` turns it into a value. */
export class DecodeError extends Error {
  constructor(path: string, expected: string) {
    super(`${path}: expected ${expected}`);
    this.name = 'DecodeError';
  }
}

export type Decoded<T> = { ok: true; value: T } | { ok: false; error: string };

/** Runs a decoder at the edge: a bad value becomes `{ok: false}` and never an exception. */
export function decode<T>(decoder: Decoder<T>, value: unknown): Decoded<T> {
  try {
    return { ok: true, value: decoder(value, '$') };
  } catch (error) {
    if (error instanceof DecodeError) return { ok: false, error: error.message };
    throw error;
  }
}

type Shape = Record<string, Decoder<unknown>>;
type Values<S extends Shape> = { [K in keyof S]: ReturnType<S[K]> };

export const string: Decoder<string> = (value, path) => {
  if (typeof value !== 'string') throw new DecodeError(path, 'a string');
  return value;
};

export const boolean: Decoder<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new DecodeError(path, 'true or false');
  return value;
};

export const number: Decoder<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DecodeError(path, 'a number');
  return value;
};

/** A sequence number, version, offset or count: a whole number from 0 up. */
export const count: Decoder<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new DecodeError(path, 'a whole number from 0 up');
  }
  return value;
};

export function oneOf<const T extends string>(...allowed: T[]): Decoder<T> {
  return (value, path) => {
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw new DecodeError(path, allowed.join(' or '));
    return found;
  };
}

export function nullable<T>(decoder: Decoder<T>): Decoder<T | null> {
  return (value, path) => (value === null ? null : decoder(value, path));
}

/** The fallback for a field that is absent or null. */
export function withDefault<T>(decoder: Decoder<T>, fallback: T): Decoder<T> {
  return (value, path) => (value === undefined || value === null ? fallback : decoder(value, path));
}

export function array<T>(decoder: Decoder<T>): Decoder<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new DecodeError(path, 'a list');
    return value.map((item, index) => decoder(item, `${path}[${index}]`));
  };
}

export function record<T>(decoder: Decoder<T>): Decoder<Record<string, T>> {
  return (value, path) => {
    const source = asObject(value, path);
    const result: Record<string, T> = {};
    for (const [key, item] of Object.entries(source)) result[key] = decoder(item, `${path}.${key}`);
    return result;
  };
}

/** An object with `required` fields and, where present and not null, `optional` ones. */
export function object<R extends Shape>(required: R): Decoder<Values<R>>;
export function object<R extends Shape, O extends Shape>(
  required: R,
  optional: O,
): Decoder<Values<R> & Partial<Values<O>>>;
export function object(required: Shape, optional: Shape = {}): Decoder<Record<string, unknown>> {
  return (value, path) => {
    const source = asObject(value, path);
    const result: Record<string, unknown> = {};
    for (const [key, decoder] of Object.entries(required)) {
      result[key] = decoder(source[key], `${path}.${key}`);
    }
    for (const [key, decoder] of Object.entries(optional)) {
      const item = source[key];
      if (item !== undefined && item !== null) result[key] = decoder(item, `${path}.${key}`);
    }
    return result;
  };
}

function asObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError(path, 'an object');
  }
  return value as Record<string, unknown>;
}
