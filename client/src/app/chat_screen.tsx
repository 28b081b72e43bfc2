import { useCallback, useEffect, useState, type CSSProperties, type ReactNode } from 'react';
import { ChatPane } from '../features/chat/chat_pane.tsx';
import { MembersDialog } from '../features/members/members_dialog.tsx';
import { RubricPanel } from '../features/rubric/rubric_panel.tsx';
import type { User } from '../protocol/session.ts';
import { useText } from '../ui/i18n/use_text.tsx';
import { useFrom } from '../ui/stores.tsx';
import { narrowQuery, useMedia } from '../ui/use_media.ts';
import { ChatTop } from './chat_top.tsx';
import { Divider } from './divider.tsx';

interface Props {
  chatId: string;
  user: User;
  /** The button that opens the list, where it is a drawer. */
  menu: ReactNode;
}

type Tab = 'chat' | 'rubric';

const showNothing = (): void => undefined;

/** One chat: the conversation and its rubric, side by side or as tabs. */
export function ChatScreen({ chatId, user, menu }: Props) {
  const open = useFrom('chat', (chat) => chat.open);
  const close = useFrom('chat', (chat) => chat.close);
  const panelWidth = useFrom('settings', (settings) => settings.panelWidth);
  const gone = useFrom('chat', ({ view }) => view.status === 'gone');
  const narrow = useMedia(narrowQuery);
  const [tab, setTab] = useState<Tab>('chat');
  const [members, setMembers] = useState(false);
  useEffect(() => {
    open(chatId);
    return close;
  }, [chatId, open, close]);
  const showRubric = useCallback(() => {
    setTab('rubric');
    if (!narrow) document.querySelector<HTMLElement>('.table-scroll')?.focus();
  }, [narrow]);
  if (gone) {
    return (
      <>
        <ChatTop menu={menu} onMembers={showNothing} />
        <ChatPane chatId={chatId} myId={user.id} onShowRubric={showNothing} />
      </>
    );
  }
  return (
    <>
      <ChatTop menu={menu} onMembers={() => setMembers(true)} />
      {narrow && <Tabs tab={tab} onTab={setTab} />}
      <div
        className={narrow ? 'split split-tabs' : 'split'}
        style={{ '--panel': `${panelWidth}%` } as CSSProperties}
      >
        {(!narrow || tab === 'chat') && (
          <div className="split-chat" id="panel-chat">
            <ChatPane chatId={chatId} myId={user.id} onShowRubric={showRubric} />
          </div>
        )}
        {!narrow && <Divider />}
        {(!narrow || tab === 'rubric') && (
          <div className="split-rubric" id="panel-rubric">
            <RubricPanel key={chatId} />
          </div>
        )}
      </div>
      {members && <MembersDialog myId={user.id} onClose={() => setMembers(false)} />}
    </>
  );
}

function Tabs({ tab, onTab }: { tab: Tab; onTab: (tab: Tab) => void }) {
  const { t } = useText();
  const version = useFrom('rubric', ({ view }) => view.version);
  const [seen, setSeen] = useState(version);
  const news = tab === 'chat' && version > seen;
  const choose = (next: Tab): void => {
    setSeen(version);
    onTab(next);
  };
  return (
    <div
      className="tabs"
      role="tablist"
      aria-label={t('chat.tabs')}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
          choose(tab === 'chat' ? 'rubric' : 'chat');
        }
      }}
    >
      {(['chat', 'rubric'] as const).map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          className="tab"
          aria-selected={tab === name}
          aria-controls={`panel-${name}`}
          tabIndex={tab === name ? 0 : -1}
          onClick={() => choose(name)}
          data-testid={`tab-${name}`}
        >
          {t(name === 'chat' ? 'chat.tabChat' : 'chat.tabRubric')}
          {name === 'rubric' && news && (
            <span className="tab-news">
              <span className="hidden">{t('chat.changed')}</span>
            </span>
          )}
        </button>
      ))}
    </div>
  );
}
