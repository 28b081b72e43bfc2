import { useRef, type ReactNode } from 'react';
import type { ChatSummary } from '../../protocol/chat.ts';
import { paths } from '../../stores/route_store.ts';
import { Button, Empty, IconButton } from '../../ui/controls.tsx';
import { dateGroup, type DateGroup } from '../../ui/dates.ts';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { Link } from '../../ui/link.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { useNow } from '../../ui/use_now.ts';
import { ChatListItem } from './chat_list_item.tsx';
import './chat_list.css';

interface Props {
  /** Called when the user has chosen something: a drawer closes. */
  onChosen: () => void;
  /** Absent where the list is always there. */
  onClose?: () => void;
  footer: ReactNode;
}

export function ChatList({ onChosen, onClose, footer }: Props) {
  const { t } = useText();
  return (
    <nav className="list" aria-label={t('list.title')}>
      <header className="list-head">
        <Link className="list-brand" to={paths.home} onGo={onChosen}>
          <Icon name="table" /> {t('app.name')}
        </Link>
        {onClose !== undefined && (
          <IconButton icon="close" label={t('list.close')} onClick={onClose} />
        )}
      </header>
      <Link className="list-new" to={paths.home} onGo={onChosen} data-testid="new-chat">
        <Icon name="plus" /> {t('list.new')}
      </Link>
      <SearchBox />
      <div className="list-scroll">
        <Chats onChosen={onChosen} />
      </div>
      <footer className="list-foot">{footer}</footer>
    </nav>
  );
}

function SearchBox() {
  const { t } = useText();
  const query = useFrom('chatList', (list) => list.view.search?.query ?? '');
  const search = useFrom('chatList', (list) => list.search);
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="list-search" role="search">
      <Icon name="search" />
      <input
        ref={input}
        id="list-search"
        type="search"
        className="list-search-input"
        placeholder={t('list.search')}
        aria-label={t('list.search')}
        maxLength={200}
        value={query}
        onChange={(event) => search(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') search('');
        }}
      />
    </div>
  );
}

function Chats({ onChosen }: { onChosen: () => void }) {
  const { t } = useText();
  const now = useNow();
  const view = useFrom('chatList', (list) => list.view);
  const loadMore = useFrom('chatList', (list) => list.loadMore);
  const refresh = useFrom('chatList', (list) => list.refresh);
  const found = view.search === null ? view.chats : view.search.chats;
  if (found === null || (view.status === 'loading' && found.length === 0)) return <Ghosts />;
  if (view.status === 'failed' && found.length === 0) {
    return (
      <Empty>
        <p>{t('list.failed')}</p>
        <Button size="small" onClick={refresh}>
          {t('common.retry')}
        </Button>
      </Empty>
    );
  }
  if (found.length === 0) {
    return (
      <Empty>
        <p>{t(view.search === null ? 'list.empty' : 'list.noMatch')}</p>
      </Empty>
    );
  }
  return (
    <>
      {grouped(found, now).map(([group, chats]) => (
        <section key={group} aria-label={t(`list.${group}`)}>
          <h3 className="list-group">{t(`list.${group}`)}</h3>
          <ul className="list-items">
            {chats.map((chat) => (
              <ChatListItem key={chat.id} chat={chat} onChosen={onChosen} />
            ))}
          </ul>
        </section>
      ))}
      {view.search === null && view.hasMore && (
        <Button look="quiet" size="small" disabled={view.loadingMore} onClick={loadMore}>
          {t('list.more')}
        </Button>
      )}
    </>
  );
}

function Ghosts() {
  const { t } = useText();
  return (
    <div className="list-ghosts" role="status" aria-label={t('common.loading')}>
      {[72, 54, 63, 48].map((width) => (
        <div key={width} className="skeleton" style={{ width: `${width}%`, height: 14 }} />
      ))}
    </div>
  );
}

type Group = 'pinned' | DateGroup;

function grouped(chats: readonly ChatSummary[], now: number): [Group, ChatSummary[]][] {
  const groups = new Map<Group, ChatSummary[]>();
  for (const chat of chats) {
    const group = chat.pinned ? 'pinned' : dateGroup(chat.updatedAt, now);
    groups.set(group, [...(groups.get(group) ?? []), chat]);
  }
  return [...groups];
}
