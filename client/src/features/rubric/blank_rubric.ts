import type { Language, Rubric } from '../../protocol/rubric.ts';

const levelNames: Record<Language, readonly string[]> = {
  'zh-TW': ['優異', '良好', '尚可', '待加強'],
  en: ['Exemplary', 'Proficient', 'Developing', 'Beginning'],
};

/** A table to fill in by hand: four levels, one empty criterion, 100 points. */
export function blankRubric(language: Language, title: string, criterion: string): Rubric {
  const levels = levelNames[language].map((name, index) => ({
    id: `l${index + 1}`,
    name: { [language]: name },
  }));
  const empty = { points: 0, descriptor: {}, origin: 'teacher' as const };
  return {
    title: { [language]: title },
    language,
    kind: 'analytic',
    assignmentType: null,
    grade: null,
    gradeBand: null,
    total: 100,
    levels,
    criteria: [
      {
        id: 'c1',
        name: { [language]: criterion },
        focus: {},
        weight: 100,
        points: 100,
        locked: false,
        source: 'teacher',
        cells: levels.map((level) => ({ levelId: level.id, ...empty })),
      },
    ],
  };
}
