import { useEffect } from 'react';
import { paths } from '../stores/route_store.ts';
import { useFrom } from '../ui/stores.tsx';

/** Single keys, while nothing is typed into and they are not turned off. */
export function useShortcuts(actions: { help: () => void; openList: () => void }): void {
  const enabled = useFrom('settings', (settings) => settings.shortcuts);
  const go = useFrom('route', (route) => route.go);
  const { help, openList } = actions;
  useEffect(() => {
    if (!enabled) return;
    const keys: Record<string, () => void> = {
      n: () => go(paths.home),
      s: () => {
        openList();
        // The drawer is drawn first.
        requestAnimationFrame(() => document.getElementById('list-search')?.focus());
      },
      '/': () => document.getElementById('composer')?.focus(),
      '?': help,
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const action = keys[event.key.toLowerCase()];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [enabled, go, help, openList]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches('input, textarea, select, dialog *, [contenteditable]');
}
