import { beforeEach, describe, expect, it } from 'vitest';
import { MockClock } from '../platform/mock_clock.ts';
import { Api } from '../sync/api.ts';
import { FakeEnvironment, FakeServer } from '../sync/fake_server.ts';
import { Session } from '../sync/session.ts';
import { createAccountStore } from './account_store.ts';

const here = { id: 'a', createdAt: '2026-01-02T03:04:05.000Z', current: true };
const there = { id: 'b', createdAt: '2026-01-01T03:04:05.000Z', current: false };

describe('the account', () => {
  let server: FakeServer;
  let store: ReturnType<typeof createAccountStore>;

  beforeEach(async () => {
    server = new FakeServer();
    const session = new Session({
      http: server,
      clock: new MockClock(),
      environment: new FakeEnvironment(),
    });
    await session.start();
    store = createAccountStore(new Api(server, session));
  });

  const plan = (match: string, status: number, body?: unknown) => {
    server.planned.push({ match, status, body });
  };

  it('knows where one is signed in, and ends it elsewhere', async () => {
    plan('GET /api/me/sessions', 200, { sessions: [here, there] });
    await store.getState().open();
    expect(store.getState().sessions).toEqual([here, there]);
    plan('DELETE /api/me/sessions/b', 204);
    plan('GET /api/me/sessions', 200, { sessions: [here] });
    await store.getState().end('b');
    expect(store.getState().sessions).toEqual([here]);
  });

  it('says why a password is not changed, and forgets it with the next attempt', async () => {
    plan('PUT /api/me/password', 403, { code: 'wrong_password' });
    expect(await store.getState().changePassword('wrong', 'battery horse')).toBe(false);
    expect(store.getState().errorCode).toBe('wrong_password');
    plan('PUT /api/me/password', 204);
    plan('GET /api/me/sessions', 200, { sessions: [here] });
    expect(await store.getState().changePassword('right', 'battery horse')).toBe(true);
    expect(store.getState()).toMatchObject({ errorCode: null, busy: false, sessions: [here] });
  });

  it('says so when the server cannot be reached', async () => {
    server.down = true;
    await store.getState().open();
    expect(store.getState()).toMatchObject({ errorCode: 'unreachable', sessions: null });
  });
});
