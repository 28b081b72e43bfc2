import { setLocked } from '../../sync/rubric_edit.ts';
import { useText } from '../../ui/i18n/use_text.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useEditing } from './editing.ts';

interface Props {
  criterionId: string;
  /** null: the whole row. */
  levelId: string | null;
  name: string;
  locked: boolean;
}

/** Whether the AI must leave a row or a cell alone; for who only reads, that it must. */
export function LockButton({ criterionId, levelId, name, locked }: Props) {
  const { t } = useText();
  const { readOnly, edit } = useEditing();
  if (readOnly && !locked) return null;
  const label = t(locked ? 'rubric.unlock' : 'rubric.lock', name);
  return (
    <button
      type="button"
      className={locked ? 'icon-button lock lock-on' : 'icon-button lock'}
      aria-pressed={locked}
      aria-label={t('rubric.lock', name)}
      title={label}
      disabled={readOnly}
      onClick={() => edit((rubric) => setLocked(rubric, criterionId, levelId, !locked))}
    >
      <Icon name={locked ? 'lock' : 'unlock'} />
    </button>
  );
}
