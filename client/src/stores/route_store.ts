import { createStore } from 'zustand/vanilla';
import type { Navigation } from '../platform/navigation.ts';

export type Route =
  { page: 'home' | 'login' | 'register' | 'missing' } | { page: 'chat'; chatId: string };

export interface RouteStore {
  route: Route;
  go: (path: string, how?: 'push' | 'replace') => void;
}

export const paths = {
  home: '/',
  login: '/login',
  register: '/register',
  chat: (chatId: string) => `/grading/${encodeURIComponent(chatId)}`,
} as const;

/** What an address leads to: `missing` where it means nothing. */
export function routeOf(path: string): Route {
  const [head, id, ...more] = path.split('/').filter((part) => part !== '');
  if (head === undefined || (head === 'grading' && id === undefined)) return { page: 'home' };
  if ((head === 'login' || head === 'register') && id === undefined) return { page: head };
  if (head === 'grading' && id !== undefined && more.length === 0) {
    return { page: 'chat', chatId: safeDecode(id) };
  }
  return { page: 'missing' };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function createRouteStore(navigation: Navigation) {
  const store = createStore<RouteStore>()((set) => ({
    route: routeOf(navigation.path()),
    go(path, how = 'push') {
      if (path !== navigation.path()) navigation.go(path, how);
      set({ route: routeOf(path) });
    },
  }));
  navigation.onPop(() => store.setState({ route: routeOf(navigation.path()) }));
  return store;
}
