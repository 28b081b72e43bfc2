import { useCallback } from 'react';
import { paths } from '../../stores/route_store.ts';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { Composer } from './composer.tsx';
import { startersOf } from './starters.ts';
import './chat.css';
import './home.css';

/** Where a new conversation begins: a question, a box, and examples that work as they are. */
export function Home({ name }: { name: string }) {
  const { t, locale, errorOf } = useText();
  const startChat = useFrom('chatList', (list) => list.startChat);
  const loadDraft = useFrom('chatList', (list) => list.loadNewDraft);
  const saveDraft = useFrom('chatList', (list) => list.saveNewDraft);
  const busy = useFrom('chatList', (list) => list.creating);
  const errorCode = useFrom('chatList', (list) => list.errorCode);
  const go = useFrom('route', (route) => route.go);
  const start = useCallback(
    async (text: string) => {
      const chatId = await startChat(text);
      if (chatId !== null) go(paths.chat(chatId));
      return chatId !== null;
    },
    [startChat, go],
  );
  const save = useCallback((_id: string, text: string) => saveDraft(text), [saveDraft]);
  return (
    <section className="home">
      <title>{t('app.name')}</title>
      <div className="home-inner">
        <h1 className="home-greeting">{t('home.greeting', name)}</h1>
        <p className="home-hint">{t('home.hint')}</p>
        <Composer draftId="new" loadDraft={loadDraft} saveDraft={save} onSend={start} busy={busy} />
        <div role="alert">
          {errorCode !== null && <p className="form-error">{errorOf(errorCode)}</p>}
        </div>
        <h2 className="home-starters-title">{t('home.starters')}</h2>
        <ul className="home-starters">
          {startersOf(locale).map((starter) => (
            <li key={starter.title}>
              <button
                type="button"
                className="starter"
                disabled={busy}
                onClick={() => void start(starter.text)}
                data-testid="starter"
              >
                <span className="starter-icon">
                  <Icon name={starter.icon} />
                </span>
                <span className="starter-title">{starter.title}</span>
                <span className="starter-text">{starter.text}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
