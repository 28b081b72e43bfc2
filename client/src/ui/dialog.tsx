import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconButton } from './controls.tsx';
import { useText } from './i18n/use_text.tsx';

interface Props {
  title: string;
  wide?: boolean;
  /** Absent: the dialog can only be left by what it asks for. */
  onClose?: () => void;
  children: ReactNode;
}

/** A modal over the page. The browser keeps the focus in it and gives it back afterwards. */
export function Dialog({ title, wide = false, onClose, children }: Props) {
  const { t } = useText();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog?.open === false) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose?.();
      }}
    >
      <div className="dialog-head">
        <h2 id={titleId} className="dialog-title">
          {title}
        </h2>
        {onClose !== undefined && (
          <IconButton icon="close" label={t('common.close')} onClick={onClose} />
        )}
      </div>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
