/** Requests that work as they are; the first one is the tour. */
import type { Language } from '../../protocol/rubric.ts';
import type { IconName } from '../../ui/icon.tsx';

interface Starter {
  icon: IconName;
  title: string;
  text: string;
}

const icons: readonly IconName[] = ['pencil', 'people', 'spark', 'table'];

const texts: Record<Language, readonly { title: string; text: string }[]> = {
  'zh-TW': [
    { title: '議論文', text: '請為八年級的議論文設計評分規準，5 個等級，總分 100' },
    { title: '口頭報告', text: '請為五年級的口頭報告設計評分規準，4 個等級，總分 20' },
    { title: '實驗報告', text: '請為高一的實驗報告設計評分規準，4 個等級，總分 50' },
    { title: '小組專題', text: '請為七年級的小組專題設計評分規準，4 個等級，總分 100' },
  ],
  en: [
    {
      title: 'Argumentative essay',
      text: 'Please design a rubric for a grade 8 argumentative essay, 5 levels, 100 points',
    },
    {
      title: 'Oral presentation',
      text: 'Please design a rubric for a grade 5 oral presentation, 4 levels, 20 points',
    },
    {
      title: 'Lab report',
      text: 'Please design a rubric for a grade 10 lab report, 4 levels, 50 points',
    },
    {
      title: 'Group project',
      text: 'Please design a rubric for a grade 7 group project, 4 levels, 100 points',
    },
  ],
};

export function startersOf(locale: Language): readonly Starter[] {
  return texts[locale].map((starter, index) => ({ ...starter, icon: icons[index] ?? 'spark' }));
}
