/** The address bar. */
export interface Navigation {
  path(): string;
  go(path: string, how: 'push' | 'replace'): void;
  /** Calls when the user goes back or forward. */
  onPop(listener: () => void): void;
}

export const browserNavigation: Navigation = {
  path: () => location.pathname,
  go(path, how) {
    if (how === 'push') history.pushState(null, '', path);
    else history.replaceState(null, '', path);
  },
  onPop: (listener) => window.addEventListener('popstate', listener),
};
