import { rubricLimits, type Criterion, type Level } from '../../protocol/rubric.ts';
import { setDescriptor } from '../../sync/rubric_edit.ts';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useEditing } from './editing.ts';
import { LocalisedField } from './localised_field.tsx';
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
        {cell.origin === 'between' && (
          <span className="cell-between" title={t('rubric.between')}>
            ✎<span className="hidden">{t('rubric.between')}</span>
          </span>
        )}
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
    </>
  );
}
