// A copy of the last commit to build and test apart from the checkout, and to do harm to.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';

const buildLimit = 60 * 60_000;
const testsLimit = 10 * 60_000;

/** Runs to the end or to the limit, and whatever it leaves behind is ended with it. */
function run(command, args, { cwd, env = {}, limit }) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const pieces = { output: '', errors: '' };
  child.stdout.on('data', (text) => (pieces.output += text));
  child.stderr.on('data', (text) => (pieces.errors += text));
  const endAll = () => {
    try {
      process.kill(-child.pid, 'SIGKILL'); // its group: servers of tests that failed, too
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  };
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      endAll();
    }, limit);
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      endAll();
    });
    child.once('close', (status) => resolve({ status, late, ...pieces }));
  });
}

export class SourceCopy {
  constructor(root, name) {
    this.root = root;
    this.tree = path.join(root, 'build', name);
    this.temporary = path.join(root, 'build', `${name}-tmp`);
    const gitFolder = execFileSync('git', ['rev-parse', '--absolute-git-dir'], { cwd: root, encoding: 'utf8' }).trim();
    this.gitEnv = { ...process.env, GIT_DIR: gitFolder, GIT_WORK_TREE: this.tree, GIT_INDEX_FILE: `${this.tree}.index` };
    mkdirSync(path.join(this.tree, 'build'), { recursive: true });
    /** The same for as long as this lives, whatever is committed meanwhile. */
    this.commit = this.#git('rev-parse', '--short', 'HEAD').trim();
  }

  #git(...args) {
    return execFileSync('git', args, { cwd: this.tree, env: this.gitEnv, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /**
   * Makes the files those of the commit: what was changed is as it was, what the commit does not have is
   * gone. Only `build/` is kept; a file that is right keeps its time, and is not compiled again.
   */
  reset() {
    rmSync(`${this.tree}.index.lock`, { force: true }); // of a run that was interrupted
    this.#git('read-tree', '--reset', '-u', this.commit);
    this.#git('clean', '-ffdxq', '-e', '/build/');
    symlinkSync(path.join(this.root, 'tests/node_modules'), path.join(this.tree, 'tests/node_modules'));
  }

  /** Throws where it does not fit. */
  apply(patch) {
    this.#git('apply', patch);
  }

  /** Null, or why it cannot be built. Paths are relative, so that what the checkout compiled is not compiled again. */
  async build() {
    const env = { CCACHE_BASEDIR: this.tree, CCACHE_NOHASHDIR: '1' };
    for (const args of [['--preset', 'dev'], ['--build', 'build/dev', '--', 'rubricon']]) {
      const { status, late, output, errors } = await run('cmake', args, { cwd: this.tree, env, limit: buildLimit });
      if (late) return `cmake ${args.join(' ')} took longer than ${buildLimit / 1_000} s`;
      if (status !== 0) return `cmake ${args.join(' ')} ended with ${status}:\n${(output + errors).slice(-3_000)}`;
    }
    return null;
  }

  /** Runs the copy's own tests whose titles begin so, on the copy's own binary. Who ran, or `trouble`. */
  async test(file, beginning) {
    mkdirSync(this.temporary, { recursive: true });
    const { status, late, output, errors } = await run('node', [
      '--test-force-exit', '--test-reporter=./support/outcomes.mjs', `--test-name-pattern=^${beginning}`, path.join('security', file),
    ], {
      cwd: path.join(this.tree, 'tests'), limit: testsLimit,
      env: { BINARY_UNDER_TEST: path.join(this.tree, 'build/dev/rubricon'), TMPDIR: this.temporary },
    });
    rmSync(this.temporary, { recursive: true, force: true });
    const tests = output.split('\n').filter((line) => line.startsWith('{"title"')).map((line) => JSON.parse(line));
    if (late) return { trouble: `the tests took longer than ${testsLimit / 1_000} s` };
    if (tests.length === 0) return { trouble: `no test of ${file} begins with “${beginning}”\n${errors.slice(-1_000)}` };
    const failed = tests.some((each) => !each.passed);
    if (failed !== (status !== 0)) return { trouble: `the tests ended with ${status}\n${errors.slice(-1_000)}` };
    return { tests };
  }
}
