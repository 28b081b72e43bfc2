import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { errorText, translator, type Messages } from './messages.ts';
import { zhTw } from './zh_tw.ts';

/** Names and signs that are the same in both languages. */
const shared = new Set([
  'app.name',
  'chat.ai',
  'rubric.version',
  'rubric.languageEn',
  'rubric.languageZh',
]);

describe('the texts', () => {
  const keys = Object.keys(en) as (keyof Messages)[];
  const filled = (message: Messages[keyof Messages]): string =>
    typeof message === 'function'
      ? (message as (...values: unknown[]) => string)('§1', '§2')
      : message;

  it('are there in both languages under the same keys', () => {
    expect(Object.keys(zhTw)).toEqual(Object.keys(en));
  });

  it.each(keys)('say %s in each language, with the same arguments', (key) => {
    const [english, chinese] = [filled(en[key]), filled(zhTw[key])];
    expect(english.trim()).not.toBe('');
    if (shared.has(key)) return;
    expect(chinese).not.toBe(english);
    expect(/\p{Script=Han}/u.test(english)).toBe(false);
    for (const value of ['§1', '§2']) {
      expect(chinese.includes(value)).toBe(english.includes(value));
    }
  });

  it('have something to say of errors nobody thought of', () => {
    const t = translator(zhTw);
    expect(errorText(t, zhTw, 'email_taken')).toBe('這個電子郵件已有帳號。');
    expect(errorText(t, zhTw, 'flux_compensator')).toBe(zhTw['error.unknown']);
  });
});
