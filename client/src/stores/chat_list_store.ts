import { createStore } from 'zustand/vanilla';
import type { ChatListView } from '../sync/chat_list_sync.ts';
import { within, type Observable } from '../sync/observable.ts';
import { codeOf } from '../sync/result.ts';
import type { Workspace } from '../sync/workspace.ts';
import { loadDraft, saveDraft } from './drafts.ts';

export interface ChatListStore {
  view: ChatListView;
  creating: boolean;
  errorCode: string | null;
  refresh: () => void;
  loadMore: () => void;
  search: (query: string) => void;
  /** Makes a chat that begins with `text`; its id, or null when that failed. */
  startChat: (text: string) => Promise<string | null>;
  rename: (chatId: string, title: string) => void;
  pin: (chatId: string, pinned: boolean) => void;
  remove: (chatId: string) => void;
  undoRemove: (chatId: string) => void;
  loadNewDraft: () => Promise<string>;
  saveNewDraft: (text: string) => void;
}

const empty: ChatListView = {
  chats: [],
  status: 'loading',
  hasMore: false,
  loadingMore: false,
  search: null,
  deleting: [],
};

/** The draft of a chat that does not exist yet. */
const newChat = 'new';

export function createChatListStore(current: Observable<Workspace | null>) {
  const list = () => current.get()?.list;
  const store = createStore<ChatListStore>()((set) => ({
    view: empty,
    creating: false,
    errorCode: null,
    refresh: () => void list()?.refresh(),
    loadMore: () => void list()?.loadMore(),
    search: (query) => list()?.search(query),
    async startChat(text) {
      const workspace = current.get();
      if (workspace === null) return null;
      set({ creating: true, errorCode: null });
      const created = await workspace.list.create('');
      set({ creating: false, errorCode: created.ok ? null : codeOf(created.error) });
      if (!created.ok) return null;
      await workspace.queue.enqueue(created.value.id, text);
      saveDraft(workspace, newChat, '');
      return created.value.id;
    },
    rename: (chatId, title) => void list()?.rename(chatId, title),
    pin: (chatId, pinned) => void list()?.pin(chatId, pinned),
    remove: (chatId) => list()?.remove(chatId),
    undoRemove: (chatId) => list()?.undoRemove(chatId),
    loadNewDraft: () => loadDraft(current.get(), newChat),
    saveNewDraft: (text) => saveDraft(current.get(), newChat, text),
  }));
  within(current, (workspace) => workspace?.list.view ?? null).subscribe((view) =>
    store.setState({ view: view ?? empty }),
  );
  return store;
}
