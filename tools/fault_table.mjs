// Writes the table of a page anew from what the fault tests reported.
// usage: node tools/fault_table.mjs <folder of reports> <page>
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const [folder, page] = process.argv.slice(2);
const rows = readdirSync(folder).filter((name) => name.endsWith('.json')).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  .map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
if (rows.length === 0) throw new Error(`there are no reports in ${folder}`);

const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
const number = (value) => value.toLocaleString('en');
const recovery = (row) => (row.recovery ? [row.recovery.p50, row.recovery.p99, row.recovery.max].map(number).join(' / ') : '–');
const line = (row) => [row.fault, row.scenario, number(row.messages), recovery(row),
  row.mustMs ? number(row.mustMs) : '–', row.note ?? ''].join(' | ');
const table = [
  `${commit}, ${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores, release build with failpoints.`,
  '',
  '| fault | scenario | messages | recovery p50 / p99 / max, ms | must, ms | also |',
  '|---|---|---|---|---|---|',
  ...rows.map((row) => `| ${line(row)} |`),
].join('\n');

const [begin, end] = ['<!-- faults: begin -->', '<!-- faults: end -->'];
const text = readFileSync(page, 'utf8');
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (from < 0 || to < from) throw new Error(`${page} has no place for the table`);
writeFileSync(page, `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`);
