import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';

interface Props {
  /** Names the draft. Give the composer the same `key`: another draft is another composer. */
  draftId: string;
  loadDraft: (draftId: string) => Promise<string>;
  saveDraft: (draftId: string, text: string) => void;
  /** Resolves when the text is safe; false leaves it in the box. */
  onSend: (text: string) => Promise<boolean>;
  onTyping?: () => void;
  busy?: boolean;
}

const contentMax = 32 * 1024;

/** The box one writes in. Enter sends, but never the Enter that ends an input method's word. */
export function Composer({ draftId, loadDraft, saveDraft, onSend, onTyping, busy = false }: Props) {
  const { t } = useText();
  const { text, setText, box } = useDraft(draftId, loadDraft);
  const tooLong = new TextEncoder().encode(text).length > contentMax;
  const empty = text.trim() === '';

  const change = (next: string): void => {
    setText(next);
    saveDraft(draftId, next);
    if (next !== '') onTyping?.();
  };
  const send = async (): Promise<void> => {
    if (empty || tooLong || busy) return;
    setText('');
    if (!(await onSend(text))) setText((typed) => (typed === '' ? text : typed));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || endsComposition(event.nativeEvent)) return;
    event.preventDefault();
    void send();
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        ref={box}
        id="composer"
        className="composer-text"
        rows={1}
        placeholder={t('chat.placeholder')}
        aria-label={t('chat.message')}
        aria-describedby="composer-hint"
        aria-invalid={tooLong}
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
        data-testid="composer"
      />
      <span id="composer-hint" className={tooLong ? 'composer-hint composer-error' : 'hidden'}>
        {t(tooLong ? 'error.content_too_long' : 'chat.sendHint')}
      </span>
      <button
        type="submit"
        className="composer-send"
        aria-label={t('chat.send')}
        title={t('chat.sendHint')}
        disabled={empty || tooLong || busy}
        data-testid="send"
      >
        <Icon name="send" />
      </button>
    </form>
  );
}

/** The text in the box: begins as the stored draft, and the box grows with it. */
function useDraft(draftId: string, loadDraft: Props['loadDraft']) {
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');

  useEffect(() => {
    let current = true;
    void loadDraft(draftId).then((draft) => {
      if (current) setText((typed) => (typed === '' ? draft : typed));
    });
    // On a touch screen the keyboard would jump up unasked.
    if (window.matchMedia('(hover: hover)').matches) box.current?.focus({ preventScroll: true });
    return () => {
      current = false;
    };
  }, [draftId, loadDraft]);

  useLayoutEffect(() => {
    const area = box.current;
    if (area === null) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);

  return { text, setText, box };
}

function endsComposition(event: globalThis.KeyboardEvent): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- 229 is the only sign Safari gives.
  return event.isComposing || event.keyCode === 229;
}
