import type { Rubric, RubricVersion } from '../../protocol/rubric.ts';
import { differences, placeKey, type Difference } from '../../sync/rubric_diff.ts';
import { Button } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { textIn } from './text_of.ts';

const shownMax = 30;

/** Two people changed the rubric: both texts side by side, and the choice. */
export function ConflictDialog({ mine, theirs }: { mine: Rubric; theirs: RubricVersion }) {
  const { t } = useText();
  const keepMine = useFrom('rubric', (store) => store.keepMine);
  const takeTheirs = useFrom('rubric', (store) => store.takeTheirs);
  const places = differences(mine, theirs.rubric).slice(0, shownMax);
  return (
    <Dialog title={t('rubric.conflict')} wide>
      <p>{t('rubric.conflictText', theirs.version)}</p>
      <div className="conflict-scroll" tabIndex={0} role="region" aria-label={t('rubric.conflict')}>
        <table className="conflict">
          <thead>
            <tr>
              <th scope="col">{t('rubric.place')}</th>
              <th scope="col">{t('rubric.mine')}</th>
              <th scope="col">{t('rubric.theirs')}</th>
            </tr>
          </thead>
          <tbody>
            {places.map((place) => (
              <tr key={place.key}>
                <th scope="row">
                  <PlaceName place={place} rubrics={[mine, theirs.rubric]} />
                </th>
                <td>{place.before || t('rubric.nothing')}</td>
                <td>{place.after || t('rubric.nothing')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="conflict-choice">
        <Button onClick={takeTheirs}>{t('rubric.takeTheirs')}</Button>
        <Button look="primary" onClick={keepMine}>
          {t('rubric.keepMine')}
        </Button>
      </div>
    </Dialog>
  );
}

function PlaceName({ place, rubrics }: { place: Difference; rubrics: readonly Rubric[] }) {
  const { t, locale } = useText();
  const { key, criterionId, levelId } = place;
  if (key === placeKey.total) return t('rubric.totalPoints');
  if (key === placeKey.order) return t('rubric.order');
  if (key === placeKey.title) return t('rubric.name');
  const criterion = rubrics
    .flatMap((rubric) => rubric.criteria)
    .find(({ id }) => id === criterionId);
  const level = rubrics.flatMap((rubric) => rubric.levels).find(({ id }) => id === levelId);
  const parts = [criterion?.name, level?.name].flatMap((name) => name ?? []);
  const weight = criterionId !== null && key === placeKey.weight(criterionId);
  return [
    ...parts.map((name) => textIn(name, locale)),
    ...(weight ? [t('rubric.weight')] : []),
  ].join(' · ');
}
