import { Button, Segments } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import type { Language } from '../../protocol/rubric.ts';
import type { User } from '../../protocol/session.ts';
import { useFrom } from '../../ui/stores.tsx';
import './settings.css';

interface Props {
  user: User;
  onClose: () => void;
  onShortcuts: () => void;
  onAccount: () => void;
}

export function SettingsDialog({ user, onClose, onShortcuts, onAccount }: Props) {
  const { t } = useText();
  const locale = useFrom('settings', (settings) => settings.locale);
  const setLocale = useFrom('settings', (settings) => settings.setLocale);
  const theme = useFrom('settings', (settings) => settings.theme);
  const setTheme = useFrom('settings', (settings) => settings.setTheme);
  const saveLocale = useFrom('session', (session) => session.saveLocale);
  const signOut = useFrom('session', (session) => session.signOut);
  const choose = (next: Language): void => {
    setLocale(next);
    void saveLocale(next);
  };
  return (
    <Dialog title={t('settings.title')} onClose={onClose}>
      <div className="setting">
        <span>{t('settings.language')}</span>
        <Segments
          label={t('settings.language')}
          value={locale}
          options={[
            { value: 'zh-TW', text: '中文' },
            { value: 'en', text: 'English' },
          ]}
          onChange={choose}
        />
      </div>
      <div className="setting">
        <span>{t('settings.theme')}</span>
        <Segments
          label={t('settings.theme')}
          value={theme}
          options={[
            { value: 'light', text: t('settings.light') },
            { value: 'dark', text: t('settings.dark') },
            { value: 'system', text: t('settings.system') },
          ]}
          onChange={setTheme}
        />
      </div>
      <div className="setting">
        <span>{t('settings.shortcuts')}</span>
        <Button size="small" onClick={onShortcuts}>
          {t('shortcuts.help')}
        </Button>
      </div>
      <div className="setting setting-account">
        <span className="setting-who">
          {user.name}
          <span className="setting-email">{user.email}</span>
        </span>
        <Button size="small" onClick={onAccount} data-testid="open-account">
          {t('account.title')}
        </Button>
        <Button size="small" onClick={() => void signOut()} data-testid="sign-out">
          {t('settings.signOut')}
        </Button>
      </div>
    </Dialog>
  );
}
