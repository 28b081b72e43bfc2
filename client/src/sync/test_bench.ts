/** One user's page without a browser: the real sync layer over the fake server. Tests only. */
import { MemoryDatabase } from '../platform/memory_database.ts';
import { MockClock, MockRandom, settle } from '../platform/mock_clock.ts';
import { Api } from './api.ts';
import { FakeEnvironment, FakeServer, me } from './fake_server.ts';
import { Reconnector } from './reconnector.ts';
import { Session } from './session.ts';
import { Workspace } from './workspace.ts';

export class TestBench {
  readonly server = new FakeServer();
  readonly clock = new MockClock();
  readonly random = new MockRandom();
  readonly environment = new FakeEnvironment();
  readonly database: MemoryDatabase;
  readonly session: Session;
  readonly connection: Reconnector;
  readonly workspace: Workspace;

  /** `database` of an earlier bench makes this a reload of that page. */
  constructor(server = new FakeServer(), database = new MemoryDatabase()) {
    const { clock, environment, random } = this;
    this.server = server;
    this.database = database;
    this.session = new Session({ http: server, clock, environment });
    const { session } = this;
    const { socket } = server;
    this.connection = new Reconnector({ socket, session, clock, random, environment });
    const api = new Api(server, session);
    const { connection } = this;
    const myId = me.id;
    const deps = { api, database, connection, clock, random, environment, myId };
    this.workspace = new Workspace(deps);
  }

  /** Signs in by the cookie and starts everything. */
  async start(): Promise<this> {
    await this.session.start();
    void this.workspace.start();
    await settle();
    return this;
  }

  async open(chatId: string) {
    const opened = this.workspace.openChat(chatId);
    await settle();
    return opened;
  }

  /** Contents shown of the open chat. */
  shown(): string[] {
    const view = this.workspace.open.get()?.chat.view.get();
    return view?.chat?.messages.map((message) => message.content) ?? [];
  }

  pending(): string[] {
    return this.workspace.queue.entries.get().map(({ content, state }) => `${content}:${state}`);
  }
}
