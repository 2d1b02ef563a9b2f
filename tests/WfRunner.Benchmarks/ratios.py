"""Times commands of the program beside their floors, in turns, and prints medians and ratios. Called by ratios.sh."""
import os, resource, shutil, statistics, subprocess, sys, tempfile, time
from pathlib import Path

WF, EMPTY, ROUNDS = sys.argv[1], sys.argv[2], int(sys.argv[3])
HOME = Path(tempfile.mkdtemp(prefix="wf-ratios-"))


def project(name, files):
    folder = HOME / name
    folder.mkdir()
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


ONE = project("one", {"one.dig": "+a:\n  echo>: hi\n"})
SHELLS = project("shells", {"shells.dig": "".join(f"+t{i}:\n  sh>: \":\"\n" for i in range(40))})
LOOP = project("loop", {f"loop{n}.dig": f"+l:\n  loop>: {n}\n  _do:\n    echo>: ${{i}}\n" for n in (10_000, 100_000)})
TASK = """timezone: Asia/Tokyo
schedule:
  daily>: 07:00:00
_export: {{td: {{database: db}}, target: {i}}}
+prepare:
  echo>: starting ${{session_date}} for ${{target}}
+load:
  _parallel: true
  +first: {{td>: queries/q{q}.sql, create_table: t{i}}}
  +second: {{td>: queries/q{q}.sql, insert_into: u{i}, _error: {{echo>: "${{error.message}}"}}}}
+each:
  for_each>: {{country: [jp, us, de]}}
  _do:
    sh>: echo "${{country}}" $HOME
    _env: {{DAY: '${{moment(session_time).format("YYYYMMDD")}}'}}
+check:
  if>: ${{target > 3}}
  _do: {{echo>: big}}
  _else_do: {{echo>: small}}
"""
THOUSAND = project("thousand", {
    **{f"queries/q{q}.sql": "SELECT count(*) FROM t WHERE d = '${session_date}' AND x = ${target}\n" for q in range(200)},
    **{f"w{i}.dig": TASK.format(i=i, q=i % 200) for i in range(1000)}})


def run(argv, cwd):
    env = {**os.environ, "HOME": str(HOME), "NO_COLOR": "1"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{argv} ended with {done.returncode}")
    return wall * 1000, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


LIMIT = ["-X", "executor.task_max_run=200000"]
WORK = {
    "empty native program": ([EMPTY], HOME),
    "wf --version": ([WF, "--version"], HOME),
    "wf run, one echo>": ([WF, "run", "one.dig", "--rerun"], ONE),
    "shell loop, 40 shells": (["sh", "-c", "i=0; while [ $i -lt 40 ]; do /bin/sh -c :; i=$((i+1)); done"], HOME),
    "wf run, 40 sh>": ([WF, "run", "shells.dig", "--rerun"], SHELLS),
    "wf check, 1,000 files": ([WF, "check"], THOUSAND),
    "wf run, loop of 10,000": ([WF, "run", "loop10000.dig", "--no-save", *LIMIT], LOOP),
    "wf run, loop of 100,000": ([WF, "run", "loop100000.dig", "--no-save", *LIMIT], LOOP),
}
times = {name: [] for name in WORK}
for turn in range(ROUNDS):
    for name, (argv, cwd) in WORK.items():
        if "loop of" not in name or turn < 3:
            times[name].append(run(argv, cwd))
wall = {name: statistics.median(t[0] for t in rows) for name, rows in times.items()}
for name, rows in times.items():
    print(f"{name:28} {wall[name]:9.1f} ms wall   {statistics.median(t[1] for t in rows):9.1f} ms CPU   (min {min(t[0] for t in rows):.1f})")


def ratio(what, value, unit, budget, holds):
    print(f"{what:52} {value:10,.1f} {unit:10} budget {budget:24} {'holds' if holds else 'MISSED'}")


print()
floor = wall["empty native program"]
version, one = wall["wf --version"] / floor, wall["wf run, one echo>"] / floor
shells = wall["wf run, 40 sh>"] / wall["shell loop, 40 shells"]
check, small, large = wall["wf check, 1,000 files"], wall["wf run, loop of 10,000"], wall["wf run, loop of 100,000"]
ratio("wf --version / empty program", version, "x", "at most 3x", version <= 3)
ratio("wf run of one echo> / empty program", one, "x", "at most 10x", one <= 10)
ratio("40 sh> / shell loop of 40 shells", shells, "x", "at most 2x", shells <= 2)
ratio("wf check of 1,000 files", check, "ms", "at most 200 ms", check <= 200)
ratio("tasks of one loop>", 10_000_000 / small, "tasks/s", "at least 10,000 tasks/s", small <= 1000)
ratio("100,000 tasks / 10,000 tasks", large / small, "x", "at most 12x", large <= 12 * small)
shutil.rmtree(HOME, ignore_errors=True)
