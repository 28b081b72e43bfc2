import { createStore } from 'zustand/vanilla';
import type { MemberRole } from '../protocol/chat.ts';
import type { OutboxEntry } from '../platform/database.ts';
import type { ChatView } from '../sync/chat_sync.ts';
import { within, type Observable } from '../sync/observable.ts';
import type { PeopleView } from '../sync/people.ts';
import { codeOf } from '../sync/result.ts';
import type { Workspace } from '../sync/workspace.ts';
import { loadDraft, saveDraft } from './drafts.ts';

export interface ChatStore {
  chatId: string | null;
  view: ChatView;
  people: PeopleView;
  /** This chat's messages on their way out, without those the stream has brought back. */
  outbox: readonly OutboxEntry[];
  memberError: string | null;
  open: (chatId: string) => void;
  close: () => void;
  reload: () => void;
  loadOlder: () => void;
  /** Resolves when the text is safe on this device. */
  send: (text: string) => Promise<void>;
  /** Asks the assistant once more for an answer to the message with that seq. */
  askAgain: (replyTo: number) => Promise<void>;
  /** No more is to be written in answer to the message with that seq; false where it failed. */
  stopAnswer: (replyTo: number) => Promise<boolean>;
  /** Takes back a message of one's own that waits for its answer; false where it failed. */
  withdraw: (messageId: string) => Promise<boolean>;
  retry: (clientId: string) => void;
  /** Takes a failed message back; resolves with its text. */
  discard: (clientId: string) => Promise<string>;
  typing: () => void;
  loadDraft: (chatId: string) => Promise<string>;
  saveDraft: (chatId: string, text: string) => void;
  /** True when it worked; otherwise `memberError` says why. */
  addMember: (email: string, role: MemberRole) => Promise<boolean>;
  removeMember: (userId: string) => Promise<boolean>;
}

const noView: ChatView = { chat: null, partials: [], status: 'loading', loadingOlder: false };
const nobody: PeopleView = { present: [], typing: [] };

export function createChatStore(current: Observable<Workspace | null>) {
  const open = within(current, (workspace) => workspace?.open ?? null);
  const store = createStore<ChatStore>()((set, get) => ({
    chatId: null,
    view: noView,
    people: nobody,
    outbox: [],
    memberError: null,
    open(chatId) {
      set({ chatId });
      current.get()?.openChat(chatId);
    },
    close() {
      set({ chatId: null });
      current.get()?.closeChat();
    },
    reload: () => void open.get()?.chat.level(),
    loadOlder: () => void open.get()?.chat.loadOlder(),
    async send(text) {
      const { chatId } = get();
      if (chatId !== null) await current.get()?.queue.enqueue(chatId, text);
    },
    askAgain: (replyTo) => open.get()?.chat.askAgain(replyTo) ?? Promise.resolve(),
    stopAnswer: (replyTo) => open.get()?.chat.stopAnswer(replyTo) ?? Promise.resolve(false),
    withdraw: (messageId) => open.get()?.chat.withdraw(messageId) ?? Promise.resolve(false),
    retry: (clientId) => void current.get()?.queue.retry(clientId),
    discard: (clientId) => current.get()?.queue.discard(clientId) ?? Promise.resolve(''),
    typing: () => open.get()?.people.iAmTyping(),
    loadDraft: (chatId) => loadDraft(current.get(), chatId),
    saveDraft: (chatId, text) => saveDraft(current.get(), chatId, text),
    async addMember(email, role) {
      const { chatId } = get();
      const added = await current.get()?.api.addMember(chatId ?? '', email, role);
      set({ memberError: added?.ok === false ? codeOf(added.error) : null });
      return added?.ok === true;
    },
    async removeMember(userId) {
      const { chatId } = get();
      const removed = await current.get()?.api.removeMember(chatId ?? '', userId);
      set({ memberError: removed?.ok === false ? codeOf(removed.error) : null });
      return removed?.ok === true;
    },
  }));

  const entries = within(current, (workspace) => workspace?.queue.entries ?? null);
  const chatView = within(open, (opened) => opened?.chat.view ?? null);
  const updateOutbox = (): void => {
    const next = outboxOf(store.getState().chatId, entries.get() ?? [], chatView.get());
    if (!same(next, store.getState().outbox)) store.setState({ outbox: next });
  };
  entries.subscribe(updateOutbox);
  chatView.subscribe((view) => {
    store.setState({ view: view ?? noView });
    updateOutbox();
  });
  within(open, (opened) => opened?.people.view ?? null).subscribe((people) =>
    store.setState({ people: people ?? nobody }),
  );
  current.subscribe((workspace) => {
    const { chatId } = store.getState();
    if (chatId !== null) workspace?.openChat(chatId);
  });
  return store;
}

function outboxOf(
  chatId: string | null,
  entries: readonly OutboxEntry[],
  view: ChatView | null,
): readonly OutboxEntry[] {
  const shown = new Set(view?.chat?.messages.map((message) => message.clientId));
  return entries.filter((entry) => entry.chatId === chatId && !shown.has(entry.clientId));
}

function same(a: readonly OutboxEntry[], b: readonly OutboxEntry[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}
