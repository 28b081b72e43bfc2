// What the fault tests measured: told to the reader of the test's output, and written down where
// RUBRICON_FAULTS_REPORT names a folder, from which tools/fault_table.mjs makes the table of
// docs/guarantees.md.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

/** p50, p99 and max in milliseconds. */
export function percentiles(samples) {
  const sorted = samples.toSorted((a, b) => a - b).map(Math.round);
  return { n: sorted.length, p50: at(sorted, 0.5), p99: at(sorted, 0.99), max: sorted.at(-1) };
}

/**
 * Called only after every rule has been held against the run: where something is lost, twice or out of order there is no row.
 * `row` = {fault: 'F1', scenario, messages, recoveries: [ms] or recovery: {n, p50, p99, max}, mustMs?, note?}. The
 * long version, which has the machine and the release build to itself, holds `mustMs`; the short one runs anywhere
 * and does not. Design §9: 5 s until the sockets of a killed server are level, 60 s for ten thousand. Reliability §4.4
 * gives 10 s for those who have to come back of themselves (F9), and 5 s for what was held up to drain (F11); F16 and F20
 * are held to the 5 s of a restart.
 */
export function report(context, { recoveries = [], recovery = recoveries.length ? percentiles(recoveries) : null, ...row }) {
  const result = { ...row, recovery };
  context.diagnostic(JSON.stringify(result));
  const folder = process.env.RUBRICON_FAULTS_REPORT;
  if (process.env.RUBRICON_FAULTS === 'long' && row.mustMs) {
    assert.ok(result.recovery.max <= row.mustMs, `level after ${result.recovery.max} ms, at most ${row.mustMs} ms is promised`);
  }
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${row.fault}-${row.scenario.replace(/[^a-z0-9]+/gi, '_').slice(0, 60)}.json`), JSON.stringify(result));
}
