// usage: node security/removed.mjs [S7 S13 …]
// A test of a defence shows something only if it fails without it. For each patch of removed/ this
// takes the defence out of a copy of the last commit under build/removed, builds that, and runs the
// copy's own tests of that requirement. Shown is what makes those tests fail that the patch names, by
// the assertion that it names, and no others; and the same tests pass on the copy as it is. What was
// shown becomes the table at the end of docs/security.md, and what was not leaves it.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SourceCopy } from '../support/source_copy.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const page = path.join(root, 'docs/security.md');
const copy = new SourceCopy(root, 'removed');
const folder = 'tests/security/removed';

/**
 * The lines before the diff. `Removes:` what, in words; `Test:` the file; `Expects:` the title of a test that has
 * to fail, once or more, where `*` stands for anything; `Says:` what one of those has to say.
 */
function readPatch(name) {
  const head = readFileSync(path.join(copy.tree, folder, name), 'utf8').split('\n--- ')[0];
  const all = (field) => [...head.matchAll(new RegExp(`^${field}: (.+)$`, 'gm'))].map((match) => match[1]);
  const patch = { id: name.split('-')[0], name, removes: all('Removes'), file: all('Test'), says: all('Says'), expects: all('Expects') };
  for (const field of ['removes', 'file', 'says']) {
    if (patch[field].length !== 1) throw new Error(`${folder}/${name} needs one line of each of Removes, Test and Says`);
    [patch[field]] = patch[field];
  }
  if (patch.expects.length === 0) throw new Error(`${folder}/${name} needs a line Expects`);
  return patch;
}

const escaped = (text) => text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
const matches = (title, pattern) => new RegExp(`^${escaped(pattern).replaceAll('*', '.*')}$`).test(title);
const quoted = (tests) => tests.map((each) => `\n      “${each.title}”: ${each.said.slice(0, 200)}`).join('');

/** What the failing tests show: `said` where it is what the patch expects, or `why` it shows nothing. */
function judge({ expects, says }, { trouble, tests }) {
  if (trouble) return { why: trouble };
  const failing = tests.filter((each) => !each.passed);
  if (failing.length === 0) return { why: `nothing failed; ${tests.length} tests passed without it` };
  const others = failing.filter((each) => !expects.some((pattern) => matches(each.title, pattern)));
  if (others.length > 0) return { why: `something else failed:${quoted(others)}` };
  const missing = expects.filter((pattern) => !failing.some((each) => matches(each.title, pattern)));
  if (missing.length > 0) return { why: `these did not fail: ${missing.join('; ')}` };
  const broken = failing.filter((each) => !each.asserted);
  if (broken.length > 0) return { why: `not by an assertion:${quoted(broken)}` };
  const speaker = failing.find((each) => each.said.includes(says));
  return speaker ? { said: speaker.said, failing } : { why: `none says “${says}”:${quoted(failing)}` };
}

/** Of each test file and requirement, whether its tests pass with the defences in place: null, or why not. */
const controls = new Map();
async function control({ file, id }) {
  const key = `${file} ${id}`;
  if (!controls.has(key)) {
    const { trouble, tests = [] } = await copy.test(file, `${id}: `);
    const failing = tests.filter((each) => !each.passed);
    controls.set(key, trouble ?? (failing.length > 0 ? `it fails with its defence, too:${quoted(failing)}` : null));
    progress(`${id}, with its defences: ${controls.get(key) ?? `${tests.length} tests of ${file} pass`}`);
  }
  return controls.get(key);
}

async function withoutIt(patch) {
  copy.reset();
  try {
    copy.apply(path.join(folder, patch.name));
  } catch (error) {
    return { why: `the patch does not fit: ${error.stderr}` };
  }
  const trouble = await copy.build();
  if (trouble) return { why: `without it, ${trouble}` };
  return judge(patch, await copy.test(patch.file, `${patch.id}: `));
}

function row({ id, name, file, removes, expects }, { said, failing }) {
  const cell = (text) => text.replaceAll('|', '\\|');
  const many = failing.length > expects.length ? `, ${failing.length} tests` : '';
  const steady = said.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…').replace(/Input: .*/, 'Input: …');
  const short = steady.length > 110 ? `${steady.slice(0, 110)}…` : steady;
  return `| ${id} | ${removes} ([patch](../${folder}/${name})) | ${file.split('.')[0]}: ${cell(expects.join('; ').replaceAll('*', '…'))}${many} | ${cell(short)} |`;
}

/** Sets the row of one patch, or takes it away; those of patches that are no more go as well. */
function updatePage(name, text) {
  const whole = readFileSync(page, 'utf8');
  const [, before, table, after] = /^([^]*<!-- removed: begin -->\n)([^]*)(<!-- removed: end -->[^]*)$/.exec(whole);
  const rows = new Map(table.split('\n').map((line) => [new RegExp(`${folder}/([^)]+)\\)`).exec(line)?.[1], line]));
  rows.set(name, text);
  const kept = readdirSync(path.join(root, folder)).filter((each) => rows.get(each));
  const number = (each) => Number(/\d+/.exec(each)[0]);
  kept.sort((a, b) => number(a) - number(b) || a.localeCompare(b));
  const lines = ['| id | what was taken away | what failed | what it said |', '|---|---|---|---|', ...kept.map((each) => rows.get(each))];
  writeFileSync(page, `${before}${lines.join('\n')}\n${after}`);
}

const began = performance.now();
const progress = (text) => console.log(`${String(Math.round((performance.now() - began) / 1000)).padStart(5)} s  ${text}`);

async function main(wanted) {
  copy.reset();
  const { commit } = copy;
  const changed = execFileSync('git', ['status', '--porcelain', '--', '.', ':!docs'], { cwd: root, encoding: 'utf8' }).trimEnd();
  if (changed) console.log(`What is not committed is not looked at:\n${changed}`);
  const patches = readdirSync(path.join(copy.tree, folder)).filter((name) => name.endsWith('.patch')).map(readPatch);
  const unknown = wanted.filter((id) => !patches.some((patch) => patch.id === id));
  if (unknown.length > 0) throw new Error(`there is no patch for ${unknown.join(' ')} in ${folder} of ${commit}`);
  const chosen = patches.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  progress(`building ${commit} as it is`);
  const trouble = await copy.build();
  if (trouble) throw new Error(trouble);
  for (const patch of chosen) await control(patch); // all of them while the copy is as it is
  const notShown = [];
  for (const [n, patch] of chosen.entries()) {
    const why = await control(patch);
    const result = why ? { why } : await withoutIt(patch);
    if (result.why) notShown.push(patch.name);
    updatePage(patch.name, result.why ? undefined : row(patch, result));
    progress(`${n + 1}/${chosen.length} ${patch.name}: ${result.why ? `NOT SHOWN: ${result.why}` : `fails: ${result.said.slice(0, 110)}`}`);
  }
  progress(`${chosen.length - notShown.length} of ${chosen.length} shown${notShown.length > 0 ? `; NOT SHOWN: ${notShown.join(', ')}` : ''}`);
  return notShown.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`removed.mjs: ${error.message}`);
  process.exitCode = 2;
}
