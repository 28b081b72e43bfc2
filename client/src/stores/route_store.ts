import { createStore } from 'zustand/vanilla';
import type { Navigation } from '../platform/navigation.ts';

export type Route =
  { page: 'home' } | { page: 'chat'; chatId: string } | { page: 'login' } | { page: 'register' };

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

/** An address that means nothing is the home page. */
export function routeOf(path: string): Route {
  const [head, id] = path.split('/').filter((part) => part !== '');
  if (head === 'login') return { page: 'login' };
  if (head === 'register') return { page: 'register' };
  if (head === 'grading' && id !== undefined) return { page: 'chat', chatId: safeDecode(id) };
  return { page: 'home' };
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
