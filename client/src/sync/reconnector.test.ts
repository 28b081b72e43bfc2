import { beforeEach, describe, expect, it } from 'vitest';
import { settle } from '../platform/mock_clock.ts';
import { backoffMs } from './backoff.ts';
import { TestBench } from './test_bench.ts';

describe('Reconnector', () => {
  let bench: TestBench;

  beforeEach(() => {
    bench = new TestBench();
  });

  const kind = () => bench.connection.state.get().kind;

  it('connects, and waits longer after each failure up to a bound', async () => {
    await bench.start();
    expect(kind()).toBe('online');
    bench.server.down = true;
    bench.server.socket.disconnect();
    const waits: number[] = [];
    for (let round = 0; round < 8; round++) {
      const state = bench.connection.state.get();
      if (state.kind !== 'waiting') throw new Error(state.kind);
      const wait = state.retryAt - bench.clock.now();
      waits.push(wait);
      await bench.clock.advance(wait);
    }
    expect(waits).toEqual([750, 750, 1500, 3000, 6000, 12_000, 22_500, 22_500]);
  });

  it('draws the upper half of a wait by lot', () => {
    const uuid = () => '';
    expect(backoffMs(1, { unit: () => 0, uuid })).toBe(500);
    expect(backoffMs(3, { unit: () => 0.999, uuid })).toBe(3998);
    expect(backoffMs(99, { unit: () => 0, uuid })).toBe(15_000);
  });

  it('tries at once when the browser says that the network is back', async () => {
    await bench.start();
    bench.server.down = true;
    bench.server.socket.disconnect();
    await bench.clock.advance(120_000);
    bench.server.down = false;
    bench.environment.wake();
    await settle();
    expect(kind()).toBe('online');
  });

  it('renews the token when the handshake is refused for it', async () => {
    bench.server.socket.refusals.push({ code: 'token_expired' });
    await bench.start();
    expect(kind()).toBe('online');
    expect(bench.server.tokens).toBe(2);
  });

  it('does not spin when every token is refused', async () => {
    for (let n = 0; n < 50; n++) bench.server.socket.refusals.push({ code: 'unauthenticated' });
    await bench.start();
    expect(kind()).toBe('waiting');
    expect(bench.server.socket.connects).toBeLessThan(5);
  });

  it('sends a renewed token over the open socket before the old one ends', async () => {
    await bench.start();
    await bench.clock.advance(850_000);
    const renewals = bench.server.socket.emitted.filter(({ name }) => name === 'auth');
    expect(renewals.map(({ payload }) => payload)).toEqual([{ token: 't2' }]);
    expect(bench.server.socket.connects).toBe(1);
  });

  it('stays until a draining server wants it gone, then comes back', async () => {
    await bench.start();
    bench.server.socket.receive('server-draining', { afterMs: 4000 });
    await bench.clock.advance(3900);
    expect(bench.server.socket.connects).toBe(1);
    await bench.clock.advance(4000);
    expect(bench.server.socket.connects).toBe(2);
    expect(kind()).toBe('online');
  });

  it('rests while nobody is signed in and connects after a sign-in', async () => {
    await bench.start();
    bench.server.cookie = false;
    bench.server.socket.refusals.push({ code: 'token_expired' });
    bench.server.socket.disconnect();
    await bench.clock.advance(5000);
    expect(bench.session.state.get().kind).toBe('lapsed');
    expect(kind()).toBe('idle');
    await bench.session.signIn('me@example.org', 'secret');
    await settle();
    expect(kind()).toBe('online');
  });

  it('stays away when the server does not want it back, until the user says so', async () => {
    await bench.start();
    bench.server.socket.receive('server-closing', { code: 'too_many_events', comeBack: false });
    bench.server.socket.disconnect();
    bench.environment.wake();
    await bench.clock.advance(3_600_000);
    expect(bench.server.socket.connects).toBe(1);
    bench.connection.retryNow();
    await settle();
    expect(kind()).toBe('online');
  });

  it('asks for a sign-in when the session was revoked elsewhere', async () => {
    await bench.start();
    bench.server.cookie = false;
    bench.server.socket.receive('server-closing', { code: 'session_revoked', comeBack: false });
    bench.server.socket.disconnect();
    await settle();
    expect(bench.session.state.get().kind).toBe('lapsed');
    await bench.session.signIn('me@example.org', 'secret');
    await settle();
    expect(kind()).toBe('online');
  });

  it('says nothing more once stopped', async () => {
    await bench.start();
    bench.workspace.close();
    await bench.clock.advance(3_600_000);
    expect(bench.server.socket.connects).toBe(1);
    expect(kind()).toBe('idle');
  });
});
