// Thousands of clients in one process (tests/load/), driven by lines of text; and what the server
// says of itself: its memory and its counters.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { binary } from './server.mjs';

const program = process.env.CROWD_UNDER_TEST ?? path.join(path.dirname(binary), 'socket_crowd');

export class Crowd {
  /** `addresses`: how many loopback addresses they come from; the server limits each one. */
  constructor(server, addresses = 1) {
    this.child = spawn(program, [String(server.port), String(addresses)], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout });
  }

  #say(...words) {
    this.child.stdin.write(`${words.join(' ')}\n`);
  }

  add(count, token, chatId, { after = 0, bytesPerSecond = 0 } = {}) {
    this.#say('add', count, token, chatId, after, bytesPerSecond);
    return this;
  }

  go(ms = 0) {
    this.#say('go', ms);
    return this;
  }

  target(chatId, seq) {
    this.#say('target', chatId, seq);
    return this;
  }

  mark() {
    this.#say('mark');
  }

  hurry() {
    this.#say('hurry');
  }

  async status() {
    const line = once(this.lines, 'line');
    this.#say('status');
    return JSON.parse((await line)[0]);
  }

  /** Asks until `wanted(status)`; the test's own time-out bounds it. */
  async until(wanted) {
    for (;;) {
      const status = await this.status();
      if (wanted(status)) return status;
      await wait(100);
    }
  }

  async close() {
    const ended = once(this.child, 'exit');
    this.child.stdin.end();
    await ended;
  }
}

/** Resident memory of a process in MiB. */
export function residentMiB(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

/** The sum of a counter over all its labels, or over those that contain `label`. */
export async function metric(server, name, label = '') {
  const text = await (await fetch(`http://127.0.0.1:${server.ready['rubricon.admin_port']}/metrics`)).text();
  return text.split('\n').filter((line) => (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** A sanitizer keeps freed memory for a while; this much of it, so that what grows is the server's. */
export const smallQuarantine = { ASAN_OPTIONS: 'quarantine_size_mb=8:thread_local_quarantine_size_kb=64' };
