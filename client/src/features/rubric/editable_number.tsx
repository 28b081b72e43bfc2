import { useId, useState } from 'react';
import { useText } from '../../ui/i18n/use_text.tsx';
import { formatNumber } from './text_of.ts';

interface Props {
  label: string;
  value: number;
  min?: number;
  max: number;
  readOnly: boolean;
  onChange: (value: number) => void;
}

/**
 * A small number from `min` to `max`. What cannot be one stays in the field, marked, until it is mended
 * or taken back by Escape: nothing that was typed disappears by itself.
 */
export function EditableNumber({ label, value, min = 0, max, readOnly, onChange }: Props) {
  const { t } = useText();
  const hint = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);
  if (readOnly) return <span className="editable-number">{value}</span>;
  const shown = typed ?? String(value);
  const type = (text: string | null): void => {
    setTyped(text);
    setRefused(false);
  };
  const commit = (): void => {
    // As Chinese keyboards write it, too: ３０％.
    const text = typed?.normalize('NFKC').replace('%', '').trim() ?? '';
    const next = Number(text);
    if (text !== '' && !(next >= min && next <= max)) {
      setRefused(true);
      return;
    }
    type(null);
    if (text !== '' && next !== value) onChange(next);
  };
  return (
    <>
      <input
        className="editable-number editable-on"
        inputMode="decimal"
        aria-label={label}
        aria-invalid={refused}
        aria-describedby={refused ? hint : undefined}
        value={shown}
        style={{ width: `${Math.max(shown.length, 2) + 2}ch` }}
        onFocus={(event) => event.target.select()}
        onChange={(event) => type(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') type(null);
        }}
      />
      {refused && (
        <span id={hint} className="editable-hint" role="alert">
          {t('rubric.numberRange', formatNumber(min), formatNumber(max))}
        </span>
      )}
    </>
  );
}
