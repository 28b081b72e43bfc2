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
  const { label, text, placeholder, language, readOnly, className = '' } = props;
  const box = useRef<HTMLDivElement>(null);

  // The element's text is its own while it is edited; from outside it changes only otherwise.
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null && element !== document.activeElement && element.innerText !== text) {
      element.textContent = text;
    }
  }, [text]);

  if (readOnly) {
    return (
      <div className={`editable ${className}`} lang={language}>
        {text}
      </div>
    );
  }
  const commit = (): void => {
    const typed = (box.current?.innerText ?? '').replace(/\s+$/g, '').slice(0, props.maxLength);
    if (box.current !== null) box.current.textContent = typed;
    if (typed !== text) props.onChange(typed);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') event.currentTarget.textContent = text;
    else if (event.key !== 'Enter' || event.shiftKey) return;
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
      onBlur={commit}
      onKeyDown={onKeyDown}
    />
  );
}
