// The tables and plots of docs/benchmarks.md.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { barPlot, linePlot } from './plot.mjs';
import { root } from './process.mjs';
import { show } from './statistics.mjs';

const page = path.join(root, 'docs/benchmarks.md');
const [begin, end] = ['<!-- results: begin -->', '<!-- results: end -->'];

/** Whether one limit holds, and what it is, in words. */
function limitHeld(row, found, { column = row.compare, most, least, value, goal }) {
  const aim = goal === undefined ? '' : `; goal ${show(goal)}`;
  if (value !== undefined) {
    const { median } = found.columns[column];
    return { holds: median <= value, text: `${column}: ${show(median)} of at most ${show(value)}${aim}` };
  }
  const { median, low, high } = found.ratios[column];
  return { holds: most !== undefined ? median <= most : median >= least,
    text: `${column}: ${show(median)} × the anchor (${show(low)} to ${show(high)}), ${most !== undefined ? `at most ${show(most)}` : `at least ${show(least)}`}${aim}` };
}

/** What has no target is told for its own sake. */
function verdict(row) {
  if (!row.must) return `Compared with “${row.anchor}”; no target.`;
  const found = row.subjects.find(({ name }) => name === row.must.subject);
  const limits = row.must.limits.map((limit) => limitHeld(row, found, limit));
  return [limits.every(({ holds }) => holds) ? 'Every limit holds.' : '**Not every limit holds.**', ...limits.map(({ holds, text }) => `${holds ? '✓' : '✗'} ${text}.`)].join('<br>');
}

function table(row) {
  const columns = [...new Set(row.subjects.flatMap(({ columns: all }) => Object.keys(all)))];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(['', ...columns, `${row.compare}, × anchor`]), line(['---', ...columns.map(() => '---'), '---']),
    ...row.subjects.map(({ name, columns: all, ratios }) => line([name, ...columns.map((column) => (all[column] ? show(all[column].median) : '–')),
      name === row.anchor ? '1' : `${show(ratios[row.compare].median)} (${show(ratios[row.compare].low)}–${show(ratios[row.compare].high)})`]))].join('\n');
}

function growthTable({ xLabel, yLabel, series }) {
  const xs = series[0].points.map(([x]) => x);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line([`${yLabel} by ${xLabel}`, ...xs.map(show)]), line(['---', ...xs.map(() => '---')]),
    ...series.map(({ name, points }) => line([name, ...points.map(([, y]) => show(y))]))].join('\n');
}

export async function writeReport(results) {
  const plots = path.join(root, 'docs/plots');
  await mkdir(plots, { recursive: true });
  const parts = [`${results.commit}, ${results.at.slice(0, 10)}, ${results.machine}: medians of ${results.pairs} turns of ${results.seconds} s, middle half of the ratios in brackets.`];
  for (const row of results.rows) {
    await writeFile(path.join(plots, `${row.id}.svg`), barPlot(row));
    parts.push(`### ${row.title}`, `![${row.title}](plots/${row.id}.svg)`, verdict(row), table(row));
  }
  if (results.growth) {
    parts.push('### Growth');
    for (const plot of results.growth) {
      await writeFile(path.join(plots, `${plot.id}.svg`), linePlot(plot));
      parts.push(`![${plot.title}](plots/${plot.id}.svg)`, growthTable(plot));
    }
  }
  const text = await readFile(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for the results`);
  await writeFile(page, `${text.slice(0, from + begin.length)}\n${parts.join('\n\n')}\n${text.slice(to)}`);
}
