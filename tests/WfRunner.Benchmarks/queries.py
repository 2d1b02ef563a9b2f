"""Times queries of the program beside the same queries through DuckDB's library, in turns. Called by queries.sh."""
import os, statistics, subprocess, sys, tempfile, time
from pathlib import Path

WF, FLOOR, ROUNDS = sys.argv[1], sys.argv[2], int(sys.argv[3])
HOME = Path(tempfile.mkdtemp(prefix="wf-queries-"))
ROWS, DOWNLOAD = 10_000_000, 1_000_000
FILL = f"""SELECT x AS id, x % 1000 AS k, x / 7e0 AS v, 'name ' || CAST(x AS varchar) AS name, 1710255600 + x % 86400 AS time
FROM range({ROWS}) AS t(x)"""
# What a td> file says, and what the library is told: the same work in each one's own words.
QUERIES = {
    f"aggregation of {ROWS:,} rows": (
        "SELECT k, COUNT(*) AS n, SUM(v) AS total, MAX(name) AS last FROM big WHERE TD_TIME_RANGE(time, 1710255600, 1710342000) GROUP BY k ORDER BY k",
        "SELECT k, COUNT(*) AS n, SUM(v) AS total, MAX(name) AS last FROM big WHERE time >= 1710255600 AND time < 1710342000 GROUP BY k ORDER BY k"),
    f"CSV of {DOWNLOAD:,} rows": (f"SELECT * FROM big WHERE id < {DOWNLOAD}",) * 2,
}


def run(argv, output):
    """Milliseconds and most megabytes in memory of a process."""
    with open(output, "wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(argv, cwd=HOME, env={**os.environ, "HOME": str(HOME)}, stdin=subprocess.DEVNULL, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    if status:
        sys.exit(f"{argv} ended with {status}")
    return wall * 1000, usage.ru_maxrss / 1024


(HOME / "fill.sql").write_text(FILL)
subprocess.run([WF, "sql", "fill.sql", "--run", "--create-table", "big", "--database", "bench"], cwd=HOME, check=True)
database = HOME / ".digdag" / "local" / "bench.duckdb"
for number, (name, (presto, native)) in enumerate(QUERIES.items()):
    (HOME / f"q{number}.sql").write_text(presto)
    work = {
        "wf": [WF, "sql", f"q{number}.sql", "--csv", "--database", "bench"],
        "library": ["node", FLOOR, str(database), "bench", native],
    }
    seen = {who: [] for who in work}
    for _ in range(ROUNDS):
        for who, argv in work.items():
            seen[who].append(run(argv, HOME / f"{who}.csv"))
    lines = {who: (HOME / f"{who}.csv").read_bytes().count(b"\n") for who in work}
    if len(set(lines.values())) != 1:
        sys.exit(f"{name}: the results differ: {lines}")
    time_of, memory_of = ({who: statistics.median(r[i] for r in rows) for who, rows in seen.items()} for i in (0, 1))
    for who in work:
        print(f"{name:30} {who:8} {time_of[who]:9.0f} ms {memory_of[who]:8.0f} MB")
    print(f"{name:30} {'ratio':8} {time_of['wf'] / time_of['library']:9.2f} x  {memory_of['wf'] / memory_of['library']:8.2f} x")
