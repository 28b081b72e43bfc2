// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ImportNote } from '../../protocol/rubric.ts';
import { TextProvider } from '../../ui/i18n/use_text.tsx';
import { HiddenChoice } from './hidden_choice.tsx';

afterEach(cleanup);

const note = (how?: string): ImportNote => ({
  severity: 'warning',
  message: { en: 'a', 'zh-TW': '一' },
  ...(how !== undefined && { hidden: { how } }),
});

const show = (notes: ImportNote[], onChoose = vi.fn()) => {
  render(
    <TextProvider locale="zh-TW">
      <HiddenChoice notes={notes} hidden="leave-out" onChoose={onChoose} />
    </TextProvider>,
  );
  return onChoose;
};

describe('HiddenChoice', () => {
  it('is not there where nothing is hidden, or nothing that could be kept', () => {
    show([note(), note('invisible_characters')]);
    expect(screen.queryByRole('checkbox')).toBeNull();
  });

  it('leaves out unless the teacher says otherwise', () => {
    const onChoose = show([note('same_colour')]);
    const box = screen.getByRole('checkbox', { name: '也匯入檔案中看不見的文字' });
    expect(box).toHaveProperty('checked', false);
    fireEvent.click(box);
    expect(onChoose).toHaveBeenCalledExactlyOnceWith('keep');
  });
});
