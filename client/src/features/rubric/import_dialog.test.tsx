// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { ImportPreview } from '../../protocol/rubric.ts';
import type { Stores } from '../../stores/stores.ts';
import { sampleRubric } from '../../sync/rubric_sample.ts';
import { TextProvider } from '../../ui/i18n/use_text.tsx';
import { StoresProvider } from '../../ui/stores.tsx';
import { ImportDialog } from './import_dialog.tsx';

describe('ImportDialog', () => {
  afterEach(cleanup);

  /** What was asked to be read, in order; each is answered by the test. */
  const show = () => {
    const asked: ((preview: ImportPreview | null) => void)[] = [];
    const adopt = vi.fn<(rubric: unknown) => void>();
    const previewImport = () =>
      new Promise<ImportPreview | null>((answer) => {
        asked.push(answer);
      });
    const rubric = createStore(() => ({ previewImport, adopt }));
    render(
      <StoresProvider stores={{ rubric } as unknown as Stores}>
        <TextProvider locale="en">
          <ImportDialog onClose={() => undefined} />
        </TextProvider>
      </StoresProvider>,
    );
    return { asked, adopt };
  };
  const choose = (name: string, bytes = 10) =>
    userEvent.upload(screen.getByTestId('import-file'), new File(['x'.repeat(bytes)], name));
  const titled = (title: string): ImportPreview => ({
    rubric: { ...sampleRubric(), title: { en: title } },
    notes: [],
  });

  it('shows what was chosen last, whichever is read sooner', async () => {
    const { asked, adopt } = show();
    await choose('old.csv');
    await choose('new.csv');
    await act(() => Promise.resolve(asked[1]?.(titled('New'))));
    await act(() => Promise.resolve(asked[0]?.(titled('Old'))));
    expect(screen.getByTestId('import-found').textContent).toContain('New');
    await userEvent.click(screen.getByTestId('import-adopt'));
    expect(adopt.mock.calls).toMatchObject([[{ title: { en: 'New' } }]]);
  });

  it('says that a file is too large, whatever an earlier one comes to', async () => {
    const { asked } = show();
    await choose('old.csv');
    await choose('large.csv', 1024 * 1024 + 1);
    await act(() => Promise.resolve(asked[0]?.(titled('Old'))));
    expect(screen.queryByTestId('import-found')).toBeNull();
    screen.getByText('That is more than 1 MB.');
  });
});
