import { memo } from 'react';
import type { OutboxEntry } from '../../platform/database.ts';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';

interface Props {
  entry: OutboxEntry;
  /** Puts the text of a message taken back into the composer. */
  onEdit: (text: string) => void;
}

/** A message that the chat's stream has not brought back yet. */
export const OutgoingMessage = memo(function OutgoingMessage({ entry, onEdit }: Props) {
  const { t } = useText();
  return (
    <article
      className="message message-mine message-outgoing"
      aria-label={t('chat.you')}
      data-testid="message"
      data-role="USER"
      data-state={entry.state}
      data-client-id={entry.clientId}
    >
      <div className="bubble plain-text">{entry.content}</div>
      {entry.state === 'failed' ? <Failed entry={entry} onEdit={onEdit} /> : <Way entry={entry} />}
    </article>
  );
});

function Way({ entry }: { entry: OutboxEntry }) {
  const { t } = useText();
  const online = useFrom('connection', ({ state }) => state.kind === 'online');
  const text = entry.state === 'sent' ? 'chat.sent' : online ? 'chat.sending' : 'chat.waiting';
  return (
    <p className="message-foot message-foot-shown">
      <Icon name={entry.state === 'sent' ? 'check' : 'clock'} /> {t(text)}
    </p>
  );
}

function Failed({ entry, onEdit }: Props) {
  const { t, errorOf } = useText();
  const retry = useFrom('chat', (chat) => chat.retry);
  const discard = useFrom('chat', (chat) => chat.discard);
  return (
    <div className="message-failed" role="alert">
      <span className="message-reason">
        <Icon name="warn" /> {t('chat.notSent')} · {errorOf(entry.error?.code ?? '')}
      </span>
      <Button size="small" onClick={() => retry(entry.clientId)}>
        {t('common.retry')}
      </Button>
      <Button size="small" onClick={() => void discard(entry.clientId).then(onEdit)}>
        {t('common.edit')}
      </Button>
      <Button size="small" look="danger" onClick={() => void discard(entry.clientId)}>
        {t('common.delete')}
      </Button>
    </div>
  );
}
