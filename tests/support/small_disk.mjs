// A disk that can be full: a tmpfs of its own where mounting is allowed, otherwise a limit on the
// size of the server's files, which its writes meet in the same way.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statSync, writeFileSync, openSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const mebibyte = Buffer.alloc(1 << 20);

class Tmpfs {
  static make() {
    const folder = mkdtempSync(path.join(tmpdir(), 'rubricon-disk-'));
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder]).status === 0) return new Tmpfs(folder);
    rmdirSync(folder);
    return null;
  }

  constructor(folder) {
    this.folder = folder;
    this.kind = 'a full tmpfs';
  }

  fill() {
    const file = openSync(path.join(this.folder, 'ballast'), 'w');
    for (let size = mebibyte.length; size >= 512; ) {
      try {
        if (writeSync(file, mebibyte, 0, size) < size) size /= 2;
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error;
        size /= 2;
      }
    }
    closeSync(file);
  }

  free() {
    writeFileSync(path.join(this.folder, 'ballast'), '');
  }

  close() {
    rmSync(path.join(this.folder, 'ballast'), { force: true });
    spawnSync('umount', [this.folder]);
    rmdirSync(this.folder);
  }
}

class SizeLimit {
  constructor() {
    this.folder = mkdtempSync(path.join(tmpdir(), 'rubricon-disk-'));
    this.kind = 'a limit on the size of files';
  }

  /** No file may grow beyond what the write-ahead log has now. */
  fill(server) {
    const { size } = statSync(path.join(server.data, 'rubricon.db-wal'));
    this.#limit(server, String(size));
  }

  free(server) {
    this.#limit(server, 'unlimited');
  }

  #limit(server, size) {
    const { status, stderr } = spawnSync('prlimit', ['--pid', String(server.child.pid), `--fsize=${size}:`], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`prlimit: ${stderr}`);
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `folder` for data, `fill(server)` and `free(server)`, and `close()` in the end. */
export function smallDisk() {
  return (process.env.RUBRICON_DISK === 'limit' ? null : Tmpfs.make()) ?? new SizeLimit();
}
