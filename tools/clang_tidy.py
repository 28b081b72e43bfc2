#!/usr/bin/env python3
"""clang-tidy over our sources, as many processes as there are cores.

usage: clang_tidy.py <build folder with compile_commands.json>

Nearly all of its time goes to headers, so sources that are compiled with the same flags are read
as one file, BATCH at a time. Where that does not pass, because there is a finding or because two
sources say the same name, each half is read again: what is printed always comes from one source
alone. Exits 1 on any finding.
"""
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BATCH = 16
ROOT = Path(__file__).resolve().parent.parent
NOT_SHIPPED = ("_test.cpp", "_itest.cpp", "_fuzz.cpp", "_bench.cpp")


def flags(entry):
    """What the source is compiled with, without itself and what becomes of it."""
    words = iter(shlex.split(entry["command"])[1:])
    kept = []
    for word in words:
        if word in ("-o", "-c"):
            next(words)
        else:
            kept.append(word)
    return tuple(kept)


def batches(build):
    tracked = subprocess.run(["git", "ls-files", "src/*.cpp", "examples/*.cpp"], cwd=ROOT,
                             check=True, capture_output=True, text=True).stdout.split()
    ours = {str(ROOT / name) for name in tracked if not name.endswith(NOT_SHIPPED)}
    groups = defaultdict(set)
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if entry["file"] in ours:
            groups[flags(entry), entry["directory"]].add(entry["file"])
    missing = ours.difference(*groups.values())
    if missing:
        sys.exit(f"clang_tidy.py: no compile command for {', '.join(sorted(missing))}")
    for (options, directory), files in groups.items():
        files = sorted(files)
        for begin in range(0, len(files), BATCH):
            yield options, directory, files[begin:begin + BATCH]


def findings(options, directory, files):
    """What clang-tidy says of these files, "" where all is well."""
    # Inside the project: clang-tidy looks for .clang-tidy in the folders above what it reads.
    with tempfile.TemporaryDirectory(prefix="tidy-", dir=ROOT / "build") as folder:
        source = Path(files[0])
        if len(files) > 1:
            source = Path(folder) / "batch.cpp"
            source.write_text("".join(f'#include "{file}"\n' for file in files))
        done = subprocess.run(["clang-tidy-19", "--quiet", str(source), "--", *options], cwd=directory,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode == 0:
        return ""
    if len(files) == 1:
        return done.stdout or done.stderr or f"{source}: clang-tidy ended with {done.returncode}\n"
    half = len(files) // 2
    return findings(options, directory, files[:half]) + findings(options, directory, files[half:])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        said = "".join(pool.map(lambda batch: findings(*batch), batches(Path(sys.argv[1]).resolve())))
    sys.stdout.write(said)
    sys.exit(1 if said else 0)


if __name__ == "__main__":
    main()
