import { createStore } from 'zustand/vanilla';
import type { Clock } from '../platform/clock.ts';
import type { ConnectionState, Reconnector } from '../sync/reconnector.ts';

export interface ConnectionStore {
  state: ConnectionState;
  /** Away for long enough that the user should know. */
  noticeable: boolean;
  retryNow: () => void;
}

const noticeMs = 3000;

export function createConnectionStore(connection: Reconnector, clock: Clock) {
  const store = createStore<ConnectionStore>()(() => ({
    state: connection.state.get(),
    noticeable: false,
    retryNow: () => connection.retryNow(),
  }));
  let cancel: (() => void) | null = null;
  const follow = (state: ConnectionState): void => {
    store.setState({ state });
    if (state.kind === 'online' || state.kind === 'idle') {
      cancel?.();
      cancel = null;
      store.setState({ noticeable: false });
    } else {
      cancel ??= clock.after(noticeMs, () => store.setState({ noticeable: true }));
    }
  };
  connection.state.subscribe(follow);
  follow(connection.state.get());
  return store;
}
