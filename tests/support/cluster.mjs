// Several processes of each role on real engines, and nginx before them: all on loopback, started and stopped here.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { binary, environment, freePort, Server } from './server.mjs';
import { TcpProxy } from './tcp_proxy.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const run = promisify(execFile);

/** A real PostgreSQL, RabbitMQ, Redis or PgBouncer in a folder of its own. */
export class Service {
  constructor(name, parent, env = {}) {
    this.name = name;
    this.env = { ...process.env, ...env };
    this.folder = path.join(parent, name);
    this.script = path.join(root, 'tools/services', name === 'replica' ? 'postgres' : name);
  }

  async start() {
    await this.#run('start');
    this.url = (await readFile(path.join(this.folder, 'url'), 'utf8')).trim();
    return this;
  }

  /** Of PostgreSQL: a replica of another such server. */
  async follow(primary) {
    await this.#run('follow', primary.folder);
    this.url = (await readFile(path.join(this.folder, 'url'), 'utf8')).trim();
    return this;
  }

  /** Of PgBouncer: before a PostgreSQL server. */
  async before(server) {
    await this.#run('start', server.folder);
    this.url = (await readFile(path.join(this.folder, 'url'), 'utf8')).trim();
    this.console = (await readFile(path.join(this.folder, 'console'), 'utf8')).trim();
    return this;
  }

  async stop() {
    await this.#run('stop');
  }

  /** Of PostgreSQL: ends it as an operator does, and keeps its data for restart. */
  async halt() {
    await this.#run('halt');
  }

  /** The same data at the same address, also after a kill. */
  async restart() {
    await this.#run('restart');
  }

  async #run(what, ...more) {
    await run(this.script, [what, this.folder, ...more], { env: this.env });
  }

  /** Of RabbitMQ: the value of an Erlang expression in the node. */
  async evaluate(expression) {
    const { stdout } = await run('bash', ['-c', '. "$1/env"; rabbit_eval "$2"', 'bash', this.folder, expression]);
    return stdout.trim();
  }

  /** Of PostgreSQL, or through PgBouncer: what a statement answers, as psql shows it without ornament. */
  async ask(sql, url = this.url) {
    const { stdout } = await run('psql', ['-X', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', sql]);
    return stdout.trim();
  }

  /** Of Redis: what a command answers, as redis-cli shows it without ornament. */
  async command(...command) {
    const { stdout } = await run('redis-cli', ['-u', this.url, ...command]);
    return stdout.trim();
  }

  /** kill -9 of the server's first process; or another signal. */
  async kill(signal = 'SIGKILL') {
    process.kill(await this.#pid(), signal);
  }

  /** Of PostgreSQL: each of its processes stands still, and takes connections all the same, as where a machine is gone. */
  async freeze() {
    const pid = await this.#pid();
    process.kill(pid, 'SIGSTOP'); // it makes no more of them
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    for (const child of children.trim().split(' ')) process.kill(Number(child), 'SIGSTOP');
    return async () => {
      for (const each of [pid, ...children.trim().split(' ')]) process.kill(Number(each), 'SIGKILL');
    };
  }

  async #pid() {
    return Number((await readFile(path.join(this.folder, 'pid'), 'utf8')).split('\n')[0]);
  }
}

/** nginx with deploy/nginx.conf, its addresses replaced by those of the test. */
class Entrance {
  constructor(folder, addresses) {
    this.folder = folder;
    this.addresses = addresses;
  }

  async start() {
    let text = await readFile(path.join(root, 'deploy/nginx.conf'), 'utf8');
    for (const [from, to] of Object.entries(this.addresses)) text = text.replaceAll(from, to);
    await mkdir(this.folder, { recursive: true });
    await writeFile(path.join(this.folder, 'nginx.conf'), text);
    const settings = process.getuid() === 0 ? 'daemon off; user root;' : 'daemon off;'; // its folder is ours alone
    this.child = spawn('/usr/sbin/nginx', ['-p', this.folder, '-c', 'nginx.conf', '-g', settings], { stdio: 'ignore' });
    this.exited = once(this.child, 'exit');
  }

  /** What it complained of, the newest last. */
  async complaints() {
    const log = await readFile(path.join(this.folder, 'error.log'), 'utf8');
    return log.split('\n').slice(-20).join('\n');
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.exited;
  }
}

/** The same address with the proxy's port. */
const through = (url, proxy) => url.replace(/:\d+(?=\/|$)/, `:${proxy.port}`);

/**
 * `cluster.url` is the entrance; `cluster.apis`, `gateways` and `workers` are Servers. With `proxied`, each role reaches
 * each service through a TcpProxy: `cluster.links.api.postgres`. With `replicated`, apis and gateways read from a replica.
 * With `standby`, there is a replica, too, and all know both addresses and use the one that can be written to. With
 * `pooled`, all reach PostgreSQL through PgBouncer, `cluster.pooler`, each process under its own name. With `disk`, of
 * tests/support/small_disk.mjs, the data of PostgreSQL is there.
 */
export class Cluster {
  static async create({ apis = 2, gateways = 2, workers = 2, env = {}, clientDir = undefined, proxied = false, replicated = false, standby = false, pooled = false, disk = undefined } = {}) {
    const cluster = new Cluster();
    cluster.folder = await mkdtemp(path.join(tmpdir(), 'rubricon-cluster-'));
    cluster.services = Object.fromEntries(['postgres', 'rabbitmq', 'redis'].map((name) => [name, new Service(name, cluster.folder)]));
    if (disk?.folder) cluster.services.postgres = new Service('postgres', cluster.folder, { POSTGRES_DATA_PARENT: disk.folder });
    await Promise.all(Object.values(cluster.services).map((service) => service.start()));
    if (replicated || standby) cluster.replica = await new Service('replica', cluster.folder).follow(cluster.services.postgres);
    if (pooled) cluster.pooler = await new Service('pgbouncer', cluster.folder).before(cluster.services.postgres);
    cluster.port = await freePort();
    cluster.env = env;
    Object.assign(cluster, { clientDir, replicated, standby });
    if (proxied) cluster.links = await cluster.#links();
    const make = (role, count) => Promise.all(Array.from({ length: count }, (_, n) => cluster.process(role, n)));
    [cluster.apis, cluster.gateways, cluster.workers] = await Promise.all([make('api', apis), make('gateway', gateways), make('worker', workers)]);
    return cluster;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async #links() {
    const before = async ([name, { url }]) => [name, await TcpProxy.before(Number(/:(\d+)(?=\/|$)/.exec(url)[1]))];
    const links = async (role) => [role, Object.fromEntries(await Promise.all(Object.entries(this.services).map(before)))];
    return Object.fromEntries(await Promise.all(['api', 'gateway', 'worker'].map(links)));
  }

  /** How a process reaches the database. */
  #database(role, number) {
    const url = this.#address(role, 'postgres');
    if (this.standby) {
      const both = url.replace('/postgres', `,${new URL(this.replica.url).host}/postgres?target_session_attrs=read-write`);
      return { RUBRICON_DATABASE_URL: both };
    }
    if (!this.pooler) return { RUBRICON_DATABASE_URL: url };
    return { RUBRICON_DATABASE_URL: `${this.pooler.url}?application_name=${role}-${number + 1}`, RUBRICON_DATABASE_PREPARE: 'off' };
  }

  /** Where a role finds a service. */
  #address(role, name) {
    const { url } = this.services[name];
    return this.links ? through(url, this.links[role][name]) : url;
  }

  /** Runs `rubricon <command>` as on any machine of the cluster; the last argument may be `{input}`. Never throws. */
  command(...command) {
    const options = typeof command.at(-1) === 'string' ? {} : command.pop();
    return spawnSync(binary, command, { encoding: 'utf8', ...options, env: this.#commandEnvironment() });
  }

  /** The same while the test goes on. */
  async commandMeanwhile(...command) {
    const ended = await run(binary, command, { encoding: 'utf8', env: this.#commandEnvironment() }).catch((failed) => failed);
    return { status: ended.code ?? 0, stdout: ended.stdout, stderr: ended.stderr };
  }

  #commandEnvironment() {
    return { ...environment, ...this.apis[0].options.env, RUBRICON_DATA_DIR: this.apis[0].data };
  }

  get processes() {
    return [...this.apis, ...this.gateways, ...this.workers];
  }

  async process(role, number) {
    const env = {
      RUBRICON_ROLES: role,
      ...this.#database(role, number),
      ...(this.replicated && role !== 'worker' ? { RUBRICON_DATABASE_REPLICA_URLS: this.replica.url } : {}),
      RUBRICON_BROKER_URL: this.#address(role, 'rabbitmq'),
      RUBRICON_REDIS_URL: this.#address(role, 'redis'),
      RUBRICON_API_URL: this.url,
      RUBRICON_GATEWAY_ID: `g${number + 1}`,
      RUBRICON_TRUSTED_PROXIES: '127.0.0.1',
      RUBRICON_PUBLIC_ORIGINS: this.url,
      RUBRICON_SIGNUP: 'open',
      ...(role === 'api' && this.clientDir ? { RUBRICON_CLIENT_DIR: this.clientDir } : {}),
      ...this.env,
    };
    const server = new Server(path.join(this.folder, 'data'), { env }, await freePort());
    server.name = `${role} ${number + 1}`;
    return server;
  }

  /** One api first: it makes the schema and the keys that the others find. */
  async start() {
    await this.apis[0].start();
    await Promise.all(this.processes.slice(1).map((server) => server.start()));
    const [a, b] = this.apis.map((server) => `127.0.0.1:${server.port}`);
    const [c, d] = this.gateways.map((server) => `127.0.0.1:${server.port}`);
    this.entrance = new Entrance(path.join(this.folder, 'nginx'), {
      '127.0.0.1:8080': `127.0.0.1:${this.port}`, '127.0.0.1:3000': a, '127.0.0.1:3010': b ?? a, '127.0.0.1:3001': c, '127.0.0.1:3011': d ?? c,
    });
    await this.entrance.start();
    await this.until(async () => (await fetch(`${this.url}/readyz`)).ok);
    return this;
  }

  async until(done, ms = 20_000) {
    const end = Date.now() + ms;
    for (;;) {
      if (await Promise.resolve().then(done).catch(() => false)) return;
      if (Date.now() > end) throw new Error('it did not happen in time');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async destroy() {
    await this.entrance?.stop();
    for (const server of this.processes) {
      if (server.child && server.child.exitCode === null && server.child.signalCode === null) await server.stop();
    }
    for (const links of Object.values(this.links ?? {})) await Promise.all(Object.values(links).map((link) => link.close()));
    await this.pooler?.stop();
    await this.replica?.stop();
    await Promise.all(Object.values(this.services).map((service) => service.stop()));
    await rm(this.folder, { recursive: true, force: true });
  }
}
