/** Opens a workspace when someone signs in and closes it, with its database, when they leave. */
import type { User } from '../protocol/session.ts';
import type { LocalDatabase } from '../platform/database.ts';
import type { Environment } from '../platform/environment.ts';
import { Observable } from './observable.ts';
import type { Session, SessionState } from './session.ts';
import type { Workspace } from './workspace.ts';

interface Deps {
  session: Session;
  environment: Environment;
  openDatabase: (userId: string) => Promise<LocalDatabase>;
  deleteDatabase: (userId: string) => Promise<void>;
  makeWorkspace: (user: User, database: LocalDatabase) => Workspace;
}

const ownerKey = 'rubricon.database';

export class WorkspaceHost {
  readonly current = new Observable<Workspace | null>(null);
  private readonly deps: Deps;
  private ownerId: string | null;
  private openId: string | null = null;

  constructor(deps: Deps) {
    this.deps = deps;
    this.ownerId = deps.environment.read(ownerKey);
  }

  start(): void {
    this.deps.session.state.subscribe((state) => void this.follow(state));
    void this.follow(this.deps.session.state.get());
  }

  private async follow(state: SessionState): Promise<void> {
    if (state.kind === 'signed_in') await this.enter(state.user);
    // A lapsed session keeps its workspace: what is unsent must not be lost.
    if (state.kind === 'signed_out') await this.leave();
  }

  private async enter(user: User): Promise<void> {
    if (this.openId === user.id) return;
    if (this.ownerId !== user.id) await this.leave();
    this.openId = user.id;
    this.own(user.id);
    const database = await this.deps.openDatabase(user.id);
    if (this.openId !== user.id) {
      database.close();
      return;
    }
    const workspace = this.deps.makeWorkspace(user, database);
    this.current.set(workspace);
    await workspace.start();
  }

  /** Closes what is open and deletes what its user left on this device. */
  private async leave(): Promise<void> {
    const { ownerId } = this;
    this.openId = null;
    this.own(null);
    this.current.get()?.close();
    this.current.set(null);
    if (ownerId !== null) await this.deps.deleteDatabase(ownerId).catch(() => undefined);
  }

  private own(userId: string | null): void {
    this.ownerId = userId;
    this.deps.environment.write(ownerKey, userId);
  }
}
