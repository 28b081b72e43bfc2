/** All stores of a page. Made once by `app/compose.ts`, bound to React in `ui/stores.tsx`. */
import type { createAccountStore } from './account_store.ts';
import type { createChatListStore } from './chat_list_store.ts';
import type { createChatStore } from './chat_store.ts';
import type { createConnectionStore } from './connection_store.ts';
import type { createRouteStore } from './route_store.ts';
import type { createRubricStore } from './rubric_store.ts';
import type { createSessionStore } from './session_store.ts';
import type { createSettingsStore } from './settings_store.ts';
import type { createToastStore } from './toast_store.ts';

export interface Stores {
  account: ReturnType<typeof createAccountStore>;
  session: ReturnType<typeof createSessionStore>;
  settings: ReturnType<typeof createSettingsStore>;
  route: ReturnType<typeof createRouteStore>;
  connection: ReturnType<typeof createConnectionStore>;
  chatList: ReturnType<typeof createChatListStore>;
  chat: ReturnType<typeof createChatStore>;
  rubric: ReturnType<typeof createRubricStore>;
  toasts: ReturnType<typeof createToastStore>;
}
