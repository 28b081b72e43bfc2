// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EditableText } from './editable_text.tsx';

describe('EditableText', () => {
  afterEach(cleanup);

  const show = (text: string, readOnly = false) => {
    const onChange = vi.fn<(text: string) => void>();
    const element = (shown: string, shownReadOnly: boolean) => (
      <EditableText
        label="Claim, good"
        text={shown}
        placeholder="…"
        language="en"
        maxLength={10}
        readOnly={shownReadOnly}
        onChange={onChange}
      />
    );
    const { rerender } = render(element(text, readOnly));
    const again = (next: string, nextReadOnly = false) => {
      rerender(element(next, nextReadOnly));
    };
    return { onChange, again };
  };
  const box = () => screen.getByRole('textbox');
  const type = (text: string) => {
    box().focus();
    box().textContent = text;
    fireEvent.input(box());
  };

  it('keeps a change when it is left, once', () => {
    const { onChange } = show('old');
    type('new ');
    fireEvent.blur(box());
    expect(onChange.mock.calls).toEqual([['new']]);
  });

  it('takes a change back by Escape', () => {
    const { onChange } = show('old');
    type('new');
    fireEvent.keyDown(box(), { key: 'Escape' });
    expect(box().textContent).toBe('old');
    expect(onChange).not.toHaveBeenCalled();
  });

  it('is not disturbed by news while it is edited', () => {
    const { again } = show('old');
    type('mine');
    again('theirs');
    expect(box().textContent).toBe('mine');
  });

  it('cuts what is too long', () => {
    const { onChange } = show('');
    type('x'.repeat(50));
    fireEvent.blur(box());
    expect(onChange.mock.calls[0]?.[0]).toBe('x'.repeat(10));
  });

  it('begins with its text for those who may write from now on, and is not emptied by a visit', () => {
    const { onChange, again } = show('old', true);
    again('old', false);
    expect(box().textContent).toBe('old');
    box().focus();
    box().textContent = '';
    fireEvent.blur(box());
    expect(onChange).not.toHaveBeenCalled();
  });

  it('is plain text for those who may only read', () => {
    show('old', true);
    expect(screen.queryByRole('textbox')).toBeNull();
    screen.getByText('old');
  });
});
