import { memo, useCallback, useMemo } from 'react';
import type { ChatState } from '../../sync/chat_state.ts';
import { waitingQuestions } from '../../sync/waiting.ts';
import { Button, Empty } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import { AnswerHead, MessageView } from './message_view.tsx';
import { AnswerText } from './answer_text.tsx';
import { Announcer } from './announcer.tsx';
import { OutgoingMessage } from './outgoing_message.tsx';
import { TypingLine } from './typing_line.tsx';
import { useStickToBottom } from './use_stick_to_bottom.ts';

interface Props {
  myId: string;
  onShowRubric: () => void;
  onEdit: (text: string) => void;
}

const nearTopPx = 240;

export function MessageList(props: Props) {
  const chat = useFrom('chat', ({ view }) => view.chat);
  const status = useFrom('chat', ({ view }) => view.status);
  return chat === null ? <NoMessages status={status} /> : <Log chat={chat} {...props} />;
}

function Log({ chat, myId, onShowRubric, onEdit }: Props & { chat: ChatState }) {
  const { t } = useText();
  const partials = useFrom('chat', ({ view }) => view.partials);
  const loadingOlder = useFrom('chat', ({ view }) => view.loadingOlder);
  const outbox = useFrom('chat', (chat) => chat.outbox);
  const loadOlder = useFrom('chat', (chat) => chat.loadOlder);
  const { messages } = chat;
  const written = partials.reduce((sum, partial) => sum + partial.text.length, 0);
  const last = `${messages.at(-1)?.id ?? ''} ${outbox.length} ${written}`;
  const { ref, atBottom, onScroll, toBottom } = useStickToBottom(
    messages[0]?.id,
    last,
    outbox.length,
  );
  return (
    <div className="log-frame">
      <div
        ref={ref}
        className="log"
        role="log"
        aria-label={t('chat.log')}
        aria-live="off"
        tabIndex={0}
        onScroll={(event) => {
          onScroll();
          if (event.currentTarget.scrollTop < nearTopPx) loadOlder();
        }}
      >
        <div className="log-lines">
          {loadingOlder && <p className="log-older">{t('chat.older')}</p>}
          <Messages chat={chat} myId={myId} onShowRubric={onShowRubric} />
          {partials.map((partial) => (
            <article
              key={partial.jobId}
              className="message message-answer message-partial"
              aria-label={t('chat.ai')}
              aria-busy="true"
              data-testid="message"
              data-role="AI"
              data-state="streaming"
            >
              <AnswerHead meta={{}} />
              <AnswerText text={partial.text} />
            </article>
          ))}
          <Thinking chat={chat} />
          {outbox.map((entry) => (
            <OutgoingMessage key={entry.clientId} entry={entry} onEdit={onEdit} />
          ))}
          <TypingLine members={chat.record.members} />
        </div>
      </div>
      {!atBottom && (
        <Button className="log-to-bottom" size="small" onClick={toBottom}>
          <Icon name="down" /> {t('chat.toBottom')}
        </Button>
      )}
      <Announcer messages={messages} />
    </div>
  );
}

interface MessagesProps {
  chat: ChatState;
  myId: string;
  onShowRubric: () => void;
}

const Messages = memo(function Messages({ chat, myId, onShowRubric }: MessagesProps) {
  const send = useFrom('chat', (store) => store.send);
  const onSend = useCallback((text: string) => void send(text), [send]);
  const { t } = useText();
  const { members, failures, role } = chat.record;
  const names = useMemo(
    () => new Map(members.map((member) => [member.userId, member.name])),
    [members],
  );
  const failed = new Map(failures.map((failure) => [failure.replyTo, failure.reason]));
  const answers = new Map(chat.messages.map((message) => [message.replyTo, message.seq]));
  const turns = new Map(waitingQuestions(chat).map((question, turn) => [question.seq, turn]));
  return chat.messages.map((message, index) => {
    const mine = message.userId === myId;
    return (
      <MessageView
        key={message.id}
        message={message}
        mine={mine}
        author={mine ? null : (names.get(message.userId ?? '') ?? t('chat.someone'))}
        choosable={index === chat.messages.length - 1 && role !== 'viewer'}
        failed={failed.get(message.seq) ?? null}
        superseded={message.role === 'AI' && answers.get(message.replyTo) !== message.seq}
        ahead={turns.get(message.seq) ?? 0}
        viewer={role === 'viewer'}
        onSend={onSend}
        onShowRubric={onShowRubric}
      />
    );
  });
});

/** Three dots between a question and the first words of its answer. */
function Thinking({ chat }: { chat: ChatState }) {
  const { t } = useText();
  const writing = useFrom('chat', ({ view }) => view.partials.length > 0);
  const online = useFrom('connection', ({ state }) => state.kind === 'online');
  if (waitingQuestions(chat).length === 0 || writing || !online) return null;
  return (
    <p className="thinking" role="status">
      <span className="hidden">{t('chat.thinking')}</span>
      <span className="dot" />
      <span className="dot" />
      <span className="dot" />
    </p>
  );
}

function NoMessages({ status }: { status: string }) {
  const { t } = useText();
  const reload = useFrom('chat', (chat) => chat.reload);
  if (status === 'gone') {
    return (
      <Empty title={t('chat.gone')}>
        <p>{t('chat.goneText')}</p>
      </Empty>
    );
  }
  if (status === 'failed') {
    return (
      <Empty title={t('chat.failed')}>
        <Button onClick={reload}>{t('common.retry')}</Button>
      </Empty>
    );
  }
  return (
    <div className="log-ghosts" role="status" aria-label={t('common.loading')}>
      <div className="skeleton log-ghost-mine" />
      <div className="skeleton log-ghost" />
      <div className="skeleton log-ghost log-ghost-short" />
    </div>
  );
}
