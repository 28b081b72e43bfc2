import type { Language, LocalisedText, Rubric } from '../../protocol/rubric.ts';

/** What the table shows: one language, or both in every place. */
export type Shown = Language | 'both';

export function languagesOf(shown: Shown): readonly Language[] {
  return shown === 'both' ? ['zh-TW', 'en'] : [shown];
}

/** The text in the shown language, else in the other one. */
export function textIn(text: LocalisedText, shown: Shown): string {
  const zh = text['zh-TW'] ?? '';
  const en = text.en ?? '';
  if (shown === 'both') return [zh, en].filter((part) => part !== '').join('\n');
  return (shown === 'en' ? en || zh : zh || en) || '';
}

/** The language a rubric is written in is the one it is shown in at first. */
export function firstShown(rubric: Rubric): Shown {
  return rubric.language === 'bilingual' ? 'both' : rubric.language;
}

export function formatNumber(value: number): string {
  return String(Math.round(value * 100) / 100);
}
