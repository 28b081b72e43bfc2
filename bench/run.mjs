// Runs every row: anchor and subjects in turn, servers on one core, the load on the other.
// A whole run is written down; of some rows only (--only) the figures are printed.
// usage: node run.mjs [--pairs 7] [--seconds 3] [--only id,id]     `growth` is one of the ids
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { measureGrowth } from './growth.mjs';
import { here } from './process.mjs';
import { writeReport } from './report.mjs';
import { rows } from './rows.mjs';
import { ratios, show, spread } from './statistics.mjs';

const { values: options } = parseArgs({ options: {
  pairs: { type: 'string', default: '7' }, seconds: { type: 'string', default: '3' }, only: { type: 'string' },
} });
const [pairs, seconds] = [Number(options.pairs), Number(options.seconds)];
const known = [...rows.map(({ id }) => id), 'growth'];
const wanted = options.only?.split(',') ?? known;
const unknown = wanted.filter((id) => !known.includes(id));
if (unknown.length > 0) throw new Error(`no such rows: ${unknown.join(', ')}; there are ${known.join(', ')}`);

async function once(row, subject) {
  const running = await subject.start();
  try {
    return await row.measure(running, seconds);
  } finally {
    await running.stop();
  }
}

/** What has no target is told for its own sake: three turns show its size. */
async function measureRow(row) {
  const turns = row.must ? pairs : Math.min(pairs, 3);
  const taken = new Map(row.subjects.map((subject) => [subject.name, []]));
  for (let pair = 0; pair < turns; pair += 1) {
    for (const subject of row.subjects) {
      const measured = await once(row, subject);
      taken.get(subject.name).push(measured);
      console.error(`${row.id} ${pair + 1}/${turns} ${subject.name}: ${Object.entries(measured).map(([name, value]) => `${name} ${show(value)}`).join(', ')}`);
    }
  }
  const [anchor] = row.subjects;
  const anchors = taken.get(anchor.name);
  const columnsOf = (all) => Object.keys(all[0]);
  return { id: row.id, title: row.title, compare: row.compare, must: row.must, anchor: anchor.name,
    subjects: [...taken].map(([name, all]) => ({
      name,
      columns: Object.fromEntries(columnsOf(all).map((column) => [column, spread(all.map((each) => each[column]))])),
      ratios: Object.fromEntries(columnsOf(all).filter((column) => column in anchors[0])
        .map((column) => [column, ratios(all.map((each) => each[column]), anchors.map((each) => each[column]))])),
    })) };
}

const results = { at: new Date().toISOString(), commit: execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim(),
  machine: `${cpus().length} × ${cpus()[0].model}`, pairs, seconds, rows: [] };
for (const row of rows.filter(({ id }) => wanted.includes(id))) results.rows.push(await measureRow(row));
if (wanted.includes('growth')) results.growth = await measureGrowth(seconds);
if (!options.only) {
  const file = path.join(here, 'results', `${results.at.slice(0, 10)}.json`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(results, null, 1)}\n`);
  await writeReport(results);
} else {
  console.log(JSON.stringify(results, null, 1));
}
