import { rubricLimits, type Rubric } from '../../protocol/rubric.ts';
import { placeKey } from '../../sync/rubric_diff.ts';
import { addCriterion, addLevel } from '../../sync/rubric_edit.ts';
import { Button, IconButton } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { CriterionHead } from './criterion_head.tsx';
import { DescriptorCell } from './descriptor_cell.tsx';
import { useEditing } from './editing.ts';
import { LevelHead, tintOf } from './level_head.tsx';
import { useMoreRight } from './use_more_right.ts';

/** The rubric as a table: criteria down, levels across, best first. */
export function RubricTable({ rubric, label }: { rubric: Rubric; label: string }) {
  const { t } = useText();
  const { readOnly, changed } = useEditing();
  const { levels, criteria } = rubric;
  const { ref, more, onScroll } = useMoreRight();
  return (
    <div className="table-frame">
      <div
        ref={ref}
        className="table-scroll"
        tabIndex={0}
        role="region"
        aria-label={label}
        onScroll={onScroll}
      >
        <table className="rubric-table" data-testid="rubric-table">
          <Head levels={levels} />
          <tbody>
            {criteria.map((criterion, index) => (
              <tr key={criterion.id}>
                <th scope="row" className="table-criterion">
                  <CriterionHead criterion={criterion} index={index} count={criteria.length} />
                </th>
                {levels.map((level) => (
                  <td
                    key={level.id}
                    className={
                      changed.has(placeKey.cell(criterion.id, level.id))
                        ? 'table-cell flash'
                        : 'table-cell'
                    }
                    data-testid="rubric-cell"
                    data-criterion={criterion.id}
                    data-level={level.id}
                  >
                    <DescriptorCell criterion={criterion} level={level} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {!readOnly && <AddCriterion rubric={rubric} />}
      </div>
      {more && (
        <p className="table-more" data-testid="table-more">
          {t('rubric.more')} →
        </p>
      )}
    </div>
  );
}

function Head({ levels }: { levels: Rubric['levels'] }) {
  const { t } = useText();
  const { readOnly } = useEditing();
  return (
    <thead>
      <tr>
        <th scope="col" className="table-corner">
          {t('rubric.criterion')}
        </th>
        {levels.map((level, index) => (
          <th
            key={level.id}
            scope="col"
            className="table-level"
            style={tintOf(index, levels.length)}
          >
            <LevelHead level={level} index={index} count={levels.length} />
          </th>
        ))}
        {!readOnly && levels.length < rubricLimits.levelsMax && (
          <td className="table-add">
            <AddLevel />
          </td>
        )}
      </tr>
    </thead>
  );
}

function AddLevel() {
  const { t, locale } = useText();
  const { edit, newId } = useEditing();
  const add = (): void =>
    edit((rubric) => addLevel(rubric, newId(), { [locale]: t('rubric.newLevel') }));
  return <IconButton size="small" icon="plus" label={t('rubric.addLevel')} onClick={add} />;
}

export function AddCriterion({ rubric }: { rubric: Rubric }) {
  const { t, locale } = useText();
  const { edit, newId } = useEditing();
  if (rubric.criteria.length >= rubricLimits.criteria) return null;
  const name = { [locale]: t('rubric.newCriterion') };
  return (
    <Button
      look="quiet"
      size="small"
      className="add-criterion"
      onClick={() => edit((old) => addCriterion(old, newId(), name))}
    >
      <Icon name="plus" /> {t('rubric.addCriterion')}
    </Button>
  );
}
