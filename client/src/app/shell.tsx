import { useCallback, useEffect, useState } from 'react';
import { ChatList } from '../features/chat_list/chat_list.tsx';
import { Home } from '../features/chat/home.tsx';
import { AccountDialog } from '../features/settings/account_dialog.tsx';
import { SettingsDialog } from '../features/settings/settings_dialog.tsx';
import { ShortcutsDialog } from '../features/settings/shortcuts_dialog.tsx';
import type { User } from '../protocol/session.ts';
import { Avatar, IconButton } from '../ui/controls.tsx';
import { useText } from '../ui/i18n/use_text.tsx';
import { useFrom } from '../ui/stores.tsx';
import { drawerQuery, useMedia } from '../ui/use_media.ts';
import { ChatScreen } from './chat_screen.tsx';
import { ConnectionBanner, ConnectionDot } from './connection.tsx';
import { Missing } from './missing.tsx';
import { Toasts } from './toasts.tsx';
import { useShortcuts } from './use_shortcuts.ts';

/** The page of someone who is signed in: the list at the side, the chosen chat beside it. */
export function Shell({ user }: { user: User }) {
  const { t } = useText();
  const route = useFrom('route', (store) => store.route);
  const drawer = useMedia(drawerQuery);
  const [listOpen, setListOpen] = useState(false);
  const [dialog, setDialog] = useState<'settings' | 'account' | 'shortcuts' | null>(null);
  const openList = useCallback(() => setListOpen(true), []);
  const closeList = useCallback(() => setListOpen(false), []);
  const help = useCallback(() => setDialog('shortcuts'), []);
  useShortcuts({ help, openList });
  const listShown = !drawer || listOpen;
  const menu = drawer ? <IconButton icon="menu" label={t('list.open')} onClick={openList} /> : null;
  return (
    <div className={drawer ? 'shell shell-drawer' : 'shell'}>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      {listShown && (
        <Side drawer={drawer} onClose={closeList}>
          <ChatList
            onChosen={closeList}
            {...(drawer ? { onClose: closeList } : {})}
            footer={<Account user={user} onOpen={() => setDialog('settings')} />}
          />
        </Side>
      )}
      <main id="main" className="main" tabIndex={-1}>
        <ConnectionBanner />
        {route.page === 'chat' ? (
          <ChatScreen key={route.chatId} chatId={route.chatId} user={user} menu={menu} />
        ) : (
          <>
            <header className="top top-bare">
              {menu}
              <span className="top-space" />
              <ConnectionDot />
            </header>
            {route.page === 'missing' ? <Missing /> : <Home name={user.name} />}
          </>
        )}
      </main>
      {dialog === 'settings' && (
        <SettingsDialog
          user={user}
          onClose={() => setDialog(null)}
          onShortcuts={help}
          onAccount={() => setDialog('account')}
        />
      )}
      {dialog === 'account' && <AccountDialog user={user} onClose={() => setDialog(null)} />}
      {dialog === 'shortcuts' && <ShortcutsDialog onClose={() => setDialog(null)} />}
      <Toasts />
    </div>
  );
}

interface SideProps {
  drawer: boolean;
  onClose: () => void;
  children: React.ReactNode;
}

function Side({ drawer, onClose, children }: SideProps) {
  useEffect(() => {
    if (!drawer) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [drawer, onClose]);
  return (
    <>
      {drawer && <div className="side-scrim" onClick={onClose} aria-hidden="true" />}
      <aside className="side">{children}</aside>
    </>
  );
}

function Account({ user, onOpen }: { user: User; onOpen: () => void }) {
  const { t } = useText();
  return (
    <button type="button" className="account" onClick={onOpen} data-testid="account">
      <Avatar name={user.name} />
      <span className="account-name">{user.name}</span>
      <span className="account-hint">{t('settings.title')}</span>
    </button>
  );
}
