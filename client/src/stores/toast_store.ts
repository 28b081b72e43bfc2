import { createStore } from 'zustand/vanilla';
import type { Clock } from '../platform/clock.ts';

/** A passing note: what happened, by message key, so that it follows the language. */
export interface Toast {
  id: number;
  text:
    | 'copied'
    | 'copy_failed'
    | 'export_failed'
    | 'export_unsaved'
    | 'proposal_answered'
    | 'proposal_failed'
    | 'ask_first_failed';
}

export interface ToastStore {
  toasts: readonly Toast[];
  show: (text: Toast['text']) => void;
}

const lifeMs = 4000;
const toastsMax = 3;

export function createToastStore(clock: Clock) {
  let lastId = 0;
  return createStore<ToastStore>()((set, get) => ({
    toasts: [],
    show(text) {
      lastId += 1;
      const toast = { id: lastId, text };
      set({ toasts: [...get().toasts, toast].slice(-toastsMax) });
      clock.after(lifeMs, () => set({ toasts: get().toasts.filter((other) => other !== toast) }));
    },
  }));
}
