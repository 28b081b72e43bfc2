import type { ButtonHTMLAttributes, InputHTMLAttributes, ReactNode } from 'react';
import { useId } from 'react';
import { Icon, type IconName } from './icon.tsx';

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: 'plain' | 'primary' | 'quiet' | 'danger';
  size?: 'medium' | 'small';
};

export function Button({ look = 'plain', size = 'medium', className, ...rest }: ButtonProps) {
  const names = ['button', `button-${look}`, `button-${size}`, className ?? ''];
  return <button type="button" className={names.join(' ').trim()} {...rest} />;
}

type IconButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  icon: IconName;
  /** What the button does: read out, and shown as a tip. */
  label: string;
  size?: 'medium' | 'small';
};

export function IconButton({ icon, label, size = 'medium', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className={`icon-button icon-button-${size}`}
      aria-label={label}
      title={label}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}

type FieldProps = InputHTMLAttributes<HTMLInputElement> & { label: string; hint?: string };

export function Field({ label, hint, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="input"
        {...(hint === undefined ? {} : { 'aria-describedby': `${id}-hint` })}
        {...rest}
      />
      {hint !== undefined && (
        <span id={`${id}-hint`} className="field-hint">
          {hint}
        </span>
      )}
    </div>
  );
}

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; text: string }[];
  onChange: (value: T) => void;
}

/** A radio group on one line; arrow keys move, as in any radio group. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  const move = (step: number): void => {
    const at = options.findIndex((option) => option.value === value);
    const next = options[(at + step + options.length) % options.length];
    if (next !== undefined) onChange(next.value);
  };
  return (
    <div
      className="segments"
      role="radiogroup"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight' || event.key === 'ArrowDown') move(1);
        else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') move(-1);
        else return;
        event.preventDefault();
      }}
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          className="segment"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}

/** The first letter of a name; a Chinese name's last one says more than its first. */
export function Avatar({ name }: { name: string }) {
  // Every teacher's name may end with 老師, which tells nobody apart.
  const letters = Array.from(name.trim().replace(/(?<=.)老師$/u, ''));
  const isHan = /\p{Script=Han}/u.test(letters[0] ?? '');
  const letter = (isHan ? letters.at(-1) : letters[0]) ?? '?';
  return (
    <span className="avatar" aria-hidden="true">
      {letter.toUpperCase()}
    </span>
  );
}

export function Empty({ title, children }: { title?: string; children?: ReactNode }) {
  return (
    <div className="empty">
      {title !== undefined && <h2 className="empty-title">{title}</h2>}
      {children}
    </div>
  );
}
