import { useState } from 'react';
import type { Message } from '../../protocol/chat.ts';
import { useText } from '../../ui/i18n/use_text.tsx';

/** Reads each finished answer out, once and whole: a stream of pieces would only interrupt. */
export function Announcer({ messages }: { messages: readonly Message[] }) {
  const { t } = useText();
  const newest = messages.at(-1);
  const [openedAt] = useState(newest?.seq ?? 0);
  const isNews = newest?.role === 'AI' && newest.seq > openedAt;
  return (
    <p className="hidden" aria-live="polite">
      {isNews ? t('chat.answered', spoken(newest.content)) : ''}
    </p>
  );
}

/** Without the signs of Markdown, which would be read out. */
function spoken(markdown: string): string {
  return markdown.replaceAll(/\*\*|__|`|^\s*(?:[-*>]|#+)\s+/gm, '');
}
