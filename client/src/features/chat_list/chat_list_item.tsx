import { memo, useState } from 'react';
import type { ChatSummary } from '../../protocol/chat.ts';
import { paths } from '../../stores/route_store.ts';
import { shortTime } from '../../ui/dates.ts';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { Link } from '../../ui/link.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { useNow } from '../../ui/use_now.ts';

interface Props {
  chat: ChatSummary;
  onChosen: () => void;
}

export const ChatListItem = memo(function ChatListItem({ chat, onChosen }: Props) {
  const { t, locale } = useText();
  const now = useNow();
  const [renaming, setRenaming] = useState(false);
  const current = useFrom(
    'route',
    ({ route }) => route.page === 'chat' && route.chatId === chat.id,
  );
  const title = chat.title === '' ? t('list.untitled') : chat.title;
  if (renaming) {
    return (
      <li>
        <RenameInput chat={chat} onDone={() => setRenaming(false)} />
      </li>
    );
  }
  return (
    <li className={current ? 'item item-current' : 'item'}>
      <Link
        className="item-link"
        to={paths.chat(chat.id)}
        onGo={onChosen}
        aria-current={current ? 'page' : undefined}
        data-testid="chat-list-item"
        data-chat-id={chat.id}
      >
        <span className="item-line">
          <span className="item-title">{title}</span>
          <time className="item-time" dateTime={chat.updatedAt}>
            {shortTime(chat.updatedAt, locale, now)}
          </time>
        </span>
        <span className="item-line">
          <span className="item-last">{preview(chat)}</span>
          {chat.role !== 'owner' && (
            <span className="item-shared" title={t('list.shared')}>
              <Icon name="people" />
              <span className="hidden">{t('list.shared')}</span>
            </span>
          )}
          {chat.unread > 0 && !current && (
            <span className="item-unread" aria-label={t('list.unread', chat.unread)}>
              {chat.unread > 99 ? '99+' : chat.unread}
            </span>
          )}
        </span>
      </Link>
      <ItemMenu chat={chat} title={title} onRename={() => setRenaming(true)} />
    </li>
  );
});

/** One line without Markdown's marks. */
function preview(chat: ChatSummary): string {
  const text = chat.lastMessage?.content ?? '';
  return text
    .slice(0, 160)
    .replace(/[*_`#>|]+/g, '')
    .replace(/\s+/g, ' ');
}

interface MenuProps {
  chat: ChatSummary;
  title: string;
  onRename: () => void;
}

function ItemMenu({ chat, title, onRename }: MenuProps) {
  const { t } = useText();
  const pin = useFrom('chatList', (list) => list.pin);
  const remove = useFrom('chatList', (list) => list.remove);
  const go = useFrom('route', (route) => route.go);
  const route = useFrom('route', (store) => store.route);
  const owner = chat.role === 'owner';
  const items: MenuItem[] = [
    {
      text: t(chat.pinned ? 'list.unpin' : 'list.pin'),
      icon: 'pin',
      onSelect: () => pin(chat.id, !chat.pinned),
    },
    {
      text: t('list.rename'),
      icon: 'pencil',
      disabled: chat.role === 'viewer',
      onSelect: onRename,
    },
    {
      text: t('common.delete'),
      icon: 'trash',
      danger: true,
      disabled: !owner,
      onSelect: () => {
        if (route.page === 'chat' && route.chatId === chat.id) go(paths.home);
        remove(chat.id);
      },
    },
  ];
  return (
    <Menu
      className="icon-button icon-button-small item-menu"
      label={t('list.actions', title)}
      items={items}
    >
      <Icon name="more" />
    </Menu>
  );
}

function RenameInput({ chat, onDone }: { chat: ChatSummary; onDone: () => void }) {
  const { t } = useText();
  const rename = useFrom('chatList', (list) => list.rename);
  const [title, setTitle] = useState(chat.title);
  const save = (): void => {
    if (title.trim() !== chat.title) rename(chat.id, title.trim());
    onDone();
  };
  return (
    <input
      className="input item-rename"
      aria-label={t('list.rename')}
      maxLength={200}
      autoFocus
      value={title}
      onChange={(event) => setTitle(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter') save();
        if (event.key === 'Escape') onDone();
      }}
    />
  );
}
