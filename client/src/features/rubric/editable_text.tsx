import { useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import type { Language } from '../../protocol/rubric.ts';

interface Props {
  label: string;
  text: string;
  placeholder: string;
  language: Language;
  maxLength: number;
  readOnly: boolean;
  className?: string;
  onChange: (text: string) => void;
}

/**
 * A text that is edited where it stands. It looks like text, grows like text, and is a text box for
 * keyboards and screen readers. Enter and leaving it keep the change, Escape takes it back.
 */
export function EditableText(props: Props) {
  if (!props.readOnly) return <TextBox {...props} />;
  return (
    <div className={`editable ${props.className ?? ''}`} lang={props.language}>
      {props.text}
    </div>
  );
}

/** A component of its own, so that one whose reader may write from now on begins with its text. */
function TextBox(props: Props) {
  const { label, text, placeholder, language, className = '' } = props;
  const box = useRef<HTMLDivElement>(null);
  const typed = useRef(false);

  // The element's text is its own while it is edited; from outside it changes only otherwise.
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null && element !== document.activeElement && element.innerText !== text) {
      element.textContent = text;
    }
  }, [text]);

  // Only what somebody typed is kept: whatever else the element may hold is no change.
  const commit = (): void => {
    if (box.current === null || !typed.current) return;
    typed.current = false;
    const kept = box.current.innerText.replace(/\s+$/g, '').slice(0, props.maxLength);
    box.current.textContent = kept;
    if (kept !== text) props.onChange(kept);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      event.currentTarget.textContent = text;
      typed.current = false;
    } else if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    event.currentTarget.blur();
  };
  return (
    <div
      ref={box}
      className={`editable editable-on ${className}`}
      role="textbox"
      aria-multiline="true"
      aria-label={label}
      lang={language}
      tabIndex={0}
      contentEditable="plaintext-only"
      suppressContentEditableWarning
      spellCheck={false}
      data-placeholder={placeholder}
      onInput={() => (typed.current = true)}
      onBlur={commit}
      onKeyDown={onKeyDown}
    />
  );
}
