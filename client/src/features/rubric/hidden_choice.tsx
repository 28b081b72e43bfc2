import type { HiddenTexts, ImportNote } from '../../protocol/rubric.ts';
import { useText } from '../../ui/i18n/use_text.tsx';

interface HiddenChoiceProps {
  notes: ImportNote[];
  hidden: HiddenTexts;
  onChoose: (hidden: HiddenTexts) => void;
}

/**
 * Whether text that nobody sees in the file is taken in, where there is some. Characters without a
 * shape never are.
 */
export function HiddenChoice({ notes, hidden, onChoose }: HiddenChoiceProps) {
  const { t } = useText();
  const some = notes.some(
    (note) => note.hidden !== undefined && note.hidden.how !== 'invisible_characters',
  );
  if (!some) return null;
  return (
    <label className="import-hidden">
      <input
        type="checkbox"
        data-testid="import-hidden"
        checked={hidden === 'keep'}
        onChange={(event) => onChoose(event.target.checked ? 'keep' : 'leave-out')}
      />{' '}
      {t('rubric.importHidden')}
    </label>
  );
}
