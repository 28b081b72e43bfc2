import { memo, useState } from 'react';
import type { AnswerMeta, Message } from '../../protocol/chat.ts';
import { Avatar, Button, IconButton } from '../../ui/controls.tsx';
import { copyText } from '../../ui/clipboard.ts';
import { fullTime, shortTime } from '../../ui/dates.ts';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { useNow } from '../../ui/use_now.ts';
import { AnswerText } from './answer_text.tsx';
import { QueuedNote } from './queued_note.tsx';

interface Props {
  message: Message;
  /** Mine stand at the right. */
  mine: boolean;
  /** The author's name, where it is somebody else. */
  author: string | null;
  /** The choices under the newest answer are buttons; older ones have been decided. */
  choosable: boolean;
  /** Why there is no answer to this message, or no other one, if so. */
  failed: string | null;
  /** There is a newer answer to the same message. */
  superseded: boolean;
  /** Questions that are answered before this one, which has no answer yet; 0 where it has none. */
  ahead: number;
  /** Who only reads asks nothing. */
  viewer: boolean;
  onSend: (text: string) => void;
  onShowRubric: () => void;
}

export const MessageView = memo(function MessageView(props: Props) {
  const { message } = props;
  return message.role === 'AI' ? <Answer {...props} /> : <Question {...props} />;
});

function Question({ message, mine, author, failed, ahead, viewer }: Props) {
  const { t } = useText();
  return (
    <article
      className={mine ? 'message message-mine' : 'message message-other'}
      aria-label={mine ? t('chat.you') : (author ?? t('chat.someone'))}
      data-testid="message"
      data-role="USER"
      data-seq={message.seq}
      data-state="stored"
    >
      {author !== null && (
        <p className="message-author">
          <Avatar name={author} /> {author}
        </p>
      )}
      <div className="bubble plain-text">{message.content}</div>
      <Foot message={message} />
      {ahead > 0 && <QueuedNote message={message} ahead={ahead} mine={mine} />}
      {failed === 'stopped' && (
        <p className="message-stopped">
          <Icon name="stop" /> {t('chat.stoppedNote')}
          {!viewer && <AskAgain replyTo={message.seq} />}
        </p>
      )}
      {failed !== null && failed !== 'stopped' && (
        <p className="message-failed">
          <Icon name="warn" />{' '}
          {t(failed === 'ai_unavailable' ? 'chat.aiAway' : 'chat.answerFailed')}
          {!viewer && <AskAgain replyTo={message.seq} />}
        </p>
      )}
    </article>
  );
}

function AskAgain({ replyTo }: { replyTo: number }) {
  const { t } = useText();
  const askAgain = useFrom('chat', (chat) => chat.askAgain);
  const [asking, setAsking] = useState(false);
  const ask = async (): Promise<void> => {
    setAsking(true);
    await askAgain(replyTo);
    setAsking(false);
  };
  return (
    <Button size="small" disabled={asking} onClick={() => void ask()}>
      {t('chat.askAgain')}
    </Button>
  );
}

function Answer({ message, choosable, superseded, onSend, onShowRubric }: Props) {
  const { t } = useText();
  const meta = message.meta ?? {};
  return (
    <article
      className="message message-answer"
      aria-label={t('chat.ai')}
      data-testid="message"
      data-role="AI"
      data-seq={message.seq}
      data-state="stored"
    >
      <AnswerHead meta={meta} superseded={superseded} />
      <AnswerText text={message.content} />
      <Outcome meta={meta} onShowRubric={onShowRubric} />
      {choosable && mayAskAgain(meta) && message.replyTo !== undefined && (
        <p className="choices">
          <AskAgain replyTo={message.replyTo} />
        </p>
      )}
      {choosable && meta.choices !== undefined && meta.choices.length > 0 && (
        <div className="choices" role="group" aria-label={t('chat.choices')}>
          {meta.choices.map((choice) => (
            <Button key={choice.text} size="small" onClick={() => onSend(choice.text)}>
              {choice.label}
            </Button>
          ))}
        </div>
      )}
      <Foot message={message} />
    </article>
  );
}

function mayAskAgain(meta: AnswerMeta): boolean {
  return meta.degraded === true || meta.stopped === true;
}

interface HeadProps {
  meta: AnswerMeta;
  superseded?: boolean;
}

export function AnswerHead({ meta, superseded = false }: HeadProps) {
  const { t } = useText();
  return (
    <p className="answer-head">
      <span className="answer-mark">
        <Icon name="spark" />
      </span>
      <span className="answer-name">{t('chat.ai')}</span>
      {meta.degraded === true && (
        <span className="tag">
          {t(meta.source === 'rules' ? 'chat.degraded' : 'chat.otherModel')}
        </span>
      )}
      {meta.degraded !== true && meta.source === 'rules' && (
        <span className="tag">{t('chat.rules')}</span>
      )}
      {superseded && <span className="tag">{t('chat.superseded')}</span>}
      {meta.stopped === true && <span className="tag">{t('chat.stopped')}</span>}
      {meta.suspicious !== undefined && (
        <span className="tag" data-testid="suspicious">
          {t('chat.suspicious', meta.suspicious)}
        </span>
      )}
    </p>
  );
}

function Outcome({ meta, onShowRubric }: { meta: AnswerMeta; onShowRubric: () => void }) {
  const { t } = useText();
  const { outcome, rubricVersion } = meta;
  if (outcome === 'proposed') {
    return (
      <button type="button" className="outcome" onClick={onShowRubric}>
        <Icon name="table" /> {t('chat.outcome.proposed')}
      </button>
    );
  }
  if (rubricVersion === undefined) return null;
  if (outcome !== 'created' && outcome !== 'edited') return null;
  return (
    <button type="button" className="outcome" onClick={onShowRubric}>
      <Icon name="table" /> {t(`chat.outcome.${outcome}`, rubricVersion)}
    </button>
  );
}

function Foot({ message }: { message: Message }) {
  const { t, locale } = useText();
  const now = useNow();
  const toast = useFrom('toasts', (toasts) => toasts.show);
  const copy = async (): Promise<void> =>
    toast((await copyText(message.content)) ? 'copied' : 'copy_failed');
  return (
    <p className="message-foot">
      <time dateTime={message.time} title={fullTime(message.time, locale)}>
        {shortTime(message.time, locale, now)}
      </time>
      {message.editedAt !== undefined && <span>{t('chat.edited')}</span>}
      {message.meta?.source === 'import' && <span>{t('chat.imported')}</span>}
      <IconButton size="small" icon="copy" label={t('common.copy')} onClick={() => void copy()} />
    </p>
  );
}
