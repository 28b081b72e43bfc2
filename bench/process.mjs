// Servers under load on one core, the load on the other.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '..');
const serverCore = '0';
const loadCore = '1';
const load = process.env.BENCH_LOAD ?? path.join(root, 'build/release/bench_load');

/** Starts a program on the servers' core and waits for the line "ready". */
export async function startServer(command, args, env = {}) {
  const child = spawn('taskset', ['-c', serverCore, command, ...args], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') return { pid: child.pid, stop: () => (child.kill('SIGKILL'), ended) };
  }
  throw new Error(`${command} ${args.join(' ')} did not get ready`);
}

/** A process that runs already, and all that it begins. */
export function pin(...pids) {
  for (const pid of pids) {
    for (const each of [pid, ...descendants(pid)]) execFileSync('taskset', ['-acp', serverCore, String(each)], { stdio: 'ignore' });
  }
}

function descendants(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
    return children === '' ? [] : children.split(' ').flatMap((child) => [Number(child), ...descendants(child)]);
  });
}

const loadArguments = (kind, options, servers) => ['-c', loadCore, load, kind,
  ...Object.entries(options).flatMap(([name, value]) => [value].flat().flatMap((each) => (each === true ? [`--${name}`] : [`--${name}`, String(each)]))),
  ...Object.entries(servers).flatMap(([name, pids]) => ['--server', `${name}=${[pids].flat().join(',')}`])];

/** Runs a load to its end: what it measured. */
export async function runLoad(kind, options, servers) {
  const child = spawn('taskset', loadArguments(kind, options, servers), { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, errors] = await Promise.all([child.stdout, child.stderr].map(textOf));
  if (child.exitCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`bench_load ${kind}: ${errors}`);
  return JSON.parse(out);
}

/**
 * Runs a load until all its sockets are in; they stay until `leave()`. `result` is what it measures, of one that goes on by
 * itself.
 */
export async function startLoad(kind, options, servers) {
  const child = spawn('taskset', loadArguments(kind, options, servers), { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = await Promise.race([lines.next(), ended.then(() => ({ done: true }))]);
  if (line.done) throw new Error(`bench_load ${kind} ended early`);
  return { leave: () => (child.stdin.end(), ended), result: async () => JSON.parse((await lines.next()).value) };
}

async function textOf(stream) {
  let all = '';
  for await (const chunk of stream) all += chunk;
  return all;
}

/** What one process may have open: ours and the load's have the same limit. */
export const descriptorsMax = () => Number(/Max open files +\d+ +(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))[1]);

/** Resident bytes of a process. */
export const residentBytes = (pid) => 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

/** Bytes of the kernel's TCP sockets (their buffers), and of its slabs, which hold the sockets themselves. */
export function kernelBytes() {
  const pages = Number(/TCP:.* mem (\d+)/.exec(readFileSync('/proc/net/sockstat', 'utf8'))[1]);
  const slab = Number(/Slab:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))[1]);
  return { buffers: pages * 4096, slabs: slab * 1024 };
}
