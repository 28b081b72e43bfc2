import { useSyncExternalStore } from 'react';

/** Whether a CSS media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (notify) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', notify);
      return () => list.removeEventListener('change', notify);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Below this the rubric is a tab of its own. */
export const narrowQuery = '(max-width: 899px)';
/** Below this the list of chats is a drawer. */
export const drawerQuery = '(max-width: 1179px)';
/** Below this each criterion of the rubric is a card. */
export const phoneQuery = '(max-width: 639px)';
