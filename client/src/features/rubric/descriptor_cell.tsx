import { rubricLimits, type Criterion, type Level } from '../../protocol/rubric.ts';
import { placeKey } from '../../sync/rubric_diff.ts';
import { setDescriptor } from '../../sync/rubric_edit.ts';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useEditing } from './editing.ts';
import { LocalisedField } from './localised_field.tsx';
import { LockButton } from './lock_button.tsx';
import { ProposedText } from './proposed_text.tsx';
import { formatNumber, textIn } from './text_of.ts';

interface Props {
  criterion: Criterion;
  level: Level;
}

/** What is seen at one level of one criterion, with its points. */
export function DescriptorCell({ criterion, level }: Props) {
  const { t } = useText();
  const { shown, edit } = useEditing();
  const cell = criterion.cells.find((candidate) => candidate.levelId === level.id);
  if (cell === undefined) return null;
  const label = t('rubric.cellOf', textIn(criterion.name, shown), textIn(level.name, shown));
  return (
    <>
      <p className="cell-points">
        {t('rubric.points', formatNumber(cell.points))}
        <span className="cell-marks">
          {cell.origin === 'between' && (
            <span className="cell-between" title={t('rubric.between')}>
              ✎<span className="hidden">{t('rubric.between')}</span>
            </span>
          )}
          <LockButton
            criterionId={criterion.id}
            levelId={level.id}
            name={label}
            locked={cell.locked === true}
          />
        </span>
      </p>
      <LocalisedField
        label={label}
        text={cell.descriptor}
        placeholder={t('rubric.descriptor')}
        maxLength={rubricLimits.descriptor}
        className="cell-text"
        onChange={(language, text) =>
          edit((rubric) => setDescriptor(rubric, criterion.id, level.id, language, text))
        }
      />
      <ProposedText placeKey={placeKey.cell(criterion.id, level.id)} cell={label} />
    </>
  );
}
