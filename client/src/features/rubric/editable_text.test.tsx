// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EditableText } from './editable_text.tsx';

describe('EditableText', () => {
  afterEach(cleanup);

  const show = (text: string, readOnly = false) => {
    const onChange = vi.fn<(text: string) => void>();
    const element = (shown: string) => (
      <EditableText
        label="Claim, good"
        text={shown}
        placeholder="…"
        language="en"
        maxLength={10}
        readOnly={readOnly}
        onChange={onChange}
      />
    );
    const { rerender } = render(element(text));
    return { onChange, again: (next: string) => rerender(element(next)) };
  };
  const box = () => screen.getByRole('textbox');
  const type = (text: string) => {
    box().focus();
    box().textContent = text;
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

  it('is plain text for those who may only read', () => {
    show('old', true);
    expect(screen.queryByRole('textbox')).toBeNull();
    screen.getByText('old');
  });
});
