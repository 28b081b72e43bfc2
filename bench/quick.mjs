// The guard: how many instructions five paths of a message take, counted by callgrind, against the committed figures.
// usage: node quick.mjs <bench_paths> [--update]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [program, update] = process.argv.slice(2);
const file = path.join(import.meta.dirname, 'instructions.json');
const allowed = 0.05;
const paths = ['request-head', 'request-body', 'access-token', 'client-event', 'room-event'];
const times = [500, 2_500];

/** As if every processor were the plainest of its kind: libc and OpenSSL choose among their routines by what it can do. */
const env = { ...process.env, GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX512BW,-AVX2,-AVX,-BMI2,-ERMS,-FSRM,-SSE4_2,-SSSE3', OPENSSL_ia32cap: '0x0178bfbf:0' };

/** Of the whole program, with so many runs of a path. */
function instructions(name, count) {
  const { stderr, status } = spawnSync('valgrind', ['--tool=callgrind', '--callgrind-out-file=/dev/null', program, name, String(count)], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(stderr);
  return Number(/Collected : (\d+)/.exec(stderr)[1]);
}

const measured = Object.fromEntries(paths.map((name) => {
  const [few, many] = times.map((count) => instructions(name, count));
  return [name, Math.round((many - few) / (times[1] - times[0]))];
}));
if (update === '--update') {
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  writeFileSync(file, `${JSON.stringify({ commit, instructions: measured }, null, 2)}\n`);
}
if (!existsSync(file)) throw new Error(`${file} is missing: make it with --update`);
const { instructions: known } = JSON.parse(readFileSync(file, 'utf8'));
let slower = false;
for (const name of paths) {
  const change = measured[name] / known[name] - 1;
  slower ||= change > allowed;
  console.log(`${name.padEnd(14)} ${String(measured[name]).padStart(8)} instructions, ${(change * 100).toFixed(1)} % against ${known[name]}`);
}
if (slower) {
  console.error(`more than ${allowed * 100} % slower: mend it, or say why and commit new figures (./dev bench --quick --update)`);
  process.exit(1);
}
