import { createStore } from 'zustand/vanilla';
import type { Language } from '../protocol/rubric.ts';
import type { Api } from '../sync/api.ts';
import { codeOf } from '../sync/result.ts';
import type { Result } from '../sync/result.ts';
import type { Registration, Session, SessionState } from '../sync/session.ts';

export interface SessionStore {
  state: SessionState;
  busy: boolean;
  /** Why the last attempt to enter failed. */
  errorCode: string | null;
  signIn: (email: string, password: string) => Promise<void>;
  register: (registration: Registration) => Promise<void>;
  signOut: () => Promise<void>;
  /** Remembers the language on the server, for the user's other devices. */
  saveLocale: (locale: Language) => Promise<void>;
  clearError: () => void;
}

/** `onEnter` hears the locale that the user has chosen on any device. */
export function createSessionStore(
  session: Session,
  api: Pick<Api, 'patchMe'>,
  onEnter: (locale: Language) => void,
) {
  const store = createStore<SessionStore>()((set) => {
    const enter = async (attempt: Promise<Result<{ locale: Language }>>): Promise<void> => {
      set({ busy: true, errorCode: null });
      const result = await attempt;
      if (result.ok) onEnter(result.value.locale);
      set({ busy: false, errorCode: result.ok ? null : codeOf(result.error) });
    };
    return {
      state: session.state.get(),
      busy: false,
      errorCode: null,
      signIn: (email, password) => enter(session.signIn(email, password)),
      register: (registration) => enter(session.register(registration)),
      signOut: () => session.signOut(),
      async saveLocale(locale) {
        const user = session.user();
        if (user === null || user.locale === locale) return;
        const saved = await api.patchMe({ locale });
        if (saved.ok) session.updated(saved.value);
      },
      clearError: () => set({ errorCode: null }),
    };
  });
  session.state.subscribe((state) => store.setState({ state }));
  return store;
}
