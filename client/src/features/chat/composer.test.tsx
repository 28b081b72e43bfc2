// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TextProvider } from '../../ui/i18n/use_text.tsx';
import { Composer } from './composer.tsx';

describe('Composer', () => {
  const user = userEvent.setup();
  const onSend = vi.fn<(text: string) => Promise<boolean>>();
  const saveDraft = vi.fn<(id: string, text: string) => void>();

  beforeEach(() => {
    onSend.mockReset().mockResolvedValue(true);
    saveDraft.mockReset();
  });
  afterEach(cleanup);

  const show = (draft = '') => {
    const loadDraft = () => Promise.resolve(draft);
    render(
      <TextProvider locale="en">
        <Composer draftId="c" loadDraft={loadDraft} saveDraft={saveDraft} onSend={onSend} />
      </TextProvider>,
    );
    return screen.getByTestId<HTMLTextAreaElement>('composer');
  };

  it('sends by Enter and breaks the line by Shift+Enter', async () => {
    const box = show();
    await user.type(box, 'one{Shift>}{Enter}{/Shift}two{Enter}');
    expect(onSend.mock.calls).toEqual([['one\ntwo']]);
    expect(box.value).toBe('');
  });

  it('never sends by the Enter that ends an input method’s word', async () => {
    const box = show();
    await user.type(box, '評分');
    fireEvent.keyDown(box, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
    expect(onSend).not.toHaveBeenCalled();
    fireEvent.keyDown(box, { key: 'Enter', keyCode: 13 });
    expect(onSend).toHaveBeenCalledWith('評分');
  });

  it('brings the draft back and writes down every change', async () => {
    const box = show('half a');
    await vi.waitFor(() => expect(box.value).toBe('half a'));
    await user.type(box, '!');
    expect(saveDraft).toHaveBeenLastCalledWith('c', 'half a!');
  });

  it('keeps the text when it could not be sent', async () => {
    onSend.mockResolvedValue(false);
    const box = show();
    await user.type(box, 'precious{Enter}');
    await vi.waitFor(() => expect(box.value).toBe('precious'));
  });

  it('sends neither blanks nor more than 32 KiB', async () => {
    const box = show();
    await user.type(box, '  {Enter}');
    fireEvent.change(box, { target: { value: '評'.repeat(11_000) } });
    await user.type(box, '{Enter}');
    expect(onSend).not.toHaveBeenCalled();
    expect(screen.getByTestId<HTMLButtonElement>('send').disabled).toBe(true);
    screen.getByText('The message is too long.');
  });
});
