import type { Member } from '../../protocol/chat.ts';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';

export function TypingLine({ members }: { members: readonly Member[] }) {
  const { t, locale } = useText();
  const typing = useFrom('chat', (chat) => chat.people.typing);
  if (typing.length === 0) return null;
  const names = typing.map(
    (id) => members.find((member) => member.userId === id)?.name ?? t('chat.someone'),
  );
  const list = new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
  return <p className="typing-line">{t('chat.typing', list)}</p>;
}
