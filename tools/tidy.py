#!/usr/bin/env python3
"""Checks of the code itself that no compiler makes.

usage: tidy.py [ROOT]    prints file:line: rule: reason, exits 1 on any finding.
Silence one line with:   // tidy: allow <rule> because <reason>
"""
import fnmatch
import re
import subprocess
import sys
from pathlib import Path

FILE_MAX, FUNCTION_MAX, COLUMN_MAX = 500, 70, 100
OUTSIDE = ("src/app/", "src/adapters/", "examples/")  # where the world is allowed in
TESTS = re.compile(r"_(test|itest|fuzz|bench)\.")

# rule, pattern, what to do instead, where it is allowed
BANS = [
    ("relative-include", r'#include\s+"\.\./', "include <rubricon/module/file.hpp>", ()),
    ("clock", r"(system|steady)_clock::now\(", "take a ports::Clock", OUTSIDE),
    ("random", r"std::random_device|\brand\(\)|random_generator\(", "take a ports::Random", OUTSIDE),
    ("getenv", r"\bgetenv\(", "only app/config reads the environment", ("src/app/",)),
    ("thread", r"std::(jthread|thread)\b|\bsleep_for\(", "only app/ and adapters/ own threads", OUTSIDE),
    ("timer", r"\b(steady|system|high_resolution)_timer\b", "wait with base::Timer, which simulated time can move", ("src/base/",)),
    ("detached", r"\bdetached\b", "spawn through base::TaskGroup, which stops and joins", ()),
    ("capture-all", r"\[\s*=\s*[\],]", "name every capture", ()),
    ("lambda-coroutine",
     r"\[[^\]\n]*\w[^\]\n]*\]\s*(\([^)]*\))?\s*(mutable\s*)?->\s*(asio::)?(base::)?(awaitable|Task)<",
     "no captures in a coroutine lambda: pass arguments to a named coroutine", ()),
    ("leftover", r"\b(TODO|FIXME|XXX|DO NOT MERGE)\b", "finish it or file it", ()),
    ("skipped-test", r"\bGTEST_SKIP\b|\bDISABLED_", "a test that cannot fail is no test", ()),
]


# Statements that end in a brace and are not functions.
NO_FUNCTION = r"(namespace|class|struct|enum|union|if|for|while|switch|do|else|try|template<>|extern|test|describe)\b"


def functions(lines):
    """Yields (first line, length) of each function whose first line is at indent 0 or 2."""
    begun = None  # where the statement that is being read began
    start = indent = None
    for number, line in enumerate(lines, 1):
        if start is not None:
            if re.match(rf"^ {{{indent}}}\}}", line):
                yield start, number - start + 1
                start = begun = None
            continue
        code = line.split("//")[0].rstrip()
        if begun is None and code:
            begun = number
        if code.endswith("{"):
            statement = " ".join(each.strip() for each in lines[begun - 1:number])
            indent = len(lines[begun - 1]) - len(lines[begun - 1].lstrip())
            while statement != (flat := re.sub(r"\{[^{}]*\}", "", statement)):
                statement = flat  # what is left has one brace, unless it opens within another one
            if indent in (0, 2) and statement.count("{") == 1 and re.search(r"\)|=>", statement) and not re.match(NO_FUNCTION, statement):
                start = begun
        if start is None and (not code or code[-1] in ";{}:" or code.startswith("#")):
            begun = None


def check_file(text, name):
    """Yields (line, rule, reason) for one source file."""
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if len(lines) > FILE_MAX:
        yield 1, "file-length", f"{len(lines)} lines, at most {FILE_MAX}"
    for number, length in functions(lines):
        if length > FUNCTION_MAX:
            yield number, "function-length", f"{length} lines, at most {FUNCTION_MAX}"
    in_tests = bool(TESTS.search(name)) or "/contract/" in name
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMN_MAX:
            yield number, "line-length", f"{len(line)} columns, at most {COLUMN_MAX}"
        code = line.split("//")[0]
        for rule, pattern, instead, allowed in BANS:
            if in_tests and rule in ("clock", "random", "thread", "timer"):
                continue
            if re.search(pattern, line if rule == "leftover" else code) and not name.startswith(allowed or ("\0",)):
                if f"tidy: allow {rule} because" not in line:
                    yield number, rule, instead


LITERAL = r'(?:R"\(.*?\)"|"(?:[^"\\\n]|\\.)*")'
SQL = re.compile(r"(?:^\s*\(?(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|PRAGMA|ATTACH)|\b(?:FROM|WHERE|VALUES|SET)) ")


def check_sql(text, name):
    """SQL is literals and parameters: nothing but lists of columns (x_columns) may be put into it."""
    code = re.sub(r"//[^\n]*", lambda comment: " " * len(comment[0]), text)
    lines = text.split("\n")
    for literal in re.finditer(rf"{LITERAL}(?:\s*{LITERAL})*", code, re.S):
        words = (re.sub(r'^R?"\(?|\)?"$', "", each) for each in re.findall(LITERAL, literal[0], re.S))
        if not SQL.search("".join(words)):
            continue
        before, behind = code[:literal.start()].rstrip(), code[literal.end():].lstrip()
        call = re.search(r"(\w+)\($", before)
        variable = re.search(r"(\w+)\s*=$", before)
        arguments = behind.split(")")[0].split(",")[1:] if call and call[1] == "format" else []
        if (before.endswith(("+", "+=")) or behind.startswith("+") or call and call[1] not in ("query", "run", "execute", "format")
                or variable and re.search(rf"\b{variable[1]}\s*\+=", behind)
                or not all(re.fullmatch(r"\s*\w+_columns\s*", each) for each in arguments)):
            number = text[:literal.start()].count("\n") + 1
            begun = code[:max(code.rfind(end, 0, literal.start()) for end in (";\n", "}\n", "{\n"))].count("\n") + 1
            if not any("tidy: allow sql because" in line for line in lines[begun:number]):
                yield number, "sql", "values go into SQL as parameters"


def own_header_first(path, text, name):
    """x.cpp begins with x.hpp, so that each build proves that the header stands alone."""
    first = re.search(r'^#include (.*)$', text, re.M)
    if path.with_suffix(".hpp").exists() and first and first[1] != f"<rubricon/{path.parent.name}/{path.stem}.hpp>":
        yield text[:first.start()].count("\n") + 1, "own-header-first", f"include {path.stem}.hpp before anything else"


def declared(root):
    """What tests say they test: `// tests: a.cpp b.cpp` beside the sources, or whole paths (with *) in tests/."""
    for test in [*root.glob("src/**/*_test.cpp"), *root.glob("src/**/*_itest.cpp"), *root.glob("tests/*/*.mjs")]:
        for names in re.findall(r"^// tests: (.*)$", test.read_text(), re.M):
            for name in names.replace(",", " ").split():
                yield name if "/" in name else test.parent.relative_to(root).joinpath(name).as_posix()


def tested(path, name, root):
    """A test of its own beside it, one that includes its header, or one that says so."""
    own = (path.with_name(f"{path.stem}_{kind}.cpp") for kind in ("test", "itest", "fuzz", "contract_test", "contract_itest"))
    if any(test.exists() for test in own):
        return True
    include = f"<rubricon/{path.parent.name}/{path.stem}.hpp>"
    if any(include in test.read_text() for kind in ("test", "itest") for test in path.parent.glob(f"*_{kind}.cpp")):
        return True
    return any(fnmatch.fnmatch(name, pattern) for pattern in DECLARED.setdefault(root, set(declared(root))))


DECLARED = {}


def check_tree(root):
    """Yields (line, rule, reason) with the file's name in front, for all C++ of ours."""
    for path in sorted([*root.glob("src/**/*.[ch]pp"), *root.glob("examples/**/*.[ch]pp")]):
        name = path.relative_to(root).as_posix()
        text = path.read_text()
        findings = [*check_file(text, name)]
        if path.suffix == ".cpp" and name.startswith("src/"):
            findings += own_header_first(path, text, name)
        if name.startswith("src/adapters/") and not TESTS.search(name):
            findings += check_sql(text, name)
        for number, rule, reason in findings:
            yield f"{name}:{number}", rule, reason
        if path.suffix == ".cpp" and name.startswith("src/") and not TESTS.search(name) and not tested(path, name, root):
            yield f"{name}:1", "no-test", (
                f"expected {path.stem}_test.cpp beside it, or a test that includes its header or says "
                f"`// tests: {path.name}`")
    for module in sorted(p.parent for p in root.glob("src/**/*.cpp")):
        if not (module / "README.md").exists():
            yield f"{module.relative_to(root).as_posix()}:1", "no-readme", "each module explains itself"
    yield from check_script_sizes(root)
    yield from check_named_tests(root)


def check_named_tests(root):
    """Every test that a page of docs/ names exists: `Suite.name` in C++, [file](../tests/…) “title” in JavaScript."""
    cpp = {f"{suite}.{name}" for kind in ("test", "itest") for test in root.glob(f"src/**/*_{kind}.cpp")
           for suite, name in re.findall(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", test.read_text(), re.M)}
    cpp |= {f"{suite}.{name}" for suite_of_all in root.glob("src/ports/contract/*.hpp")
            for suite, name in re.findall(r"^TEST_P\((\w+), (\w+)\)", suite_of_all.read_text(), re.M)}
    for page in sorted(root.glob("docs/*.md")):
        for number, line in enumerate(page.read_text().split("\n"), 1):
            place = f"{page.relative_to(root).as_posix()}:{number}"
            for test in re.findall(r"`([A-Z]\w+(?:Test|Contract)\.\w+|[A-Z]\w+\.[a-z]+_\w+)`", line):
                if test not in cpp:
                    yield place, "no-such-test", f"{test} is in no src/**/*_test.cpp or *_itest.cpp"
            for name, titles in re.findall(r"\]\(\.\./(tests/[^)]+)\)((?:,? “[^”]+”)+)", line):
                text = (root / name).read_text() if (root / name).is_file() else ""
                for title in re.findall("“([^”]+)”", titles):
                    if not re.search(rf"\btest\([`']{re.escape(title)}[`']", text):
                        yield place, "no-such-test", f"“{title}” is not in {name}"
    yield from check_security_rows(root)
    yield from check_removals(root)


def check_security_rows(root):
    """docs/security.md has a row for each requirement, with a test whose title begins with its number."""
    page = root / "docs/security.md"
    if not page.is_file():
        return
    rows = {row[1]: row[0] for row in re.finditer(r"^\| (S\d+) \|.*“\1: .*$", page.read_text(), re.M)}
    for wanted in [*range(1, 17), *range(31, 40)]:
        if f"S{wanted}" not in rows:
            yield "docs/security.md:1", "no-row", f"S{wanted} has no row that names a test which begins with it"


def check_removals(root):
    """The defences that tests/security/removed.mjs takes away are still where its patches expect them, the tests
    that shall notice exist, and docs/security.md has a row for each that was shown and for no others, which says
    what the patch says."""
    page = root / "docs/security.md"
    lines = page.read_text().splitlines() if page.is_file() else []
    rows = {name: (number, line) for number, line in enumerate(lines, 1)
            for name in re.findall(r"\(\.\./tests/security/removed/([^)]+)\)", line)}
    patches = sorted((root / "tests/security/removed").glob("*.patch"))
    for gone in sorted(rows.keys() - {patch.name for patch in patches}):
        yield f"docs/security.md:{rows[gone][0]}", "stale-row", f"tests/security/removed/{gone} does not exist"
    for patch in patches:
        place = f"{patch.relative_to(root).as_posix()}:1"
        applied = subprocess.run(["git", "apply", "--check", patch], cwd=root, capture_output=True, text=True)
        if applied.returncode != 0:
            yield place, "stale-patch", applied.stderr.split("\n")[0]
        head = patch.read_text().split("\n--- ")[0]
        if patch.name not in rows:
            yield place, "not-shown", "docs/security.md has no row for it: ./dev defences " + patch.name.split("-")[0]
        else:
            yield from removal_row_problems(*rows[patch.name], head)
        tests = [root / "tests/security" / name for name in re.findall(r"^Test: (.+)$", head, re.M)]
        text = "".join(test.read_text() for test in tests if test.is_file())
        for title in re.findall(r"^Expects: ([^*\n]+)$", head, re.M):
            if f"test('{title}'" not in text:
                yield place, "no-such-test", f"“{title}” is not in {', '.join(test.name for test in tests)}"


def removal_row_problems(number, line, head):
    """A row of docs/security.md names the file, the titles and the words that its patch expects, as
    tests/security/removed.mjs writes them."""
    file = re.search(r"^Test: (.+?)\.test\.mjs$", head, re.M)
    expected = [f"{file[1]}: "] if file else []
    expected += [title.replace("*", "…") for title in re.findall(r"^Expects: (.+)$", head, re.M)]
    expected += re.findall(r"^(?:Removes|Says): (.+)$", head, re.M)
    for words in expected:
        if words.replace("|", "\\|") not in line:
            yield f"docs/security.md:{number}", "stale-row", f"the patch expects “{words}”: ./dev defences shows it anew"


def check_script_sizes(root):
    """The same length for the client, the tests, the tools and the dev script."""
    patterns = ("client/src/**/*.ts", "client/src/**/*.tsx", "client/src/**/*.css", "tests/**/*.mjs",
                "tools/*", "dev", "schema/**/*.sql")
    for path in sorted(p for pattern in patterns for p in root.glob(pattern)):
        if "node_modules" in path.parts or not path.is_file():
            continue
        text = path.read_text()
        name = path.relative_to(root).as_posix()
        lines = text.split("\n")
        if len(lines) > FILE_MAX + 1:
            yield f"{name}:1", "file-length", f"{len(lines) - 1} lines, at most {FILE_MAX}"
        if path.suffix in (".ts", ".tsx", ".mjs") and ".test." not in path.name:
            for number, length in functions(lines):
                if length > FUNCTION_MAX:
                    yield f"{name}:{number}", "function-length", f"{length} lines, at most {FUNCTION_MAX}"


def main(root):
    seen = set()
    for place, rule, reason in check_tree(root):
        finding = f"{place}: {rule}: {reason}"
        if finding not in seen:
            print(finding)
            seen.add(finding)
    return 1 if seen else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
