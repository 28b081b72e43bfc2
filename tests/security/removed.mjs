// usage: node security/removed.mjs [S7 S13 …]
// A test of a defence shows something only if it fails without it. For each patch of removed/ this
// takes the defence out of a copy of the last commit under build/removed, builds that, runs the named
// test against it and expects it to fail; the same test passes on the copy as it is. The results
// become the table at the end of docs/security.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const tree = path.join(root, 'build/removed');
const patches = path.join(import.meta.dirname, 'removed');
const results = path.join(root, 'build/removed.json');
const page = path.join(root, 'docs/security.md');
const binary = path.join(tree, 'build/dev/rubricon');

/** The lines before the diff: `Removes: …` in words, `Test: file “title”`. */
function readPatch(name) {
  const text = readFileSync(path.join(patches, name), 'utf8');
  const [, removes] = /^Removes: (.+)$/m.exec(text);
  const [, file, title] = /^Test: (\S+) “(.+)”$/m.exec(text);
  return { id: name.split('-')[0], name, removes, file, title };
}

function run(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd: tree, maxBuffer: 1 << 28, ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${status}\n${stdout.slice(-4_000)}${stderr.slice(-4_000)}`);
}

/** Paths relative to the copy, so that what was compiled in the checkout is not compiled again. */
const build = () => run('cmake', ['--build', 'build/dev', '--', 'rubricon'], { env: { ...process.env, CCACHE_BASEDIR: tree, CCACHE_NOHASHDIR: '1' } });

/** Of which commit the copy is; absent while a patch is applied. */
const stamp = path.join(tree, '.commit');

function copyOfLastCommit() {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === commit) return;
  mkdirSync(path.join(tree, 'build'), { recursive: true });
  const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 1 << 28 });
  execFileSync('tar', ['-x', '-m', '-C', tree], { input: archive });
  run('cmake', ['--preset', 'dev']);
  writeFileSync(stamp, commit);
}

/** What the named test came to: null where it passed, else what it said. */
function outcome({ file, title }) {
  // `${…}` of a title made by a loop stands for anything.
  const pattern = `${title.split(/\$\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}`;
  const { status, stdout } = spawnSync('node', ['--test', '--test-force-exit', '--test-reporter=tap', `--test-name-pattern=^${pattern}$`, path.join('security', file)],
    { cwd: path.join(root, 'tests'), encoding: 'utf8', env: { ...process.env, BINARY_UNDER_TEST: binary } });
  const lines = stdout.split('\n').filter((each) => new RegExp(`^\\s*(not )?ok \\d+ - ${pattern}$`).test(each));
  const line = lines.find((each) => each.includes('not ok')) ?? lines[0];
  if (!line) throw new Error(`there is no test “${title}” in ${file}\n${stdout.slice(0, 2_000)}`);
  if (status === 0) return null;
  const report = stdout.slice(stdout.indexOf(line));
  const said = /error: \|-\n([^]*?)\n\s+code:/.exec(report)?.[1] ?? /error: '?(.+?)'?$/m.exec(report)?.[1] ?? 'failed';
  return said.replaceAll(/\s+/g, ' ').trim().slice(0, 110);
}

function removal(patch) {
  const apply = (direction) => run('patch', ['-p1', '--no-backup-if-mismatch', direction, '-i', path.join(patches, patch.name)]);
  const commit = readFileSync(stamp, 'utf8');
  rmSync(stamp);
  apply('--forward');
  try {
    build();
    return outcome(patch);
  } finally {
    apply('--reverse');
    writeFileSync(stamp, commit);
  }
}

function writeTable(all) {
  const rows = Object.values(all).sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
    .map(({ id, name, removes, said }) => `| ${id} | ${removes} ([patch](../tests/security/removed/${name})) | ${said.replaceAll('|', '\\|')} |`);
  const table = ['| id | what was taken away | what its test said |', '|---|---|---|', ...rows].join('\n');
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, text.replace(/(<!-- removed: begin -->\n)[^]*(<!-- removed: end -->)/, `$1${table}\n$2`));
}

const wanted = process.argv.slice(2);
const chosen = readdirSync(patches).filter((name) => name.endsWith('.patch')).map(readPatch).filter(({ id }) => wanted.length === 0 || wanted.includes(id));
if (chosen.length === 0) throw new Error(`there is no patch for ${wanted.join(' ')} in tests/security/removed`);
copyOfLastCommit();
const all = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : {};
let survived = 0;
for (const patch of chosen) {
  build();
  const control = outcome(patch);
  if (control !== null) throw new Error(`${patch.id} fails with its defence, too: ${control}`);
  const said = removal(patch);
  console.log(`${patch.id}: ${patch.removes}: ${said === null ? 'NOTHING FAILED' : `fails: ${said}`}`);
  if (said === null) survived += 1;
  else all[patch.name] = { ...patch, said };
  writeFileSync(results, JSON.stringify(all, null, 2));
}
if (Object.keys(all).length > 0) writeTable(all);
process.exitCode = survived === 0 ? 0 : 1;
