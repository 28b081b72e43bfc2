import { createStore } from 'zustand/vanilla';
import type { HiddenTexts, ImportPreview, Rubric, VersionPage } from '../protocol/rubric.ts';
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
  /** Ends a conflict: mine in the places with these keys, theirs in the others. */
  resolve: (keys: ReadonlySet<string>) => void;
  /** Answers the AI's proposal: accepts the places with these keys, and no others. */
  answer: (keys: ReadonlySet<string>) => Promise<'done' | 'elsewhere' | 'failed'>;
  /** A page of the history; null where it could not be had. */
  versions: (before?: number) => Promise<VersionPage | null>;
  /** The document of a version; null where it could not be had. */
  version: (version: number) => Promise<Rubric | null>;
  /** Whether the AI may only propose changes in this chat, for all its members; false if not set. */
  askFirst: (wanted: boolean) => Promise<boolean>;
  /** What would be made of a file or of copied text; null where that could not be asked. */
  previewImport: (content: Blob, hidden: HiddenTexts) => Promise<ImportPreview | null>;
  /** In place of what is shown, which undo brings back; or as the first one. */
  adopt: (rubric: Rubric) => void;
  /** What is shown as a file, saved first; null where it could not be had. */
  exportAs: (format: string, language: string) => Promise<ExportedFile | 'unsaved' | null>;
  /** A new id for a row or a level. */
  newId: () => string;
}

const noRubric: RubricView = {
  rubric: null,
  version: 0,
  saving: 'saved',
  refusal: null,
  conflict: null,
  proposal: null,
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
    undo: () => void sync()?.undo(),
    redo: () => void sync()?.redo(),
    resolve: (keys) => sync()?.resolve(keys),
    answer: (keys) => sync()?.answer(keys) ?? Promise.resolve('failed'),
    async versions(before) {
      const page = await sync()?.versions(before);
      return page?.ok === true ? page.value : null;
    },
    async version(version) {
      const stored = await sync()?.version(version);
      return stored?.ok === true ? stored.value.rubric : null;
    },
    async askFirst(wanted) {
      const opened = open.get();
      const { changes: _old, ...others } = opened?.chat.view.get().chat?.record.context ?? {};
      const context = wanted ? { ...others, changes: 'propose' } : others;
      const done = await current.get()?.api.patchChat(opened?.id ?? '', { context });
      return done?.ok === true;
    },
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
      const opened = open.get();
      if (opened === null) return null;
      if (!(await opened.rubric.flush())) return 'unsaved';
      const exported = await current.get()?.api.exportRubric(opened.id, format, language);
      return exported?.ok === true ? exported.value : null;
    },
    newId,
  }));
  within(open, (opened) => opened?.rubric.view ?? null).subscribe((view) =>
    store.setState({ view: view ?? noRubric }),
  );
  return store;
}
