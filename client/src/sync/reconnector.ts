/**
 * The life of the socket: one small machine that connects, waits and tries again.
 *
 * Waits are 1 s doubling to 30 s with jitter; news from the browser (network back, page seen again)
 * and a new sign-in cut them short. A handshake refused for its token renews the token first. When
 * the server says it is draining, the socket stays until the given time and then moves; when it
 * closes and does not want the page back, only the user or a new sign-in connects again.
 */
import { decode } from '../protocol/decode.ts';
import { closing, connectError, draining } from '../protocol/events.ts';
import type { Clock, Random } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import type { Socket } from '../platform/socket.ts';
import { backoffMs } from './backoff.ts';
import { Observable } from './observable.ts';
import type { Session } from './session.ts';

export type ConnectionState =
  | { kind: 'idle' }
  | { kind: 'connecting'; attempt: number }
  | { kind: 'online' }
  /** `retryAt` in clock milliseconds; infinite where the server wants to be left alone. */
  | { kind: 'waiting'; attempt: number; retryAt: number };

interface Deps {
  socket: Socket;
  session: Session;
  clock: Clock;
  random: Random;
  environment: Environment;
}

/** Refusals that another token may mend. */
const tokenCodes: readonly string[] = ['unauthenticated', 'token_expired', 'session_revoked'];
const ackTimeoutMs = 10_000;

export class Reconnector {
  readonly state = new Observable<ConnectionState>({ kind: 'idle' });
  private readonly handlers = new Map<string, (payload: unknown) => void>();
  private attempt = 0;
  private unwanted = false;
  private cancelTimer: () => void = () => undefined;
  private readonly stops: (() => void)[] = [];
  private readonly deps: Deps;

  constructor(deps: Deps) {
    this.deps = deps;
    deps.socket.listen({
      onConnect: () => this.connected(),
      onRefused: (data) => void this.refused(data),
      onDisconnect: () => this.disconnected(),
      onEvent: (name, payload) => this.received(name, payload),
    });
  }

  start(): void {
    this.stops.push(
      this.deps.environment.onWake(() => this.wake()),
      this.deps.session.token.subscribe((token) => this.tokenChanged(token)),
    );
    void this.connect();
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.cancelTimer();
    this.attempt = 0;
    this.state.set({ kind: 'idle' });
    this.deps.socket.disconnect();
  }

  /** Tries at once if it was waiting. */
  retryNow(): void {
    if (this.state.get().kind === 'waiting') void this.connect();
  }

  /** One handler an event name. */
  on(name: string, handler: (payload: unknown) => void): void {
    this.handlers.set(name, handler);
  }

  emit(name: string, payload: unknown): void {
    this.deps.socket.emit(name, payload);
  }

  /** The ack, or null when none came: the socket is down or slow, and a reconnection will follow. */
  async request(name: string, payload: unknown): Promise<unknown> {
    try {
      return await this.deps.socket.request(name, payload, ackTimeoutMs);
    } catch {
      return null;
    }
  }

  private async connect(): Promise<void> {
    this.cancelTimer();
    this.unwanted = false;
    this.attempt += 1;
    this.state.set({ kind: 'connecting', attempt: this.attempt });
    const token = await this.deps.session.accessToken();
    if (this.state.get().kind !== 'connecting') return;
    if (token.ok) {
      this.deps.socket.connect();
    } else if (token.error.kind === 'unreachable' || token.error.kind === 'refused') {
      this.wait();
    } else {
      this.state.set({ kind: 'idle' });
    }
  }

  private wait(): void {
    const delay = backoffMs(this.attempt, this.deps.random);
    const retryAt = this.deps.clock.now() + delay;
    this.state.set({ kind: 'waiting', attempt: this.attempt, retryAt });
    this.cancelTimer();
    this.cancelTimer = this.deps.clock.after(delay, () => void this.connect());
  }

  private connected(): void {
    this.attempt = 0;
    this.state.set({ kind: 'online' });
  }

  private disconnected(): void {
    if (this.state.get().kind === 'idle') return;
    if (this.unwanted) {
      this.state.set({ kind: 'waiting', attempt: this.attempt, retryAt: Infinity });
    } else {
      this.wait();
    }
  }

  private async refused(data: unknown): Promise<void> {
    if (this.state.get().kind === 'idle') return;
    const reason = decode(connectError, data);
    const renewable = reason.ok && tokenCodes.includes(reason.value.code);
    if (renewable && this.attempt < 3) {
      const renewed = await this.deps.session.renew(this.deps.session.token.get());
      if (renewed.ok) return this.connect();
      if (renewed.error.kind === 'signed_out') {
        this.state.set({ kind: 'idle' });
        return;
      }
    }
    this.wait();
  }

  private received(name: string, payload: unknown): void {
    if (name === 'server-draining') {
      const notice = decode(draining, payload);
      if (notice.ok) this.move(notice.value.afterMs);
      return;
    }
    if (name === 'server-closing') {
      const notice = decode(closing, payload);
      if (notice.ok) this.closing(notice.value.code, notice.value.comeBack);
      return;
    }
    this.handlers.get(name)?.(payload);
  }

  /** Leaves a server that is going, in its own time so that not all pages move at once. */
  private move(afterMs: number): void {
    this.cancelTimer();
    const delay = Math.round(afterMs * (1 + 0.5 * this.deps.random.unit()));
    this.cancelTimer = this.deps.clock.after(delay, () => {
      if (this.state.get().kind !== 'online') return;
      this.state.set({ kind: 'connecting', attempt: 0 });
      this.deps.socket.disconnect();
    });
  }

  private closing(code: string, comeBack: boolean): void {
    this.unwanted = !comeBack;
    // The cookie of a revoked session is refused too, which brings the sign-in over the page.
    if (tokenCodes.includes(code)) void this.deps.session.renew(this.deps.session.token.get());
  }

  private wake(): void {
    if (this.unwanted) return;
    if (this.deps.environment.online() && this.deps.environment.visible()) this.retryNow();
  }

  private tokenChanged(token: string): void {
    if (token === '') {
      // The session is over; the next token is a new sign-in, which may try again.
      this.unwanted = false;
      return;
    }
    if (this.unwanted) return;
    if (this.state.get().kind === 'online') void this.request('auth', { token });
    else if (this.state.get().kind === 'idle') void this.connect();
    else this.retryNow();
  }
}
