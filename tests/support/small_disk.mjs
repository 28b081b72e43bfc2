// A disk that can be full: a tmpfs of its own where mounting is allowed, otherwise a limit on the
// size of the server's files, which its writes meet in the same way.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statSync, writeFileSync, openSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const mebibyte = Buffer.alloc(1 << 20);

class Tmpfs {
  static make(size) {
    const folder = mkdtempSync(path.join(tmpdir(), 'rubricon-disk-'));
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status === 0) return new Tmpfs(folder);
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

/** The same of PostgreSQL, whose files have no limit of their own: a table that takes no rows, as if its disk were full. */
class FullTable {
  constructor() {
    this.kind = 'a table that takes no rows';
  }

  async fill(postgres) {
    await postgres.ask(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON messages EXECUTE FUNCTION full_disk()`);
  }

  async free(postgres) {
    await postgres.ask('DROP FUNCTION full_disk CASCADE');
  }

  close() {}
}

/** Whether nothing is to be mounted, though it were allowed. */
const limited = process.env.RUBRICON_DISK === 'limit';

/** `folder` for data, `fill(server)` and `free(server)`, and `close()` in the end. */
export function smallDisk() {
  return (limited ? null : Tmpfs.make('24m')) ?? new SizeLimit();
}

/** For the data of PostgreSQL: `folder` where it is to be, `fill(postgres)`, `free(postgres)`, and `close()` in the end. */
export function smallDatabaseDisk() {
  return (limited ? null : Tmpfs.make('256m')) ?? new FullTable();
}
