import { createContext, use, useMemo, type ReactNode } from 'react';
import type { Language } from '../../protocol/rubric.ts';
import { en } from './en.ts';
import { errorText, translator, type Translate } from './messages.ts';
import { zhTw } from './zh_tw.ts';

interface Texts {
  locale: Language;
  t: Translate;
  /** What to say of an error code. */
  errorOf: (code: string) => string;
}

const TextContext = createContext<Texts | null>(null);

export function TextProvider({ locale, children }: { locale: Language; children: ReactNode }) {
  const texts = useMemo(() => {
    const messages = locale === 'en' ? en : zhTw;
    const t = translator(messages);
    return { locale, t, errorOf: (code: string) => errorText(t, messages, code) };
  }, [locale]);
  return <TextContext value={texts}>{children}</TextContext>;
}

export function useText(): Texts {
  const texts = use(TextContext);
  if (texts === null) throw new Error('useText needs a TextProvider');
  return texts;
}
