/** Builds the page from its parts: the only place that names browsers, sockets and databases. */
import { browser } from '../platform/environment.ts';
import { systemClock, systemRandom } from '../platform/clock.ts';
import type { LocalDatabase } from '../platform/database.ts';
import { fetchHttp } from '../platform/http.ts';
import { deleteDatabase, openDatabase } from '../platform/indexed_database.ts';
import { MemoryDatabase } from '../platform/memory_database.ts';
import { browserNavigation } from '../platform/navigation.ts';
import { socketIo } from '../platform/socket.ts';
import { createChatListStore } from '../stores/chat_list_store.ts';
import { createChatStore } from '../stores/chat_store.ts';
import { createConnectionStore } from '../stores/connection_store.ts';
import { createRouteStore } from '../stores/route_store.ts';
import { createRubricStore } from '../stores/rubric_store.ts';
import { createSessionStore } from '../stores/session_store.ts';
import { createSettingsStore } from '../stores/settings_store.ts';
import type { Stores } from '../stores/stores.ts';
import { createToastStore } from '../stores/toast_store.ts';
import { Api } from '../sync/api.ts';
import { Reconnector } from '../sync/reconnector.ts';
import { Session } from '../sync/session.ts';
import { Workspace } from '../sync/workspace.ts';
import { WorkspaceHost } from '../sync/workspace_host.ts';

export interface Page {
  stores: Stores;
  start: () => void;
}

export function composePage(): Page {
  const clock = systemClock;
  const random = systemRandom;
  const environment = browser;
  const session = new Session({ http: fetchHttp, clock, environment });
  const api = new Api(fetchHttp, session);
  const socket = socketIo(() => session.token.get());
  const connection = new Reconnector({ socket, session, clock, random, environment });
  const host = new WorkspaceHost({
    session,
    environment,
    openDatabase: openOrRemember,
    deleteDatabase,
    makeWorkspace: (user, database) =>
      new Workspace({ api, database, connection, clock, random, environment, myId: user.id }),
  });
  const settings = createSettingsStore(environment);
  const stores: Stores = {
    settings,
    session: createSessionStore(session, api, (locale) => settings.getState().setLocale(locale)),
    route: createRouteStore(browserNavigation),
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
