/** Builds the page from its parts: the only place that names browsers, sockets and databases. */
import { systemClock, systemRandom, type Clock, type Random } from '../platform/clock.ts';
import { browser, type Environment } from '../platform/environment.ts';
import type { LocalDatabase } from '../platform/database.ts';
import { fetchHttp, type Http } from '../platform/http.ts';
import { deleteDatabase, openDatabase } from '../platform/indexed_database.ts';
import { MemoryDatabase } from '../platform/memory_database.ts';
import { browserNavigation, type Navigation } from '../platform/navigation.ts';
import { socketIo, type Socket } from '../platform/socket.ts';
import { createChatListStore } from '../stores/chat_list_store.ts';
import { createChatStore } from '../stores/chat_store.ts';
import { createConnectionStore } from '../stores/connection_store.ts';
import { createRouteStore } from '../stores/route_store.ts';
import { createRubricStore } from '../stores/rubric_store.ts';
import { createAccountStore } from '../stores/account_store.ts';
import { createSessionStore } from '../stores/session_store.ts';
import { createSettingsStore } from '../stores/settings_store.ts';
import type { Stores } from '../stores/stores.ts';
import { createToastStore } from '../stores/toast_store.ts';
import { Api } from '../sync/api.ts';
import { Reconnector } from '../sync/reconnector.ts';
import { Session } from '../sync/session.ts';
import { Workspace } from '../sync/workspace.ts';
import { WorkspaceHost } from '../sync/workspace_host.ts';

/** The world, as the page sees it. */
export interface Platform {
  http: Http;
  /** `token` gives the newest access token. */
  socket: (token: () => string) => Socket;
  clock: Clock;
  random: Random;
  environment: Environment;
  navigation: Navigation;
  openDatabase: (userId: string) => Promise<LocalDatabase>;
  deleteDatabase: (userId: string) => Promise<void>;
}

export const browserPlatform: Platform = {
  http: fetchHttp,
  socket: socketIo,
  clock: systemClock,
  random: systemRandom,
  environment: browser,
  navigation: browserNavigation,
  openDatabase: openOrRemember,
  deleteDatabase,
};

export interface Page {
  stores: Stores;
  start: () => void;
}

export function composePage(platform: Platform): Page {
  const { http, clock, random, environment } = platform;
  const session = new Session({ http, clock, environment });
  const api = new Api(http, session);
  const socket = platform.socket(() => session.token.get());
  const connection = new Reconnector({ socket, session, clock, random, environment });
  const host = new WorkspaceHost({
    session,
    environment,
    openDatabase: platform.openDatabase,
    deleteDatabase: platform.deleteDatabase,
    makeWorkspace: (user, database) =>
      new Workspace({ api, database, connection, clock, random, environment, myId: user.id }),
  });
  const settings = createSettingsStore(environment);
  const stores: Stores = {
    account: createAccountStore(api),
    settings,
    session: createSessionStore(session, api, (locale) => settings.getState().setLocale(locale)),
    route: createRouteStore(platform.navigation),
    connection: createConnectionStore(connection, clock),
    chatList: createChatListStore(host.current),
    chat: createChatStore(host.current),
    rubric: createRubricStore(host.current, () => `t${random.uuid().slice(0, 8)}`),
    toasts: createToastStore(clock),
  };
  const start = (): void => {
    environment.onHide(() => host.current.get()?.list.flushDeletions());
    host.start();
    void session.start();
  };
  return { stores, start };
}

/** Private windows refuse storage: the page then remembers as long as it is open. */
async function openOrRemember(userId: string): Promise<LocalDatabase> {
  try {
    return await openDatabase(userId);
  } catch {
    return new MemoryDatabase();
  }
}
