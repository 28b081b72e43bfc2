import { useState } from 'react';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { useEditing } from './editing.ts';

/** Whether the AI may only propose, in this chat and for all its members. */
export function AskFirst() {
  const { t } = useText();
  const { readOnly } = useEditing();
  const context = useFrom('chat', ({ view }) => view.chat?.record.context);
  const askFirst = useFrom('rubric', (store) => store.askFirst);
  const toast = useFrom('toasts', (toasts) => toasts.show);
  const stored = context?.changes === 'propose';
  const [clicked, setClicked] = useState<{ wanted: boolean; was: boolean } | null>(null);
  // What was clicked shows until the chat says so itself.
  const shown = clicked !== null && clicked.was === stored ? clicked.wanted : stored;
  const set = async (wanted: boolean): Promise<void> => {
    setClicked({ wanted, was: stored });
    if (await askFirst(wanted)) return;
    setClicked(null);
    toast('ask_first_failed');
  };
  return (
    <label className="sum ask-first">
      <input
        type="checkbox"
        data-testid="ask-first"
        checked={shown}
        disabled={readOnly || shown !== stored || context === undefined}
        onChange={(event) => void set(event.target.checked)}
      />
      {t('rubric.askFirst')}
    </label>
  );
}
