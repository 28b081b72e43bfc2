import { describe, expect, it } from 'vitest';
import { Observable } from '../sync/observable.ts';
import type { Workspace } from '../sync/workspace.ts';
import { createRubricStore } from './rubric_store.ts';

describe('createRubricStore', () => {
  /** What was asked of the open chat, in order. */
  const exported = async (savable: boolean) => {
    const asked: string[] = [];
    const flush = () => {
      asked.push('flush');
      return Promise.resolve(savable);
    };
    const exportRubric = (chatId: string, format: string) => {
      asked.push(`export ${chatId} ${format}`);
      return Promise.resolve({ ok: true, value: { name: 'r.md' } });
    };
    const open = new Observable({ id: 'c', rubric: { view: new Observable(null), flush } });
    const workspace = { open, api: { exportRubric } } as unknown as Workspace;
    const store = createRubricStore(new Observable<Workspace | null>(workspace), () => 'id');
    return { file: await store.getState().exportAs('markdown', 'en'), asked };
  };

  it('saves what is shown before it is made a file of', async () => {
    expect(await exported(true)).toEqual({
      file: { name: 'r.md' },
      asked: ['flush', 'export c markdown'],
    });
  });

  it('makes no file of a table that could not be saved', async () => {
    expect(await exported(false)).toEqual({ file: 'unsaved', asked: ['flush'] });
  });
});
