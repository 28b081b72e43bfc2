import { useState } from 'react';
import type { Rubric } from '../../protocol/rubric.ts';
import type { ProposalView } from '../../sync/rubric_proposal.ts';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { useEditing } from './editing.ts';
import { PlaceName } from './place_name.tsx';

/** What the AI would change, place by place, and the answer to it. */
export function ProposalBar({ proposal, rubric }: { proposal: ProposalView; rubric: Rubric }) {
  const { t } = useText();
  const { readOnly, chosen } = useEditing();
  const answer = useFrom('rubric', (store) => store.answer);
  const toast = useFrom('toasts', (toasts) => toasts.show);
  const [answering, setAnswering] = useState(false);
  const { changes, typed, target, splittable } = proposal;
  const all = new Set(changes.map(({ key }) => key));
  const send = async (keys: ReadonlySet<string>): Promise<void> => {
    setAnswering(true);
    const outcome = await answer(keys);
    setAnswering(false);
    if (outcome === 'elsewhere') toast('proposal_answered');
    if (outcome === 'failed') toast('proposal_failed');
  };
  const picked = new Set([...chosen].filter((key) => all.has(key)));
  return (
    <section className="proposal" aria-label={t('rubric.proposal')} data-testid="proposal">
      <p className="proposal-text" role="status">
        <Icon name="spark" />{' '}
        {target === null ? t('rubric.proposalStale') : t('rubric.proposalText', changes.length)}
        {target !== null && typed > 0 && ` ${t('rubric.proposalTyped', typed)}`}
      </p>
      {changes.length > 0 && <Places proposal={proposal} rubric={rubric} />}
      {!readOnly && (
        <div className="proposal-choice">
          <Button
            size="small"
            disabled={answering}
            data-testid="proposal-refuse"
            onClick={() => void send(new Set())}
          >
            {t('rubric.refuseAll')}
          </Button>
          {splittable && picked.size > 0 && (
            <Button
              size="small"
              look="primary"
              disabled={answering}
              data-testid="proposal-accept-chosen"
              onClick={() => void send(picked)}
            >
              {t('rubric.acceptChosen', picked.size)}
            </Button>
          )}
          {changes.length > 0 && (
            <Button
              size="small"
              look={picked.size > 0 ? 'plain' : 'primary'}
              disabled={answering}
              data-testid="proposal-accept"
              onClick={() => void send(all)}
            >
              {t('rubric.acceptAll')}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

function Places({ proposal, rubric }: { proposal: ProposalView; rubric: Rubric }) {
  const { t } = useText();
  const { readOnly, chosen, choose } = useEditing();
  const rubrics = proposal.target === null ? [rubric] : [rubric, proposal.target];
  return (
    <details className="proposal-places">
      <summary>{t('rubric.proposalPlaces')}</summary>
      <ul>
        {proposal.changes.map((place) => (
          <li key={place.key}>
            <label>
              {proposal.splittable && !readOnly && (
                <input
                  type="checkbox"
                  checked={chosen.has(place.key)}
                  onChange={(event) => choose(place.key, event.target.checked)}
                />
              )}
              <span>
                <b>
                  <PlaceName place={place} rubrics={rubrics} />
                </b>{' '}
                <del>{place.before || t('rubric.nothing')}</del>{' '}
                <ins>{place.after || t('rubric.nothing')}</ins>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
