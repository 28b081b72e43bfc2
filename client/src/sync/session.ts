/**
 * Who is signed in, and the access token, which lives in memory only. The refresh token is a cookie
 * that this code never sees. One refresh runs at a time, across tabs too, because the server takes
 * the reuse of a rotated cookie for theft.
 */
import { decode, type Decoded } from '../protocol/decode.ts';
import { grant, user as userDecoder, type Grant, type User } from '../protocol/session.ts';
import type { Clock } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import type { Http, HttpRequest } from '../platform/http.ts';
import { readError } from './http_error.ts';
import { Observable } from './observable.ts';
import { failure, isStatus, isTransient, success, type Result } from './result.ts';

export type SessionState =
  /** Asking the server whether the cookie is still good; nobody is known. */
  | { kind: 'starting' }
  | { kind: 'signed_out' }
  /** `user` may come from the last visit while the server is out of reach. */
  | { kind: 'signed_in'; user: User }
  /** The server no longer takes the cookie: sign in over the page, which keeps what is unsent. */
  | { kind: 'lapsed'; user: User };

export interface Registration {
  email: string;
  name: string;
  password: string;
  locale: string;
}

interface Deps {
  http: Http;
  clock: Clock;
  environment: Environment;
}

const rememberedKey = 'rubricon.user';
/** A token this close to its end is renewed first. */
const marginMs = 60_000;

export class Session {
  readonly state = new Observable<SessionState>({ kind: 'starting' });
  /** The newest access token, '' when there is none. */
  readonly token = new Observable<string>('');
  private current = '';
  private expiresAt = 0;
  private refreshing: Promise<Result<string>> | null = null;
  private cancelRenewal: () => void = () => undefined;
  private readonly deps: Deps;

  constructor(deps: Deps) {
    this.deps = deps;
  }

  /** Shows the last user at once, if any, and asks the server. */
  async start(): Promise<void> {
    this.deps.environment.onWrittenElsewhere(rememberedKey, () => void this.followOtherTab());
    const last = this.remembered();
    if (last !== null) this.state.set({ kind: 'signed_in', user: last });
    const refreshed = await this.refresh();
    if (!refreshed.ok && this.state.get().kind === 'starting') {
      this.state.set({ kind: 'signed_out' });
    }
  }

  user(): User | null {
    const state = this.state.get();
    return state.kind === 'signed_in' || state.kind === 'lapsed' ? state.user : null;
  }

  signIn(email: string, password: string): Promise<Result<User>> {
    return this.enter('/api/auth/login', { email, password });
  }

  register(registration: Registration): Promise<Result<User>> {
    return this.enter('/api/auth/register', registration);
  }

  /** Ends the session here even when the server cannot be told. */
  async signOut(): Promise<void> {
    await this.send({ method: 'POST', path: '/api/auth/logout', body: {} });
    this.forget();
    this.state.set({ kind: 'signed_out' });
  }

  /** A token that is good for a while yet, renewed if need be. */
  async accessToken(): Promise<Result<string>> {
    const kind = this.state.get().kind;
    if (kind === 'signed_out' || kind === 'lapsed') return failure({ kind: 'signed_out' });
    const token = this.current;
    if (token !== '' && this.expiresAt - this.deps.clock.now() > marginMs / 2) {
      return success(token);
    }
    return this.refresh();
  }

  /** Called when the server refused `token`: a newer one, unless somebody got it already. */
  renew(token: string): Promise<Result<string>> {
    const newest = this.current;
    return newest !== '' && newest !== token ? Promise.resolve(success(newest)) : this.refresh();
  }

  /** The user changed (name, locale): what the server answered to PATCH /api/me. */
  updated(user: User): void {
    this.remember(user);
    this.state.set({ kind: 'signed_in', user });
  }

  /** The cookie is shared by all tabs: who leaves or comes back in one does so in all. */
  private async followOtherTab(): Promise<void> {
    const theirs = this.remembered();
    const mine = this.user();
    if (theirs === null) {
      if (mine === null) return;
      this.forget();
      this.state.set({ kind: 'signed_out' });
    } else if (this.state.get().kind === 'signed_out' || this.state.get().kind === 'lapsed') {
      if (mine === null || mine.id === theirs.id) await this.refresh();
    }
  }

  private refresh(): Promise<Result<string>> {
    this.refreshing ??= this.deps.environment
      .exclusively('rubricon-refresh', () => this.refreshOnce())
      .finally(() => {
        this.refreshing = null;
      });
    return this.refreshing;
  }

  private async refreshOnce(): Promise<Result<string>> {
    const request: HttpRequest = { method: 'POST', path: '/api/auth/refresh', body: {} };
    let answer = await this.send(request);
    // Another tab was given a newer cookie a moment ago: the browser has it by now.
    if (!answer.ok && isStatus(answer.error, 409)) answer = await this.send(request);
    if (!answer.ok) {
      if (answer.error.kind !== 'refused' || isTransient(answer.error)) return answer;
      this.lapse();
      return failure({ kind: 'signed_out' });
    }
    const before = this.user();
    if (before !== null && before.id !== answer.value.user.id) {
      // Another tab signed in as someone else: this page must not mix the two.
      this.lapse();
      return failure({ kind: 'signed_out' });
    }
    this.accept(answer.value);
    return success(answer.value.accessToken);
  }

  private async enter(path: string, body: unknown): Promise<Result<User>> {
    const answer = await this.send({ method: 'POST', path, body });
    if (!answer.ok) return answer;
    this.accept(answer.value);
    return success(answer.value.user);
  }

  private async send(request: HttpRequest): Promise<Result<Grant>> {
    const answer = await this.deps.http.send(request);
    const error = readError(answer);
    if (error !== null) return failure(error);
    const decoded = decode(grant, answer.kind === 'answered' ? answer.body : null);
    return decoded.ok ? decoded : failure({ kind: 'garbled', detail: decoded.error });
  }

  private accept(next: Grant): void {
    const lifeMs = next.expiresIn * 1000;
    this.expiresAt = this.deps.clock.now() + lifeMs;
    this.remember(next.user);
    this.cancelRenewal();
    const renewInMs = Math.max(lifeMs - marginMs, lifeMs / 2);
    this.cancelRenewal = this.deps.clock.after(renewInMs, () => void this.refresh());
    // Whoever hears of the one may ask for the other.
    this.current = next.accessToken;
    this.state.set({ kind: 'signed_in', user: next.user });
    this.token.set(next.accessToken);
  }

  private lapse(): void {
    const user = this.user();
    this.cancelRenewal();
    this.current = '';
    this.token.set('');
    if (user === null) this.forget();
    this.state.set(user === null ? { kind: 'signed_out' } : { kind: 'lapsed', user });
  }

  private forget(): void {
    this.cancelRenewal();
    this.current = '';
    this.token.set('');
    this.deps.environment.write(rememberedKey, null);
  }

  private remember(user: User): void {
    this.deps.environment.write(rememberedKey, JSON.stringify(user));
  }

  private remembered(): User | null {
    const text = this.deps.environment.read(rememberedKey);
    if (text === null) return null;
    const decoded = decodeJson(text);
    return decoded.ok ? decoded.value : null;
  }
}

function decodeJson(text: string): Decoded<User> {
  try {
    return decode(userDecoder, JSON.parse(text));
  } catch {
    return { ok: false, error: 'not JSON' };
  }
}
