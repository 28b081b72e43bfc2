// Fails when the first load is over budget: the scripts and styles that index.html names.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budgets = { js: 150 * 1024, css: 12 * 1024 };
const root = new URL('../../build/client/', import.meta.url);
const html = readFileSync(new URL('index.html', root), 'utf8');
const sums = { js: 0, css: 0 };

for (const [, path, kind] of html.matchAll(/(?:src|href)="\/([^"]+\.(js|css))"/g)) {
  const bytes = gzipSync(readFileSync(new URL(path, root)), { level: 9 }).length;
  sums[kind] += bytes;
  console.log(`${(bytes / 1024).toFixed(1).padStart(7)} KB gz  ${path}`);
}
for (const [kind, budget] of Object.entries(budgets)) {
  const used = `${(sums[kind] / 1024).toFixed(1)} of ${budget / 1024} KB gz`;
  console.log(`first load, ${kind}: ${used}`);
  if (sums[kind] > budget) {
    console.error(`over budget: ${kind}`);
    process.exitCode = 1;
  }
}
