import { useState } from 'react';

interface Props {
  label: string;
  value: number;
  max: number;
  readOnly: boolean;
  onChange: (value: number) => void;
}

/** A small number; what is no number is forgotten when the field is left. */
export function EditableNumber({ label, value, max, readOnly, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  if (readOnly) return <span className="editable-number">{value}</span>;
  const shown = typed ?? String(value);
  const commit = (): void => {
    const next = Number(typed?.replace('%', '').trim());
    setTyped(null);
    if (typed !== null && typed.trim() !== '' && next >= 0 && next <= max && next !== value) {
      onChange(next);
    }
  };
  return (
    <input
      className="editable-number editable-on"
      inputMode="decimal"
      aria-label={label}
      value={shown}
      style={{ width: `${Math.max(shown.length, 2) + 2}ch` }}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setTyped(null);
      }}
    />
  );
}
