/** The one place where stores meet React. */
import { createContext, use, type ReactNode } from 'react';
import { useStore, type StoreApi } from 'zustand';
import type { Stores } from '../stores/stores.ts';

const StoresContext = createContext<Stores | null>(null);

export function StoresProvider({ stores, children }: { stores: Stores; children: ReactNode }) {
  return <StoresContext value={stores}>{children}</StoresContext>;
}

type StateOf<K extends keyof Stores> = ReturnType<Stores[K]['getState']>;

/** The slice of one store that `select` picks; the component renders anew when it changes. */
export function useFrom<K extends keyof Stores, T>(name: K, select: (state: StateOf<K>) => T): T {
  const stores = use(StoresContext);
  if (stores === null) throw new Error('useFrom needs a StoresProvider');
  const store: { getState: () => unknown } = stores[name];
  return useStore<StoreApi<StateOf<K>>, T>(store as StoreApi<StateOf<K>>, select);
}
