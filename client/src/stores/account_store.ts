import { createStore } from 'zustand/vanilla';
import type { OpenSession } from '../protocol/session.ts';
import type { Api } from '../sync/api.ts';
import { codeOf, type Result } from '../sync/result.ts';

export interface AccountStore {
  /** Newest first; null until the server has said. */
  sessions: readonly OpenSession[] | null;
  busy: boolean;
  /** Why the last request failed. */
  errorCode: string | null;
  /** Asks the server anew: what was known may be of another day. */
  open: () => Promise<void>;
  end: (id: string) => Promise<void>;
  /** Whether it was changed. */
  changePassword: (present: string, next: string) => Promise<boolean>;
}

/** Where one is signed in, and one's password. Nothing of it is kept on the device. */
export function createAccountStore(
  api: Pick<Api, 'listSessions' | 'endSession' | 'changePassword'>,
) {
  return createStore<AccountStore>()((set) => {
    const list = async (): Promise<void> => {
      const listed = await api.listSessions();
      set(listed.ok ? { sessions: listed.value.sessions } : { errorCode: codeOf(listed.error) });
    };
    const attempt = async (request: Promise<Result<null>>): Promise<boolean> => {
      set({ busy: true, errorCode: null });
      const result = await request;
      set({ busy: false, errorCode: result.ok ? null : codeOf(result.error) });
      if (result.ok) await list();
      return result.ok;
    };
    return {
      sessions: null,
      busy: false,
      errorCode: null,
      async open() {
        set({ sessions: null, errorCode: null });
        await list();
      },
      async end(id) {
        await attempt(api.endSession(id));
      },
      changePassword: (present, next) => attempt(api.changePassword(present, next)),
    };
  });
}
