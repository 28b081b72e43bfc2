// @vitest-environment happy-dom
import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Stores } from '../../stores/stores.ts';
import type { ExportedFile } from '../../sync/api.ts';
import { TextProvider } from '../../ui/i18n/use_text.tsx';
import { saveFile } from '../../ui/save_file.ts';
import { StoresProvider } from '../../ui/stores.tsx';
import { ExportMenu } from './export_menu.tsx';

vi.mock(import('../../ui/save_file.ts'), () => ({ saveFile: vi.fn<typeof saveFile>() }));

describe('ExportMenu', () => {
  const toast = vi.fn<(text: string) => void>();

  beforeEach(() => {
    vi.mocked(saveFile).mockReset();
    toast.mockReset();
  });
  afterEach(cleanup);

  const download = async (exported: ExportedFile | 'unsaved' | null) => {
    const exportAs = vi.fn<(format: string, language: string) => Promise<typeof exported>>();
    exportAs.mockResolvedValue(exported);
    const rubric = createStore(() => ({ exportAs }));
    const toasts = createStore(() => ({ show: toast }));
    render(
      <StoresProvider stores={{ rubric, toasts } as unknown as Stores}>
        <TextProvider locale="en">
          <ExportMenu shown="en" />
        </TextProvider>
      </StoresProvider>,
    );
    await userEvent.click(screen.getByRole('button', { name: 'Download' }));
    const platforms = screen.getByRole('group', { name: 'Learning platforms' });
    await userEvent.click(within(platforms).getByRole('menuitem', { name: 'Turnitin (XLSX)' }));
    expect(exportAs.mock.calls).toEqual([['turnitin-xlsx', 'en']]);
  };
  const file = (warnings: string[]) => ({ file: new Blob(['x']), name: 'r.xlsx', warnings });

  it('saves the file and has nothing to say of one that is whole', async () => {
    await download(file([]));
    await waitFor(() => expect(vi.mocked(saveFile)).toHaveBeenCalledOnce());
    expect(screen.queryByTestId('export-warnings')).toBeNull();
  });

  it('says what the file could not hold, what it does not know of included', async () => {
    await download(file(['title_cut', 'empty_descriptor', 'from_the_future']));
    const lines = within(await screen.findByTestId('export-warnings')).getAllByRole('listitem');
    expect(lines.map(({ textContent }) => textContent.trim())).toEqual([
      'Some cells have no text.',
      'Turnitin shows only the first 13 characters of some names.',
      'Something may not be as it is here. Please check the file.',
    ]);
    expect(vi.mocked(saveFile)).toHaveBeenCalledOnce();
  });

  it('makes no file of what could not be saved', async () => {
    await download('unsaved');
    await waitFor(() => expect(toast.mock.calls).toEqual([['export_unsaved']]));
    expect(vi.mocked(saveFile)).not.toHaveBeenCalled();
  });
});
