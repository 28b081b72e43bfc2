// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { TextProvider } from '../../ui/i18n/use_text.tsx';
import { EditableNumber } from './editable_number.tsx';

describe('EditableNumber', () => {
  afterEach(cleanup);

  const show = () => {
    const onChange = vi.fn<(value: number) => void>();
    render(
      <TextProvider locale="en">
        <EditableNumber label="Weight" value={25} max={100} readOnly={false} onChange={onChange} />
      </TextProvider>,
    );
    return onChange;
  };
  const box = () => screen.getByRole('textbox');
  const leaveWith = (text: string) => {
    fireEvent.change(box(), { target: { value: text } });
    fireEvent.blur(box());
  };
  const shown = () => (box() as HTMLInputElement).value;

  it('takes a number, with or without the sign of percent', () => {
    const onChange = show();
    leaveWith('30 %');
    leaveWith('４０％');
    expect(onChange.mock.calls).toEqual([[30], [40]]);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it.each(['150', '-1', 'many'])('keeps %s in the field and says what it may be', (text) => {
    const onChange = show();
    leaveWith(text);
    expect(onChange).not.toHaveBeenCalled();
    expect(shown()).toBe(text);
    expect(box().getAttribute('aria-invalid')).toBe('true');
    screen.getByText('A number from 0 to 100');
  });

  it('goes back to the old number by Escape, or when it is left empty', () => {
    const onChange = show();
    leaveWith('150');
    fireEvent.keyDown(box(), { key: 'Escape' });
    expect(shown()).toBe('25');
    expect(screen.queryByRole('alert')).toBeNull();
    leaveWith(' ');
    expect(shown()).toBe('25');
    expect(onChange).not.toHaveBeenCalled();
  });
});
