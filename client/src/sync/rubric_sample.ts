/** A small rubric for tests. */
import type { Rubric } from '../protocol/rubric.ts';

export function sampleRubric(): Rubric {
  const levels = [
    { id: 'l1', name: { en: 'Good', 'zh-TW': '優' } },
    { id: 'l2', name: { en: 'Fair', 'zh-TW': '可' } },
  ];
  const row = (id: string, weight: number) => ({
    id,
    name: { en: id, 'zh-TW': `項目 ${id}` },
    focus: { en: `About ${id}` },
    weight,
    points: weight,
    locked: false,
    source: 'library' as const,
    cells: levels.map((level) => ({
      levelId: level.id,
      points: level.id === 'l1' ? weight : 0,
      descriptor: { en: `${id} ${level.id}` },
      origin: 'library' as const,
    })),
  });
  return {
    title: { en: 'Essay' },
    language: 'en',
    kind: 'analytic',
    assignmentType: 'essay',
    grade: 8,
    gradeBand: 'junior_high',
    total: 100,
    levels,
    criteria: [row('a', 60), row('b', 40)],
  };
}
