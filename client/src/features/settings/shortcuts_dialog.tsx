import { Dialog } from '../../ui/dialog.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import type { Key } from '../../ui/i18n/messages.ts';
import { useFrom } from '../../ui/stores.tsx';
import './settings.css';

const lines: readonly { keys: readonly string[]; text: Extract<Key, `shortcuts.${string}`> }[] = [
  { keys: ['N'], text: 'shortcuts.newChat' },
  { keys: ['S'], text: 'shortcuts.search' },
  { keys: ['/'], text: 'shortcuts.composer' },
  { keys: ['?'], text: 'shortcuts.help' },
  { keys: ['Enter'], text: 'shortcuts.send' },
  { keys: ['Shift', 'Enter'], text: 'shortcuts.newline' },
  { keys: ['Ctrl', 'Z'], text: 'shortcuts.undo' },
];

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const enabled = useFrom('settings', (settings) => settings.shortcuts);
  const setEnabled = useFrom('settings', (settings) => settings.setShortcuts);
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose}>
      <dl className="shortcuts">
        {lines.map(({ keys, text }) => (
          <div key={text} className="shortcut">
            <dt>{t(text)}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <label className="setting">
        {t('settings.shortcutsOn')}
        <input
          type="checkbox"
          className="checkbox"
          checked={enabled}
          onChange={(event) => setEnabled(event.target.checked)}
        />
      </label>
    </Dialog>
  );
}
