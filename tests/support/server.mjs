// Starts, kills and restarts the real binary on loopback. Every test file has servers of its own.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** The settings of the tests themselves are not the server's. */
export const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('RUBRICON_')));
export const binary = process.env.BINARY_UNDER_TEST ?? path.join(root, 'build/dev/rubricon');
/** Long beside any start on a busy machine; a process that takes longer hangs, and says where. */
const startWithinMs = 90_000;

/** Taken from the system and given back; the page's origin must be known before the server starts. */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A server and its data folder. `start` may be called again after `kill` or `stop`: same port, same data. */
export class Server {
  static async create(options = {}) {
    const data = await mkdtemp(path.join(options.parent ?? tmpdir(), 'rubricon-'));
    return new Server(data, options, await freePort());
  }

  constructor(data, options, port) {
    this.data = data;
    this.options = options;
    this.port = port;
    this.log = []; // records
    this.lines = []; // of standard output
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    const args = ['serve', '--listen', `127.0.0.1:${this.port}`, '--admin-listen', `127.0.0.1:${this.options.adminPort ?? 0}`, '--data-dir', this.data,
      ...(this.options.args?.includes('--log') ? [] : ['--log', 'json']), ...(this.options.args ?? [])];
    this.child = spawn(binary, args, { stdio: ['ignore', this.options.stdout ?? 'pipe', 'pipe'], env: { ...environment, ...this.options.env } });
    this.exited = once(this.child, 'exit').then(([code, signal]) => ({ code, signal }));
    let stderr = '';
    this.child.stderr.on('data', (chunk) => (stderr += chunk));
    const ready = this.options.stdout !== undefined ? this.#answers() : new Promise((resolve) => {
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        this.lines.push(line);
        if (this.options.args?.includes('text')) return line.includes('app.ready') && resolve({});
        const record = JSON.parse(line);
        this.log.push(record);
        if (record['event.action'] === 'app.ready') resolve(record);
      });
    });
    const early = this.exited.then((how) => {
      throw new Error(`the server ended before it was ready: ${JSON.stringify(how)}\n${stderr}`);
    });
    const given = new AbortController();
    const late = wait(startWithinMs, null, { signal: given.signal }).then(async () => {
      const report = await this.#waitsFor();
      this.child.kill('SIGKILL');
      throw new Error(`the server is not ready after ${startWithinMs} ms\n${report}\n${stderr}`);
    });
    const record = await Promise.race([ready, early, late]).finally(() => given.abort());
    early.catch(() => {});
    late.catch(() => {});
    this.stderr = () => stderr;
    this.ready = record;
    return this;
  }

  /** Where its log goes to `options.stdout`, a file descriptor, it is ready when it says so by HTTP. */
  async #answers() {
    while (this.child.exitCode === null && this.child.signalCode === null) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.status === 200) return {};
      await wait(50);
    }
    return null; // start() has failed by then
  }

  /** What a process that does not get ready said last, where its threads are in the kernel, and what its sockets do. */
  async #waitsFor() {
    const proc = `/proc/${this.child.pid}`;
    const read = (file) => readFile(file, 'utf8').catch((error) => error.code);
    const threads = await readdir(`${proc}/task`).catch(() => []);
    const where = await Promise.all(threads.map(async (id) => {
      const [name, place] = await Promise.all(['comm', 'wchan'].map((file) => read(`${proc}/task/${id}/${file}`)));
      return `${name.trim()}: ${place}`;
    }));
    const descriptors = await readdir(`${proc}/fd`).catch(() => []);
    const targets = await Promise.all(descriptors.map((fd) => readlink(`${proc}/fd/${fd}`).catch(() => '')));
    const inodes = targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1]).filter(Boolean);
    const sockets = (await read('/proc/net/tcp')).split('\n').filter((line) => inodes.includes(line.trim().split(/\s+/)[9]));
    return [...this.lines.slice(-20), ...where, ...sockets].join('\n');
  }

  /** Everything that was written to standard output. */
  output() {
    return this.lines.join('\n');
  }

  /** kill -9. Resolves when the process is gone. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** The signal that ended the process, once it has ended by itself. */
  async ended() {
    const { code, signal } = await this.exited;
    if (signal !== 'SIGKILL') throw new Error(`the server ended with ${code ?? signal}\n${this.stderr?.()}`);
  }

  /** SIGTERM: drains, then exits with 0. A sanitizer finding makes the status non-zero. */
  async stop() {
    this.child.kill('SIGTERM');
    const { code, signal } = await this.exited;
    if (code !== 0) throw new Error(`the server ended with ${code ?? signal}\n${this.stderr()}`);
  }

  /** Runs `rubricon <command>` on this server's data. Never throws. */
  command(...command) {
    return spawnSync(binary, [...command, '--data-dir', this.data], { encoding: 'utf8', env: environment });
  }

  /** Throws unless the stored log keeps every rule and the tables hold what it says. */
  audit() {
    for (const command of [['verify'], ['events', 'rebuild']]) {
      const { status, stdout, stderr } = this.command(...command);
      if (status !== 0) throw new Error(`rubricon ${command.join(' ')}: ${status}\n${stdout}${stderr}`);
    }
  }

  /** Stops the server, audits what it leaves behind unless a test broke it on purpose, and removes it. */
  async destroy({ audit = true } = {}) {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) await this.stop();
    if (audit && this.ready) this.audit();
    await rm(this.data, { recursive: true, force: true });
  }
}
