import { useText } from '../../ui/i18n/use_text.tsx';
import { useEditing } from './editing.ts';

/** Under a cell: what the AI would write there, and whether that is wanted. */
export function ProposedText({ placeKey, cell }: { placeKey: string; cell: string }) {
  const { t } = useText();
  const { readOnly, proposal, chosen, choose } = useEditing();
  const change = proposal?.changes.find(({ key }) => key === placeKey);
  if (proposal === null || change === undefined) return null;
  return (
    <div className="proposed" data-testid="proposed">
      <ins>{change.after || t('rubric.nothing')}</ins>
      {proposal.splittable && !readOnly && (
        <label className="proposed-choice">
          <input
            type="checkbox"
            checked={chosen.has(placeKey)}
            aria-label={t('rubric.acceptOf', cell)}
            onChange={(event) => choose(placeKey, event.target.checked)}
          />
          {t('rubric.accept')}
        </label>
      )}
    </div>
  );
}
