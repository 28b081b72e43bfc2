// Rubric documents for tests, and the program that makes files of them.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { binary, environment } from '../support/server.mjs';

const knowledge = JSON.parse(readFileSync(new URL('../../rubric/rubric_knowledge.json', import.meta.url), 'utf8'));

/** The 18 templates as documents: four levels, 100 points, both languages. */
export const templates = knowledge.assignment_types.map((type) => {
  const labels = knowledge.scales['4'].labels;
  return {
    title: type.title, language: 'bilingual', kind: 'analytic', assignmentType: type.id, grade: null, gradeBand: null, total: 100,
    levels: labels.en.map((en, i) => ({ id: `l${i + 1}`, name: { en, 'zh-TW': labels['zh-TW'][i] } })),
    criteria: type.criteria.map(({ id, name, focus, weight, levels }) => ({
      id, name, focus, weight, source: 'library',
      cells: levels.map(({ descriptor }, i) => ({ levelId: `l${i + 1}`, descriptor, origin: 'library' })),
    })),
  };
});

/** Runs `rubricon rubric …`; what it writes to standard output, as bytes. */
export function rubricon(args, input) {
  const run = spawnSync(binary, ['rubric', ...args], { input, env: environment, maxBuffer: 64 << 20 });
  if (run.status !== 0) throw new Error(`rubricon rubric ${args.join(' ')}: ${run.status}\n${run.stderr}`);
  return { bytes: run.stdout, said: run.stderr.toString() };
}

const soffices = { calc: 'libreoffice-calc-nogui', writer: 'libreoffice-writer-nogui' };

/** Opens the files with LibreOffice and saves each as `target` (a filter of --convert-to) in a folder `into`. */
export function convert(folder, files, target, into, { infilter } = {}) {
  const out = path.join(folder, into);
  mkdirSync(out, { recursive: true });
  const args = [`-env:UserInstallation=file://${folder}/profile`, '--headless', ...(infilter ? [`--infilter=${infilter}`] : []),
    '--convert-to', target, '--outdir', out, ...files];
  const run = spawnSync('soffice', args, { env: { ...environment, HOME: folder }, timeout: 240_000 });
  if (run.error?.code === 'ENOENT') throw new Error(`LibreOffice is missing: apt-get install ${Object.values(soffices).join(' ')}`);
  if (run.status !== 0) throw new Error(`soffice: ${run.status} ${run.error ?? ''}\n${run.stderr}`);
  const ending = target.split(':')[0];
  return files.map((file) => readFileSync(path.join(out, `${path.basename(file, path.extname(file))}.${ending}`)));
}

/** Writes each document in that format into a folder; the files' paths. */
export function exportAll(folder, format, extension, language) {
  const at = path.join(folder, `${format}-${language}`);
  mkdirSync(at, { recursive: true });
  return templates.map((document) => {
    const file = path.join(at, `${document.assignmentType}.${extension}`);
    writeFileSync(file, rubricon(['export', '--format', format, '--language', language], JSON.stringify(document)).bytes);
    return file;
  });
}
