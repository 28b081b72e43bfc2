import { useCallback, useEffect, useState } from 'react';
import { answering } from '../../sync/waiting.ts';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';

/** Stops the answer that is being written; Escape does the same. Nothing where none is. */
export function StopAnswer() {
  const replyTo = useFrom('chat', ({ view }) => answering(view.chat, view.partials));
  const online = useFrom('connection', ({ state }) => state.kind === 'online');
  return replyTo === null || !online ? null : <Stop key={replyTo} replyTo={replyTo} />;
}

function Stop({ replyTo }: { replyTo: number }) {
  const { t } = useText();
  const stopAnswer = useFrom('chat', (chat) => chat.stopAnswer);
  const [stopping, setStopping] = useState(false);
  const stop = useCallback(async (): Promise<void> => {
    setStopping(true);
    if (!(await stopAnswer(replyTo))) setStopping(false);
  }, [replyTo, stopAnswer]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return;
      if (!stopping && isForTheChat(event.target)) void stop();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [stop, stopping]);
  return (
    <p className="chat-stop">
      <Button
        size="small"
        disabled={stopping}
        title={t('chat.stopHint')}
        onClick={() => void stop()}
        data-testid="stop-answer"
      >
        <Icon name="stop" /> {t(stopping ? 'chat.stopping' : 'chat.stop')}
      </Button>
    </p>
  );
}

/** In a dialog, a menu or the table Escape means something else. */
function isForTheChat(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]') !== null) return false;
  return (
    target === document.body || (target instanceof Element && target.closest('.chat') !== null)
  );
}
