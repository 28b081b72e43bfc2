import { beforeEach, describe, expect, it } from 'vitest';
import { MockClock, settle } from '../platform/mock_clock.ts';
import { FakeEnvironment, FakeServer, me } from './fake_server.ts';
import { Session } from './session.ts';

describe('Session', () => {
  let server: FakeServer;
  let clock: MockClock;
  let environment: FakeEnvironment;
  let session: Session;

  beforeEach(() => {
    server = new FakeServer();
    clock = new MockClock();
    environment = new FakeEnvironment();
    session = new Session({ http: server, clock, environment });
  });

  const kind = () => session.state.get().kind;
  const refreshes = () => server.count('POST /api/auth/refresh');

  it('is signed in by the cookie alone', async () => {
    await session.start();
    expect(kind()).toBe('signed_in');
    expect(session.token.get()).toBe('t1');
  });

  it('is signed out without a cookie', async () => {
    server.cookie = false;
    await session.start();
    expect(kind()).toBe('signed_out');
    expect(await session.accessToken()).toEqual({ ok: false, error: { kind: 'signed_out' } });
  });

  it('keeps the token out of storage', async () => {
    await session.start();
    expect([...environment.stored.values()].join()).not.toContain('t1');
  });

  it('shows the last user while the server is out of reach', async () => {
    await session.start();
    server.down = true;
    const again = new Session({ http: server, clock, environment });
    await again.start();
    expect(again.state.get()).toEqual({ kind: 'signed_in', user: me });
    expect((await again.accessToken()).ok).toBe(false);
    server.down = false;
    expect((await again.accessToken()).ok).toBe(true);
  });

  it('refreshes once for all who ask at the same time', async () => {
    await session.start();
    const token = session.token.get();
    await Promise.all([session.renew(token), session.renew(token), session.renew(token)]);
    expect(refreshes()).toBe(2);
    await session.renew(token);
    expect(refreshes()).toBe(2);
  });

  it('renews the token a minute before it ends', async () => {
    await session.start();
    await clock.advance(839_000);
    expect(refreshes()).toBe(1);
    await clock.advance(2000);
    expect(refreshes()).toBe(2);
    expect(session.token.get()).toBe('t2');
  });

  it('lapses, keeping the user, when the server refuses the cookie', async () => {
    await session.start();
    server.cookie = false;
    await session.renew('t1');
    expect(session.state.get()).toEqual({ kind: 'lapsed', user: me });
    await session.signIn('me@example.org', 'secret');
    expect(kind()).toBe('signed_in');
  });

  it('stays signed in when a refresh fails for a passing reason', async () => {
    await session.start();
    server.planned.push({ match: 'POST /api/auth/refresh', status: 503 });
    expect((await session.renew('t1')).ok).toBe(false);
    expect(kind()).toBe('signed_in');
  });

  it('asks again when another tab was given a newer cookie a moment ago', async () => {
    await session.start();
    const body = { code: 'recently_rotated' };
    server.planned.push({ match: 'POST /api/auth/refresh', status: 409, body });
    expect((await session.renew('t1')).ok).toBe(true);
    expect(kind()).toBe('signed_in');
  });

  it('does not go on as somebody else', async () => {
    await session.start();
    const user = { ...me, id: 'other' };
    const body = { accessToken: 'x', expiresIn: 900, user };
    server.planned.push({ match: 'POST /api/auth/refresh', status: 200, body });
    await session.renew('t1');
    expect(kind()).toBe('lapsed');
  });

  it('signs out and in together with the other tabs', async () => {
    await session.start();
    environment.writeElsewhere('rubricon.user', null);
    await settle();
    expect(kind()).toBe('signed_out');
    expect(session.token.get()).toBe('');
    environment.writeElsewhere('rubricon.user', JSON.stringify(me));
    await settle();
    expect(kind()).toBe('signed_in');
    expect(session.token.get()).toBe('t2');
  });

  it('is back when a lapsed session is renewed in another tab, and only for the same user', async () => {
    await session.start();
    server.cookie = false;
    await session.renew('t1');
    server.cookie = true;
    environment.writeElsewhere('rubricon.user', JSON.stringify({ ...me, id: 'other' }));
    await settle();
    expect(kind()).toBe('lapsed');
    environment.writeElsewhere('rubricon.user', JSON.stringify(me));
    await settle();
    expect(kind()).toBe('signed_in');
  });

  it('forgets the user at sign-out, even without network', async () => {
    await session.start();
    server.down = true;
    await session.signOut();
    await settle();
    expect(kind()).toBe('signed_out');
    expect(environment.stored.size).toBe(0);
    await clock.advance(3_600_000);
    expect(refreshes()).toBe(1);
  });
});
