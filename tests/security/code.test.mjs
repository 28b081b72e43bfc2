// S34, S39: what is looked at in the code itself, and that whoever looks would see.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');

/** What tidy.py finds of `rule` in one file of a module. */
function findings(rule, text) {
  const folder = mkdtempSync(path.join(tmpdir(), 'rubricon-tidy-'));
  mkdirSync(path.join(folder, 'src/adapters/sqlite'), { recursive: true });
  writeFileSync(path.join(folder, 'src/adapters/sqlite/store.cpp'), text);
  const { stdout } = spawnSync('python3', [path.join(root, 'tools/tidy.py'), folder], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return stdout.split('\n').filter((line) => line.includes(` ${rule}:`));
}

test('S34: SQL is made of literals and parameters, and the check sees where it is not', () => {
  const whole = spawnSync('python3', [path.join(root, 'tools/tidy.py'), root], { encoding: 'utf8' });
  assert.doesNotMatch(whole.stdout, / sql:/);
  const bad = [
    'db.query("SELECT 1 FROM users WHERE email = \'" + email + "\'");',
    'db.run(fmt::format("DELETE FROM users WHERE id = \'{}\'", id));',
    'std::string sql = "SELECT 1 FROM users WHERE id = "; sql += id;',
    'db.run(R"(DELETE FROM users WHERE name = ")" + name);',
    'auto sql = R"(SELECT 1\n  FROM users WHERE id = )" + id;',
    'auto sql = "UPDATE users SET name = \'" + name;',
    'db.execute(absl::StrCat("INSERT INTO users VALUES (", id));',
  ];
  for (const line of bad) assert.equal(findings('sql', `void f() {\n  ${line}\n}\n`).length, 1, line);
  const good = [
    'db.query(R"(SELECT 1 FROM users\n  WHERE email = ?)", email);',
    'db.query("SELECT 1 FROM users WHERE email = ?", email);',
    'static const std::string sql = fmt::format("SELECT {} FROM users u WHERE u.id = ?", user_columns);',
    'db.run("UPDATE users SET name = ?2 "\n         "WHERE id = ?1", id, name);',
  ];
  for (const line of good) assert.deepEqual(findings('sql', `void f() {\n  ${line}\n}\n`), [], line);
});

test('S39: every parser of what comes from outside has a fuzz target with seeds that each test run replays', () => {
  const targets = readdirSync(path.join(root, 'src'), { recursive: true }).filter((name) => name.endsWith('_fuzz.cpp')).map((name) => path.basename(name, '.cpp'));
  // Written down once more, so that a target that goes, or comes without its line, is noticed.
  const parsers = ['http_parser', 'websocket_codec', 'engineio_payload', 'socketio_packet', 'jwt', 'body', 'request_head', 'rubric', 'assistant', 'wire', 'list_cursor', 'search_terms', 'recovery_seal', 'event_wire', 'adapter_packet', 'reply_reader',
    'csv_reader', 'markdown_reader', 'html_table', 'xlsx_reader',
    'sse', 'json_reply', 'fence_splitter', 'rubric_turn'];
  assert.deepEqual(targets.sort(), parsers.map((parser) => `${parser}_fuzz`).sort());
  const seeded = readdirSync(path.join(root, 'fuzz'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  assert.deepEqual(seeded.sort(), targets, 'seeds without a target, or a target without seeds');
  for (const target of targets) assert.ok(readdirSync(path.join(root, 'fuzz', target)).length >= 3, `${target} has too few seeds`);
  assert.match(readFileSync(path.join(root, 'cmake/Module.cmake'), 'utf8'), /replay_corpus/);
  const presets = JSON.parse(readFileSync(path.join(root, 'CMakePresets.json'), 'utf8')).configurePresets.map((each) => each.name);
  for (const preset of ['dev', 'tsan', 'fuzz']) assert.ok(presets.includes(preset), preset);
});
