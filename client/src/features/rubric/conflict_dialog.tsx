import { useState } from 'react';
import type { Conflict } from '../../sync/rubric_sync.ts';
import { Button } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { PlaceName } from './place_name.tsx';

const shownMax = 30;

/** Two people changed the same places: both texts side by side, and the choice for each. */
export function ConflictDialog({ conflict }: { conflict: Conflict }) {
  const { t } = useText();
  const resolve = useFrom('rubric', (store) => store.resolve);
  const { mine, theirs, places, settled } = conflict;
  const single = settled !== null;
  const all = new Set(places.map(({ key }) => key));
  const [mineKeys, setMineKeys] = useState<ReadonlySet<string>>(all);
  const choose = (key: string, own: boolean): void => {
    const next = new Set(mineKeys);
    if (own) next.add(key);
    else next.delete(key);
    setMineKeys(next);
  };
  return (
    <Dialog title={t('rubric.conflict')} wide>
      <p>{t(single ? 'rubric.conflictPlaces' : 'rubric.conflictText', theirs.version)}</p>
      <div className="conflict-scroll" tabIndex={0} role="region" aria-label={t('rubric.conflict')}>
        <table className="conflict" data-testid="conflict">
          <thead>
            <tr>
              <th scope="col">{t('rubric.place')}</th>
              <th scope="col">{t('rubric.mine')}</th>
              <th scope="col">{t('rubric.theirs')}</th>
            </tr>
          </thead>
          <tbody>
            {places.slice(0, single ? undefined : shownMax).map((place) => {
              const own = mineKeys.has(place.key);
              const side = (isMine: boolean, text: string) => (
                <td>
                  <label className="conflict-side">
                    {single && (
                      <input
                        type="radio"
                        name={place.key}
                        checked={own === isMine}
                        onChange={() => choose(place.key, isMine)}
                      />
                    )}
                    <span>{text || t('rubric.nothing')}</span>
                  </label>
                </td>
              );
              return (
                <tr key={place.key}>
                  <th scope="row">
                    <PlaceName place={place} rubrics={[mine, theirs.rubric]} />
                  </th>
                  {side(true, place.before)}
                  {side(false, place.after)}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div className="conflict-choice">
        <Button onClick={() => resolve(new Set())}>{t('rubric.takeTheirs')}</Button>
        <Button onClick={() => resolve(all)}>{t('rubric.keepMine')}</Button>
        {single && (
          <Button look="primary" onClick={() => resolve(mineKeys)}>
            {t('rubric.keepChosen')}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
