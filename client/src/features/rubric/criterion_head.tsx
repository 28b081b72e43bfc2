import { rubricLimits, type Criterion } from '../../protocol/rubric.ts';
import { placeKey } from '../../sync/rubric_diff.ts';
import { moveCriterion, removeCriterion, setCriterionText } from '../../sync/rubric_edit.ts';
import { setWeight } from '../../sync/rubric_edit.ts';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { Menu } from '../../ui/menu.tsx';
import { EditableNumber } from './editable_number.tsx';
import { useEditing } from './editing.ts';
import { LocalisedField } from './localised_field.tsx';
import { LockButton } from './lock_button.tsx';
import { formatNumber, textIn } from './text_of.ts';

interface Props {
  criterion: Criterion;
  index: number;
  count: number;
}

/** Name, focus, weight and points of a criterion, and what can be done with its row. */
export function CriterionHead({ criterion, index, count }: Props) {
  const { t } = useText();
  const { shown, readOnly, changed, edit } = useEditing();
  const { id } = criterion;
  const name = textIn(criterion.name, shown) || t('rubric.newCriterion');
  const mark = (key: string): string => (changed.has(key) ? ' flash' : '');
  return (
    <div className={`criterion${mark(placeKey.name(id))}`}>
      <div className="criterion-top">
        <div className="criterion-texts">
          <LocalisedField
            label={t('rubric.nameOf')}
            text={criterion.name}
            placeholder={t('rubric.newCriterion')}
            maxLength={rubricLimits.name}
            className="criterion-name"
            onChange={(language, text) =>
              edit((rubric) => setCriterionText(rubric, id, 'name', language, text))
            }
          />
          <LocalisedField
            label={t('rubric.focusOf', name)}
            text={criterion.focus}
            placeholder={t('rubric.focus')}
            maxLength={rubricLimits.descriptor}
            className="criterion-focus"
            onChange={(language, text) =>
              edit((rubric) => setCriterionText(rubric, id, 'focus', language, text))
            }
          />
        </div>
        <LockButton criterionId={id} levelId={null} name={name} locked={criterion.locked} />
        {!readOnly && <RowMenu id={id} name={name} index={index} count={count} />}
      </div>
      <p className={`criterion-weight${mark(placeKey.weight(id))}`}>
        <EditableNumber
          label={t('rubric.weightOf', name)}
          value={criterion.weight}
          max={100}
          readOnly={readOnly}
          onChange={(weight) => edit((rubric) => setWeight(rubric, id, weight))}
        />
        <span aria-hidden="true">%</span>
        <span className="points">{t('rubric.points', formatNumber(criterion.points))}</span>
      </p>
    </div>
  );
}

interface RowMenuProps {
  id: string;
  name: string;
  index: number;
  count: number;
}

function RowMenu({ id, name, index, count }: RowMenuProps) {
  const { t } = useText();
  const { edit } = useEditing();
  return (
    <Menu
      className="icon-button icon-button-small criterion-menu"
      label={t('rubric.rowActions', name)}
      items={[
        {
          text: t('rubric.moveUp'),
          icon: 'up',
          disabled: index === 0,
          onSelect: () => edit((rubric) => moveCriterion(rubric, id, -1)),
        },
        {
          text: t('rubric.moveDown'),
          icon: 'down',
          disabled: index === count - 1,
          onSelect: () => edit((rubric) => moveCriterion(rubric, id, 1)),
        },
        {
          text: t('rubric.removeRow'),
          icon: 'trash',
          danger: true,
          disabled: count === 1,
          onSelect: () => edit((rubric) => removeCriterion(rubric, id)),
        },
      ]}
    >
      <Icon name="more" />
    </Menu>
  );
}
