import { rubricLimits, type Level } from '../../protocol/rubric.ts';
import { placeKey } from '../../sync/rubric_diff.ts';
import { removeLevel, setLevelName } from '../../sync/rubric_edit.ts';
import { IconButton } from '../../ui/controls.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useEditing } from './editing.ts';
import { LocalisedField } from './localised_field.tsx';
import { textIn } from './text_of.ts';

interface Props {
  level: Level;
  index: number;
  count: number;
}

export function LevelHead({ level, index, count }: Props) {
  const { t } = useText();
  const { shown, readOnly, changed, edit } = useEditing();
  return (
    <div className={changed.has(placeKey.level(level.id)) ? 'level flash' : 'level'}>
      <div className="level-texts">
        <LocalisedField
          label={t('rubric.levelName', index + 1)}
          text={level.name}
          placeholder={t('rubric.newLevel')}
          maxLength={rubricLimits.name}
          className="level-name"
          onChange={(language, text) =>
            edit((rubric) => setLevelName(rubric, level.id, language, text))
          }
        />
      </div>
      {!readOnly && count > rubricLimits.levelsMin && (
        <IconButton
          size="small"
          icon="close"
          label={t('rubric.removeLevel', textIn(level.name, shown))}
          onClick={() => edit((rubric) => removeLevel(rubric, level.id))}
        />
      )}
    </div>
  );
}

/** How far down the levels a column stands, from 0 (best) to 1, for its tint. */
export function tintOf(index: number, count: number): Record<string, string> {
  const depth = count <= 1 ? 0 : index / (count - 1);
  return { '--depth': `${Math.round(100 - depth * 82)}%` };
}
