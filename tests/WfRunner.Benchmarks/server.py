"""Times a server on PostgreSQL beside pgbench on the same database server. Called by server.sh."""
import argparse, json, statistics, sys, threading, time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "chaos"))
from cluster import Folder, Node, Postgres, until

ECHOES = 40


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def pgbench(postgres, seconds):
    """Transactions a second of simple updates, each its own commit, from eight clients."""
    postgres.sql("CREATE DATABASE bench", database="postgres")
    postgres.tool("pgbench", "-i", "-q", "-s", "5", "bench")
    out = postgres.tool("pgbench", "-N", "-c", "8", "-j", "2", "-M", "prepared", "-T", str(seconds), "bench")
    return float(next(l for l in out.splitlines() if l.startswith("tps")).split()[2])


def transitions(postgres):
    """Saved changes of tasks that exist: to running, to success and so on."""
    time.sleep(11)  # A connection that has nothing to do reports within ten seconds what it did last.
    return int(postgres.sql("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'tasks'")[-1][0])


def start(node, workflow, number):
    body = {"workflowId": workflow, "sessionTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_600_000_000 + number)), "params": {}}
    status, answer = node.ask("PUT", "/api/attempts", body)
    assert status == 200, (status, answer)


def unfinished(postgres):
    return int(postgres.sql("SELECT count(*) FROM attempts WHERE NOT done")[0][0])


def many(node, postgres, workflow, first, count, clients=4):
    """Starts attempts from several clients and waits for their end; seconds."""
    begin = time.perf_counter()
    threads = [threading.Thread(target=lambda c=c: [start(node, workflow, first + i) for i in range(c, count, clients)]) for c in range(clients)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    until(lambda: unfinished(postgres) == 0, "all attempts are done", seconds=1800, pause=0.05)
    return time.perf_counter() - begin


def latency(node, workflow, stamps, count):
    """Milliseconds from sending a start request to the first line of the first task's command, on an idle server."""
    times = []
    for i in range(count):
        stamps.unlink(missing_ok=True)
        begin = time.time()
        start(node, workflow, i)
        until(lambda: stamps.exists() and stamps.read_text().endswith("\n"), "the command has run", pause=0.002)
        times.append((float(stamps.read_text()) - begin) * 1000)
        time.sleep(0.02)
    return times


def idle(node, seconds):
    before, begin = node.cpu(), time.perf_counter()
    time.sleep(seconds)
    return (node.cpu() - before) / (time.perf_counter() - begin) * 100


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("wf")
    arguments.add_argument("--short", action="store_true")
    wanted = arguments.parse_args()
    attempts, after, seconds = (50, 500, 5) if wanted.short else (250, 10_000, 15)
    with Folder() as folder, Postgres(folder / "postgres") as postgres:
        result = {"pgbench tps": round(pgbench(postgres, seconds))}
        node = Node(wanted.wf, folder, "node", {**postgres.configuration(), "executor.attempt_max_run": "1000000",
                                                "log-server.type": "local", "log-server.local.path": str(folder / "task-log")})
        try:
            node.start()
            stamps = folder / "stamps"
            ids = node.push("bench", {
                "echoes.dig": "".join(f"+e{i}:\n  echo>: ${{session_time}}\n" for i in range(ECHOES)),
                "stamp.dig": f"+s:\n  sh>: date +%s.%N > {stamps}.new && mv {stamps}.new {stamps}\n",
                "one.dig": "+a:\n  echo>: hi\n"})
            time.sleep(2)
            result["idle: resident MB"] = round(node.memory() / 1e6, 1)
            result["idle: % of a core"] = round(idle(node, seconds * 2), 2)
            latency(node, ids["stamp"], stamps, 20)
            postgres.sql("DELETE FROM tasks; DELETE FROM attempts; DELETE FROM sessions")
            times = latency(node, ids["stamp"], stamps, attempts)
            result["start to first command: median ms"] = round(statistics.median(times), 1)
            result["start to first command: p99 ms"] = round(percentile(times, 0.99), 1)
            before, cpu = transitions(postgres), node.cpu()
            took = many(node, postgres, ids["echoes"], 1_000_000, attempts)
            result["task transitions/s"] = round((transitions(postgres) - before) / took)
            result["tasks/s"] = round(attempts * (ECHOES + 1) / took)
            result["server: CPU ms a task"] = round((node.cpu() - cpu) * 1000 / (attempts * (ECHOES + 1)), 2)
            took = many(node, postgres, ids["one"], 2_000_000, after)
            result["attempts of one task/s"] = round(after / took)
            time.sleep(10)  # Memory is given back when nothing has run for five seconds.
            result[f"after {after} attempts: resident MB"] = round(node.memory() / 1e6, 1)
            result[f"after {after} attempts: % of a core"] = round(idle(node, seconds * 2), 2)
        finally:
            node.end()
    print("\n".join(f"{k:42} {v}" for k, v in result.items()))


main()
