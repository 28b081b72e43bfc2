import { useState } from 'react';
import type { Message } from '../../protocol/chat.ts';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';

interface Props {
  message: Message;
  /** Questions that are answered before this one, at least one. */
  ahead: number;
  mine: boolean;
}

/** Under a question that waits for its turn: its author may still take it back. */
export function QueuedNote({ message, ahead, mine }: Props) {
  const { t } = useText();
  const withdraw = useFrom('chat', (chat) => chat.withdraw);
  const [leaving, setLeaving] = useState(false);
  const takeBack = async (): Promise<void> => {
    setLeaving(true);
    if (!(await withdraw(message.id))) setLeaving(false);
  };
  return (
    <p className="message-queued" data-testid="queued">
      <Icon name="clock" /> {t('chat.queued', ahead)}
      {mine && (
        <Button size="small" disabled={leaving} onClick={() => void takeBack()}>
          {t('chat.withdraw')}
        </Button>
      )}
    </p>
  );
}
