import { useState } from 'react';
import { paths } from '../../stores/route_store.ts';
import { useText } from '../../ui/i18n/use_text.tsx';
import { Link } from '../../ui/link.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { Composer } from './composer.tsx';
import { MessageList } from './message_list.tsx';
import { StopAnswer } from './stop_answer.tsx';
import './chat.css';

interface Props {
  chatId: string;
  myId: string;
  onShowRubric: () => void;
}

/** The conversation: its messages and the box to write in. */
export function ChatPane({ chatId, myId, onShowRubric }: Props) {
  const { t } = useText();
  const role = useFrom('chat', ({ view }) => view.chat?.record.role ?? null);
  const status = useFrom('chat', ({ view }) => view.status);
  const send = useFrom('chat', (chat) => chat.send);
  const typing = useFrom('chat', (chat) => chat.typing);
  const loadDraft = useFrom('chat', (chat) => chat.loadDraft);
  const saveDraft = useFrom('chat', (chat) => chat.saveDraft);
  const [takenBack, setTakenBack] = useState(0);
  const takeBack = async (text: string): Promise<void> => {
    const draft = await loadDraft(chatId);
    saveDraft(chatId, draft === '' ? text : `${draft}\n${text}`);
    setTakenBack((count) => count + 1);
  };
  return (
    <section className="chat" aria-label={t('chat.tabChat')}>
      <MessageList
        key={chatId}
        myId={myId}
        onShowRubric={onShowRubric}
        onEdit={(text) => void takeBack(text)}
      />
      {status === 'gone' ? (
        <p className="chat-read-only">
          <Link to={paths.home}>{t('chat.goneHome')}</Link>
        </p>
      ) : role === 'viewer' ? (
        <p className="chat-read-only">{t('chat.readOnly')}</p>
      ) : (
        <div className="chat-composer">
          <StopAnswer />
          <Composer
            key={`${chatId} ${takenBack}`}
            draftId={chatId}
            loadDraft={loadDraft}
            saveDraft={saveDraft}
            onSend={(text) => send(text).then(() => true)}
            onTyping={typing}
          />
        </div>
      )}
    </section>
  );
}
