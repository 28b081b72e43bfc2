/** What the browser knows about itself: network, visibility, languages, small settings, locks. */
export interface Environment {
  /** False only when the device is certain that it has no network. */
  online(): boolean;
  /** Calls on every change of network or visibility; returns how to stop. */
  onWake(listener: () => void): () => void;
  visible(): boolean;
  /** Calls when the page may be about to go. */
  onHide(listener: () => void): void;
  languages(): readonly string[];
  /** Runs `action` while no other tab runs one under the same name. */
  exclusively<T>(name: string, action: () => Promise<T>): Promise<T>;
  /** Small strings that outlive the page; reading and writing never throw. */
  read(key: string): string | null;
  write(key: string, value: string | null): void;
  /** Calls when another tab has changed that string. */
  onWrittenElsewhere(key: string, listener: () => void): void;
}

export const browser: Environment = {
  online: () => navigator.onLine,
  onWake(listener) {
    const controller = new AbortController();
    const options = { signal: controller.signal };
    window.addEventListener('online', listener, options);
    window.addEventListener('offline', listener, options);
    window.addEventListener('pageshow', listener, options);
    document.addEventListener('visibilitychange', listener, options);
    return () => controller.abort();
  },
  visible: () => document.visibilityState === 'visible',
  onHide: (listener) => window.addEventListener('pagehide', listener),
  languages: () => navigator.languages,
  async exclusively(name, action) {
    // Web Locks exist in secure contexts only; without them a tab is on its own.
    const locks = (navigator as { locks?: LockManager }).locks;
    return locks === undefined ? action() : await locks.request(name, action);
  },
  read(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // Storage is blocked or full: the setting lasts as long as the page.
    }
  },
  onWrittenElsewhere(key, listener) {
    window.addEventListener('storage', (event) => {
      // No key: all of it was cleared.
      if (event.key === key || event.key === null) listener();
    });
  },
};
