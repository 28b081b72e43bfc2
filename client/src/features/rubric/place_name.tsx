import type { Rubric } from '../../protocol/rubric.ts';
import { placeKey, type Difference } from '../../sync/rubric_diff.ts';
import { useText } from '../../ui/i18n/use_text.tsx';
import { textIn } from './text_of.ts';

/** A place of the table in words, by the names that `rubrics` have for its row and level. */
export function PlaceName({ place, rubrics }: { place: Difference; rubrics: readonly Rubric[] }) {
  const { t, locale } = useText();
  const { key, criterionId, levelId } = place;
  if (key === placeKey.total) return t('rubric.totalPoints');
  if (key === placeKey.order) return t('rubric.order');
  if (key === placeKey.title) return t('rubric.name');
  if (key === placeKey.settings) return t('rubric.settings');
  const criterion = rubrics
    .flatMap((rubric) => rubric.criteria)
    .find(({ id }) => id === criterionId);
  const level = rubrics.flatMap((rubric) => rubric.levels).find(({ id }) => id === levelId);
  const parts = [criterion?.name, level?.name].flatMap((name) => name ?? []);
  const weight = criterionId !== null && key === placeKey.weight(criterionId);
  const lock = key.startsWith('lock:');
  return [
    ...parts.map((name) => textIn(name, locale)),
    ...(weight ? [t('rubric.weight')] : []),
    ...(lock ? [t('rubric.lockOf')] : []),
  ].join(' · ');
}
