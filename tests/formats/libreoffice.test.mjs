// Every document that is exported, opened by a program that is not ours: the texts and the points are there. And what
// that program saves comes back in.
// tests: src/app/rubric_files.cpp
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { convert, exportAll, rubricon, templates } from './documents.mjs';

const contract = (name) => readFileSync(new URL(`../../contract/${name}`, import.meta.url), 'utf8');
const csv = 'csv:Text - txt - csv (StarCalc):44,34,76';
const text = 'txt:Text (encoded):UTF8';

let folder;
before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'rubricon-formats-'))));
after(() => rm(folder, { recursive: true, force: true }));

/** A document with its points, as the program computes them. */
const computed = (document) => {
  computed.known ??= new Map();
  if (!computed.known.has(document)) computed.known.set(document, JSON.parse(rubricon(['import', '--format', 'json'], JSON.stringify(document)).bytes));
  return computed.known.get(document);
};

/** Every text of the document in that language. */
function textsOf(document, language) {
  const texts = [document.title, ...document.levels.map((level) => level.name)];
  for (const row of document.criteria) texts.push(row.name, row.focus, ...row.cells.map((cell) => cell.descriptor));
  return texts.map((each) => each[language]).filter(Boolean);
}

/** White space and the quotes of CSV are the other program's affair. */
const flat = (bytes) => bytes.toString().replace(/[\s"]/g, '');

/** `unit` of points in the text, or null where the format shows none. */
function checkTexts(converted, languages, unit) {
  converted.forEach((bytes, i) => {
    const shown = flat(bytes);
    for (const language of languages) {
      for (const each of textsOf(templates[i], language)) assert.ok(shown.includes(flat(each)), `${templates[i].assignmentType}: ${each}`);
    }
    for (const row of computed(templates[i]).criteria) {
      for (const { points } of row.cells) assert.ok(unit === null || shown.includes(flat(`${points} ${unit}`)), `${points} ${unit}`);
    }
  });
}

test('Excel workbooks open, with every text in both languages and all points', () => {
  checkTexts(convert(folder, exportAll(folder, 'xlsx', 'xlsx', 'zh-TW'), csv, 'xlsx-zh'), ['zh-TW'], '分');
  checkTexts(convert(folder, exportAll(folder, 'xlsx', 'xlsx', 'en'), csv, 'xlsx-en'), ['en'], 'pts');
  checkTexts(convert(folder, exportAll(folder, 'xlsx', 'xlsx', 'both'), csv, 'xlsx-both'), ['zh-TW', 'en'], '分');
});

test('Word documents open', () => {
  checkTexts(convert(folder, exportAll(folder, 'docx', 'docx', 'zh-TW'), text, 'docx-zh'), ['zh-TW'], '分');
  checkTexts(convert(folder, exportAll(folder, 'docx', 'docx', 'both'), text, 'docx-both'), ['zh-TW', 'en'], '分');
});

test('pages for printing open', () => {
  checkTexts(convert(folder, exportAll(folder, 'html', 'html', 'zh-TW'), text, 'html-zh'), ['zh-TW'], '分');
});

test('CSV for Excel opens, with its byte order mark and its Chinese', () => {
  const files = exportAll(folder, 'csv', 'csv', 'zh-TW');
  checkTexts(convert(folder, files, csv, 'csv-zh', { infilter: 'CSV:44,34,76,1' }), ['zh-TW'], '分');
});

test('Canvas CSV opens: a row a criterion, each rating with its points', () => {
  const files = exportAll(folder, 'canvas-csv', 'csv', 'zh-TW');
  const converted = convert(folder, files, csv, 'canvas-zh', { infilter: 'CSV:44,34,76,1' });
  checkTexts(converted, ['zh-TW'], null);
  converted.forEach((bytes, i) => {
    for (const row of computed(templates[i]).criteria) {
      for (const cell of row.cells) assert.ok(flat(bytes).includes(`${flat(cell.descriptor['zh-TW'])},${cell.points}`), cell.levelId);
    }
  });
});

test('the workbook for Turnitin opens, and has no number in it', () => {
  const converted = convert(folder, exportAll(folder, 'turnitin-xlsx', 'xlsx', 'zh-TW'), csv, 'turnitin-zh');
  converted.forEach((bytes, i) => {
    for (const row of templates[i].criteria) {
      for (const { descriptor } of row.cells) assert.ok(flat(bytes).includes(flat(descriptor['zh-TW'])));
    }
    assert.doesNotMatch(bytes.toString(), /(^|,)\d+(,|$)/m);
  });
});

test('the other formats are well-formed and have every text', () => {
  for (const document of templates) {
    for (const format of ['moodle-json', 'classroom-json', 'case-json', 'json', 'moodle-xml', 'markdown']) {
      const { bytes } = rubricon(['export', '--format', format, '--language', 'zh-TW'], JSON.stringify(document));
      if (format.endsWith('json')) JSON.parse(bytes);
      const shown = flat(Buffer.from(bytes.toString().replaceAll('\\n', '').replaceAll('\\', '')));
      for (const each of textsOf(document, 'zh-TW')) {
        const untitled = format === 'classroom-json' || format === 'moodle-xml';
        if (untitled && each === document.title['zh-TW']) continue;
        assert.ok(shown.includes(flat(each)), `${format}: ${each}`);
      }
    }
  }
});

/** What a file with texts in one language comes back as. */
function asRead(document, language) {
  const only = (each) => ({ [language]: each[language] });
  const whole = computed(document);
  return {
    ...whole, title: only(whole.title), language, assignmentType: null,
    levels: whole.levels.map((level) => ({ ...level, name: only(level.name) })),
    criteria: whole.criteria.map((row, i) => ({
      ...row, id: `c${i + 1}`, name: only(row.name), focus: only(row.focus), source: 'teacher',
      cells: row.cells.map((cell) => ({ ...cell, descriptor: only(cell.descriptor), origin: 'teacher' })),
    })),
  };
}

function checkImport(converted) {
  converted.forEach((bytes, i) => assert.deepEqual(JSON.parse(rubricon(['import'], bytes).bytes), asRead(templates[i], 'zh-TW')));
}

test('what LibreOffice saves comes back in: workbook, UTF-16 text, and a document copied as HTML', () => {
  const workbooks = exportAll(folder, 'xlsx', 'xlsx', 'zh-TW');
  checkImport(convert(folder, workbooks, 'xlsx', 'again-xlsx'));
  checkImport(convert(folder, workbooks, 'csv:Text - txt - csv (StarCalc):9,34,65535', 'again-utf16'));
  checkImport(convert(folder, workbooks, 'html', 'again-html-calc'));
  checkImport(convert(folder, exportAll(folder, 'docx', 'docx', 'zh-TW'), 'html', 'again-html'));
});

test('documents are what contract/rubric.schema.json says', () => {
  const schema = JSON.parse(contract('rubric.schema.json'));
  const check = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
  for (const document of templates) {
    assert.ok(check(JSON.parse(rubricon(['export', '--format', 'json'], JSON.stringify(document)).bytes)), JSON.stringify(check.errors));
  }
  // Without the one thing that is wrong each of these is a document.
  const whole = JSON.parse(rubricon(['export', '--format', 'json'], JSON.stringify(templates[0])).bytes);
  const refused = (document) => {
    assert.equal(check(document), false);
    return check.errors.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
  };
  assert.deepEqual(refused({ ...whole, version: 1 }), [' additionalProperties']);
  assert.deepEqual(refused({ ...whole, title: undefined }), [' required']);
  assert.deepEqual(refused({ ...whole, total: '100' }), ['/total type']);
});

test('the schema of the rubric is the one of the REST contract', () => {
  const { schemas } = parse(contract('openapi.yaml')).components;
  const { $schema, $id, title, $defs, ...root } = JSON.parse(contract('rubric.schema.json'));
  const here = (schema) => JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'));
  assert.equal($id, 'urn:rubricon:rubric');
  assert.deepEqual(root, here(schemas.Rubric));
  for (const [name, schema] of Object.entries($defs)) assert.deepEqual(schema, here(schemas[name]), name);
});

test('the command line says what is wrong with a file, and where', () => {
  const refused = (args, input) => assert.throws(() => rubricon(args, input), (error) => {
    refused.said = error.message;
    return true;
  });
  refused(['import'], '標題\n項目,權重,優,劣\n論點,很多,a,b\n');
  assert.match(refused.said, /: 1\n.*error: row 3, column B, Cell B3 should be a number/s);
  refused(['export', '--format', 'pdf'], '{}');
  assert.match(refused.said, /: 2\n.*there is no format "pdf"/s);
  refused(['export', '--format', 'tsv'], '{}');
  refused(['export', '--format', 'csv', '--language', 'fr'], JSON.stringify(templates[0]));
  refused(['import', '/nowhere/x.csv']);
  refused(['import'], '標題\n項目,權重,優,劣\n論點,\x1b]0;owned\x07\x1b[2J\u009b31mmany,a,b\n');
  assert.match(refused.said, /Cell B3 should be a number: "\]0;owned\[2J31mmany"/);
  assert.match(rubricon(['formats']).bytes.toString(), /^canvas-csv +out, in +Canvas/m);
});
