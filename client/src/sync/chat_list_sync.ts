/**
 * The list of chats: stored lines at once, then the server's first page, then changes one by one.
 * A deletion waits a few seconds before the server hears of it, so that it can be taken back.
 */
import type { ChatSummary, ChatUpdate } from '../protocol/chat.ts';
import type { Clock, Random } from '../platform/clock.ts';
import type { LocalDatabase } from '../platform/database.ts';
import type { Api } from './api.ts';
import { backoffMs } from './backoff.ts';
import { Observable } from './observable.ts';
import { isTransient, type Result } from './result.ts';

export interface ChatListView {
  /** Pinned first, then newest first; without those on their way out. */
  chats: readonly ChatSummary[];
  status: 'loading' | 'cached' | 'current' | 'failed';
  hasMore: boolean;
  loadingMore: boolean;
  /** Chats that match `query`, or null when nothing is searched. */
  search: { query: string; chats: readonly ChatSummary[] | null } | null;
  /** Deletions that can still be taken back, newest last. */
  deleting: readonly ChatSummary[];
}

interface Deps {
  api: Pick<Api, 'listChats' | 'createChat' | 'patchChat' | 'deleteChat'>;
  database: LocalDatabase;
  clock: Clock;
  random: Random;
}

const pageSize = 30;
const storedMax = 100;
const searchRestMs = 250;
export const undoMs = 7000;

export class ChatListSync {
  readonly view = new Observable<ChatListView>({
    chats: [],
    status: 'loading',
    hasMore: false,
    loadingMore: false,
    search: null,
    deleting: [],
  });
  private readonly deps: Deps;
  private chats: readonly ChatSummary[] = [];
  private cursor: string | null = null;
  private readonly deletions = new Map<string, { chat: ChatSummary; cancel: () => void }>();
  private refreshing: Promise<void> | null = null;
  private again = false;
  private attempt = 0;
  private cancelRetry: () => void = () => undefined;
  private cancelSearch: () => void = () => undefined;
  private closed = false;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  async start(): Promise<void> {
    const stored = await this.deps.database.loadList().catch(() => []);
    if (this.view.get().status === 'loading' && stored.length > 0) {
      this.chats = stored;
      this.show({ status: 'cached' });
    }
    await this.refresh();
  }

  stop(): void {
    this.closed = true;
    this.cancelRetry();
    this.cancelSearch();
    this.flushDeletions();
  }

  /** Reads the first page; a call during a reading makes one more reading follow. */
  refresh(): Promise<void> {
    if (this.refreshing !== null) {
      this.again = true;
      return this.refreshing;
    }
    this.refreshing = this.readFirstPage().finally(() => {
      this.refreshing = null;
      if (!this.again) return;
      this.again = false;
      void this.refresh();
    });
    return this.refreshing;
  }

  async loadMore(): Promise<void> {
    const { cursor } = this;
    if (cursor === null || this.view.get().loadingMore) return;
    this.show({ loadingMore: true });
    const page = await this.deps.api.listChats({ limit: pageSize, cursor });
    if (page.ok && this.cursor === cursor) {
      this.cursor = page.value.nextCursor;
      const known = new Set(this.chats.map((chat) => chat.id));
      this.chats = [...this.chats, ...page.value.chats.filter((chat) => !known.has(chat.id))];
      this.store();
    }
    this.show({ loadingMore: false });
  }

  /** Looks in titles and messages, after a short rest; '' ends the search. */
  search(query: string): void {
    this.cancelSearch();
    if (query.trim() === '') return this.show({ search: null });
    this.show({ search: { query, chats: this.view.get().search?.chats ?? null } });
    this.cancelSearch = this.deps.clock.after(searchRestMs, () => void this.runSearch(query));
  }

  /** A change of one line; an unknown chat means that the list is old. */
  updated(update: ChatUpdate): void {
    if (this.chats.some((chat) => chat.id === update.chatId)) {
      const { chatId, ...fields } = update;
      this.patch(chatId, fields);
    } else {
      void this.refresh();
    }
  }

  async create(title: string): Promise<Result<{ id: string }>> {
    const created = await this.deps.api.createChat(title, this.deps.random.uuid());
    if (created.ok) {
      const updatedAt = new Date(this.deps.clock.now()).toISOString();
      const fresh = { role: 'owner' as const, unread: 0, pinned: false, lastMessage: null };
      const chat: ChatSummary = { id: created.value.id, title, updatedAt, ...fresh };
      this.chats = [chat, ...this.chats.filter((known) => known.id !== chat.id)];
      this.store();
      this.show({});
    }
    return created;
  }

  rename(chatId: string, title: string): Promise<Result<null>> {
    return this.change(chatId, { title });
  }

  pin(chatId: string, pinned: boolean): Promise<Result<null>> {
    return this.change(chatId, { pinned });
  }

  /** The user has seen everything of this chat. */
  seen(chatId: string): void {
    if ((this.chats.find((chat) => chat.id === chatId)?.unread ?? 0) > 0) {
      this.patch(chatId, { unread: 0 });
    }
  }

  /** Hides the chat now and deletes it in `undoMs`, unless taken back. */
  remove(chatId: string): void {
    const chat = this.chats.find((known) => known.id === chatId);
    if (chat === undefined || this.deletions.has(chatId)) return;
    const cancel = this.deps.clock.after(undoMs, () => void this.removeNow(chatId, false));
    this.deletions.set(chatId, { chat, cancel });
    this.show({});
  }

  undoRemove(chatId: string): void {
    this.deletions.get(chatId)?.cancel();
    this.deletions.delete(chatId);
    this.show({});
  }

  /** The page goes: what was to be deleted is deleted now. */
  flushDeletions(): void {
    for (const chatId of [...this.deletions.keys()]) void this.removeNow(chatId, true);
  }

  /** The chat is gone for this user. */
  forget(chatId: string): void {
    this.chats = this.chats.filter((chat) => chat.id !== chatId);
    this.store();
    this.show({});
  }

  private async removeNow(chatId: string, keepalive: boolean): Promise<void> {
    const deletion = this.deletions.get(chatId);
    if (deletion === undefined) return;
    deletion.cancel();
    this.deletions.delete(chatId);
    this.chats = this.chats.filter((chat) => chat.id !== chatId);
    this.show({});
    const answer = await this.deps.api.deleteChat(chatId, keepalive);
    if (answer.ok) await this.deps.database.forgetChat(chatId).catch(() => undefined);
    else void this.refresh();
    this.store();
  }

  private async change(
    chatId: string,
    fields: { title?: string; pinned?: boolean },
  ): Promise<Result<null>> {
    const before = this.chats.find((chat) => chat.id === chatId);
    this.patch(chatId, fields);
    const answer = await this.deps.api.patchChat(chatId, fields);
    if (!answer.ok && before !== undefined) {
      const { title, pinned } = before;
      this.patch(chatId, { title, pinned });
    }
    return answer;
  }

  private patch(chatId: string, fields: Partial<ChatSummary>): void {
    this.chats = this.chats.map((chat) => (chat.id === chatId ? { ...chat, ...fields } : chat));
    this.store();
    this.show({});
  }

  private async readFirstPage(): Promise<void> {
    this.cancelRetry();
    const page = await this.deps.api.listChats({ limit: pageSize });
    if (this.closed) return;
    if (!page.ok) {
      if (this.chats.length === 0) this.show({ status: 'failed' });
      if (isTransient(page.error)) {
        this.attempt += 1;
        const delay = backoffMs(this.attempt, this.deps.random);
        this.cancelRetry = this.deps.clock.after(delay, () => void this.refresh());
      }
      return;
    }
    this.attempt = 0;
    this.takeFirstPage(page.value.chats, page.value.nextCursor);
    this.store();
    this.show({ status: 'current' });
  }

  /** Further pages that were read stay below the new first one. */
  private takeFirstPage(chats: readonly ChatSummary[], nextCursor: string | null): void {
    const ids = new Set(chats.map((chat) => chat.id));
    const end = chats.at(-1)?.updatedAt ?? '';
    const read = this.cursor === null || nextCursor === null ? [] : this.chats;
    const below = read.filter((chat) => !ids.has(chat.id) && !chat.pinned && chat.updatedAt < end);
    if (below.length === 0) this.cursor = nextCursor;
    this.chats = [...chats, ...below];
  }

  private async runSearch(query: string): Promise<void> {
    const page = await this.deps.api.listChats({ limit: pageSize, q: query.trim() });
    if (this.view.get().search?.query !== query) return;
    this.show({ search: { query, chats: page.ok ? page.value.chats : [] } });
  }

  private show(change: Partial<ChatListView>): void {
    if (this.closed) return;
    const chats = this.chats.filter((chat) => !this.deletions.has(chat.id)).sort(inOrder);
    const deleting = [...this.deletions.values()].map(({ chat }) => chat);
    const hasMore = this.cursor !== null;
    this.view.set({ ...this.view.get(), chats, deleting, hasMore, ...change });
  }

  private store(): void {
    void this.deps.database.saveList(this.chats.slice(0, storedMax)).catch(() => undefined);
  }
}

function inOrder(a: ChatSummary, b: ChatSummary): number {
  return Number(b.pinned) - Number(a.pinned) || b.updatedAt.localeCompare(a.updatedAt);
}
