import { createStore } from 'zustand/vanilla';
import type { HiddenTexts, ImportPreview, Rubric } from '../protocol/rubric.ts';
import { within, type Observable } from '../sync/observable.ts';
import type { RubricView } from '../sync/rubric_sync.ts';
import type { ExportedFile } from '../sync/api.ts';
import type { Workspace } from '../sync/workspace.ts';

export interface RubricStore {
  view: RubricView;
  /** Applies a pure edit (`sync/rubric_edit.ts`) to what is shown. */
  edit: (change: (rubric: Rubric) => Rubric) => void;
  create: (rubric: Rubric) => void;
  undo: () => void;
  redo: () => void;
  takeTheirs: () => void;
  keepMine: () => void;
  /** What would be made of a file or of copied text; null where that could not be asked. */
  previewImport: (content: Blob, hidden: HiddenTexts) => Promise<ImportPreview | null>;
  /** In place of what is shown, which undo brings back; or as the first one. */
  adopt: (rubric: Rubric) => void;
  /** The stored rubric as a file; null where it could not be had. */
  exportAs: (format: string, language: string) => Promise<ExportedFile | null>;
  /** A new id for a row or a level. */
  newId: () => string;
}

const noRubric: RubricView = {
  rubric: null,
  version: 0,
  saving: 'saved',
  refusal: null,
  conflict: null,
  changed: new Set(),
  canUndo: false,
  canRedo: false,
};

export function createRubricStore(current: Observable<Workspace | null>, newId: () => string) {
  const open = within(current, (workspace) => workspace?.open ?? null);
  const sync = () => open.get()?.rubric;
  const store = createStore<RubricStore>()(() => ({
    view: noRubric,
    edit(change) {
      const rubric = sync()?.view.get().rubric;
      if (rubric !== null && rubric !== undefined) sync()?.edit(change(rubric));
    },
    create: (rubric) => sync()?.create(rubric),
    undo: () => sync()?.undo(),
    redo: () => sync()?.redo(),
    takeTheirs: () => sync()?.takeTheirs(),
    keepMine: () => sync()?.keepMine(),
    async previewImport(content, hidden) {
      const chatId = open.get()?.id;
      if (chatId === undefined) return null;
      const preview = await current.get()?.api.previewImport(chatId, content, hidden);
      return preview?.ok === true ? preview.value : null;
    },
    adopt(rubric) {
      if (sync()?.view.get().rubric === null) sync()?.create(rubric);
      else sync()?.edit(rubric);
    },
    async exportAs(format, language) {
      const chatId = open.get()?.id;
      if (chatId === undefined) return null;
      const exported = await current.get()?.api.exportRubric(chatId, format, language);
      return exported?.ok === true ? exported.value : null;
    },
    newId,
  }));
  within(open, (opened) => opened?.rubric.view ?? null).subscribe((view) =>
    store.setState({ view: view ?? noRubric }),
  );
  return store;
}
