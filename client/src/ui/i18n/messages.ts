/** Typed texts: an unknown key, a missing translation or a wrong argument does not compile. */
import type { en } from './en.ts';

export type Key = keyof typeof en;

export type Messages = {
  [K in Key]: (typeof en)[K] extends string ? string : (typeof en)[K];
};

type Arguments<K extends Key> = Messages[K] extends (...values: infer A) => string ? A : [];

export type Translate = <K extends Key>(key: K, ...values: Arguments<K>) => string;

export function translator(messages: Messages): Translate {
  return (key, ...values) => {
    const message: unknown = messages[key];
    if (typeof message !== 'function') return message as string;
    return (message as (...args: readonly unknown[]) => string)(...values);
  };
}

/** The text for an error code, or a general one for codes that nobody should see. */
export function errorText(t: Translate, messages: Messages, code: string): string {
  const key = `error.${code}`;
  return key in messages ? t(key as Extract<Key, `error.${string}`>) : t('error.unknown');
}
