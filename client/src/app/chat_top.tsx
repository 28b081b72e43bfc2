import { useState, type ReactNode } from 'react';
import { Avatar } from '../ui/controls.tsx';
import { Icon } from '../ui/icon.tsx';
import { useText } from '../ui/i18n/use_text.tsx';
import { useFrom } from '../ui/stores.tsx';
import { ConnectionDot } from './connection.tsx';

interface Props {
  menu: ReactNode;
  onMembers: () => void;
}

/** Title, connection and people of the open chat. */
export function ChatTop({ menu, onMembers }: Props) {
  return (
    <header className="top">
      {menu}
      <Title />
      <ConnectionDot />
      <People onMembers={onMembers} />
    </header>
  );
}

function Title() {
  const { t } = useText();
  const chatId = useFrom('chat', (chat) => chat.chatId);
  const title = useFrom('chat', ({ view }) => view.chat?.record.title ?? null);
  const listed = useFrom(
    'chatList',
    ({ view }) => view.chats.find((chat) => chat.id === chatId)?.title,
  );
  const mayRename = useFrom('chat', ({ view }) => {
    const role = view.chat?.record.role;
    return role === 'owner' || role === 'editor';
  });
  const rename = useFrom('chatList', (list) => list.rename);
  const gone = useFrom('chat', ({ view }) => view.status === 'gone');
  const [typed, setTyped] = useState<string | null>(null);
  const name = listed ?? title ?? '';
  if (typed !== null && chatId !== null) {
    const save = (): void => {
      if (typed.trim() !== name) rename(chatId, typed.trim());
      setTyped(null);
    };
    return (
      <input
        className="input top-rename"
        aria-label={t('chat.rename')}
        maxLength={200}
        autoFocus
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter') save();
          if (event.key === 'Escape') setTyped(null);
        }}
      />
    );
  }
  const shown = gone ? t('app.name') : name === '' ? t('list.untitled') : name;
  return (
    <h1 className="top-title">
      <title>{`${shown} · ${t('app.name')}`}</title>
      <button
        type="button"
        className="top-title-button"
        title={t('chat.rename')}
        disabled={!mayRename}
        onClick={() => setTyped(name)}
      >
        {shown}
      </button>
    </h1>
  );
}

const facesMax = 3;

function People({ onMembers }: { onMembers: () => void }) {
  const { t } = useText();
  const members = useFrom('chat', ({ view }) => view.chat?.record.members);
  const present = useFrom('chat', (chat) => chat.people.present);
  if (members === undefined) return null;
  const faces = [...members].sort(
    (a, b) => Number(present.includes(b.userId)) - Number(present.includes(a.userId)),
  );
  return (
    <button
      type="button"
      className="people"
      aria-label={t('members.open', members.length)}
      title={t('members.open', members.length)}
      onClick={onMembers}
      data-testid="members"
    >
      {members.length > 1 && (
        <span className="people-faces">
          {faces.slice(0, facesMax).map((member) => (
            <span
              key={member.userId}
              className={
                present.includes(member.userId) ? 'people-face' : 'people-face people-away'
              }
            >
              <Avatar name={member.name} />
            </span>
          ))}
        </span>
      )}
      <Icon name="people" />
    </button>
  );
}
