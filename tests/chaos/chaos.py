#!/usr/bin/env python3
"""
Kills, stops and restarts servers of one database while they run attempts, and counts what that cost.

    tests/chaos/chaos.py WF [--attempts 200] [--nodes 3] [--pace 0.2] [--seed N] [--lease 4] [--crash-database] [--json]

Every few seconds a random server is killed (kill -9), stopped for longer than its lease lives (SIGSTOP, then SIGCONT) or told to end
(SIGTERM); it comes back a moment later. The tables get triggers that note every change of a lease and every success, so what is
counted does not depend on what the servers say of themselves. Exit code 1 when a task is lost or one that succeeded ran again.
"""
import argparse, json, random, signal, statistics, sys, threading, time
from cluster import Folder, Node, Postgres, until

NOTE = 'echo "start ${attempt_id} ${task_name} $(date +%s.%N)" >> "$JOURNAL"; sleep PAUSE; echo "end ${attempt_id} ${task_name} $(date +%s.%N)" >> "$JOURNAL"'


def sh(pause, indent="  "):
    return f"{indent}sh>: '{NOTE.replace('PAUSE', str(pause))}'\n"


def workflows(journal):
    head = f"_export:\n  sh: {{shell: [/bin/sh]}}\n"
    env = f"  _env: {{JOURNAL: {journal}}}\n"
    task = lambda name, pause: f"+{name}:\n{sh(pause)}{env}"
    return {
        "sequence": head + "".join(task(f"t{i}", 0.3) for i in range(5)),
        "parallel": head + "+all:\n  _parallel: true\n" + "".join(
            f"  +t{i}:\n{sh(0.5, '    ')}    _env: {{JOURNAL: {journal}}}\n" for i in range(4)) + task("join", 0.1),
        "loop": head + f"+l:\n  loop>: 4\n  _do:\n    +s:\n{sh(0.2, '      ')}      _env: {{JOURNAL: {journal}}}\n" + task("after", 0.1),
        "long": head + task("only", 6),
        "waits": "+w:\n  wait>: 3s\n" + head + task("after", 0.1),
        "echoes": "".join(f"+e{i}:\n  echo>: ${{session_time}}\n" for i in range(20)),
        "conditions": head + f"+c:\n  if>: ${{1 == 1}}\n  _do:\n    +yes:\n{sh(0.2, '      ')}      _env: {{JOURNAL: {journal}}}\n" + task("after", 0.1),
    }


AUDIT = """
CREATE TABLE audit_leases (attempt bigint, node text, at timestamptz);
CREATE TABLE audit_tasks (task bigint, old integer, new integer, at timestamptz);
CREATE FUNCTION audit_lease() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO audit_leases VALUES (NEW.id, NEW.lease_node, clock_timestamp()); RETURN NULL; END $$;
CREATE TRIGGER audit_lease AFTER UPDATE OF lease_token ON attempts FOR EACH ROW WHEN (OLD.lease_token <> NEW.lease_token) EXECUTE FUNCTION audit_lease();
CREATE FUNCTION audit_task() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO audit_tasks VALUES (NEW.id, OLD.state, NEW.state, clock_timestamp()); RETURN NULL; END $$;
CREATE TRIGGER audit_task AFTER UPDATE ON tasks FOR EACH ROW WHEN (OLD.state <> NEW.state AND (OLD.state = 7 OR NEW.state = 7)) EXECUTE FUNCTION audit_task();
"""


class Chaos:
    def __init__(self, nodes, random_source, lease, postgres, crashes_database):
        self.nodes, self.random, self.lease, self.postgres, self.crashes = nodes, random_source, lease, postgres, crashes_database
        self.done, self.events, self.lock = threading.Event(), [], threading.Lock()

    def run(self):
        while not self.done.wait(self.random.uniform(1, 3)):
            node = self.random.choice(self.nodes)
            what = self.random.choice(["kill", "kill", "stop", "stop", "term"] + (["database"] if self.crashes else []))
            self.events.append((what, node.name, time.time()))
            if what == "database":
                self.postgres.crash()
                time.sleep(self.random.uniform(0.5, self.lease * 1.5))
                self.postgres.start()
            elif what == "stop":
                node.send(signal.SIGSTOP)
                time.sleep(self.lease + self.random.uniform(0, 2))
                node.send(signal.SIGCONT)
            else:
                node.end(signal.SIGKILL if what == "kill" else signal.SIGTERM)
                time.sleep(self.random.uniform(0, 2))
                node.start()


def start_attempts(nodes, ids, count, source, pace):
    """Starts them at random nodes; a start that got no answer is repeated, and a session that exists then is the one that was meant."""
    names, started = sorted(ids), []
    for i in range(count):
        name = names[i % len(names)]
        body = {"workflowId": ids[name], "sessionTime": f"2026-01-{1 + i // 1440:02}T{i // 60 % 24:02}:{i % 60:02}:00Z", "params": {}}

        def start():
            status, answer = source.choice(nodes).ask("PUT", "/api/attempts", body, timeout=3)
            if status in (200, 409):
                started.append((name, int(answer["id"])))
            elif status not in (0, 503):
                raise RuntimeError(f"start answered {status} {answer}")
            return status in (200, 409)

        until(start, f"attempt {i} is started")
        time.sleep(pace)
    return started


def tasks_of_calm_attempts(node, postgres, ids):
    """How many tasks an attempt of each shape has when nobody disturbs it."""
    numbers = {}
    for name in sorted(ids):
        status, answer = node.ask("PUT", "/api/attempts", {"workflowId": ids[name], "sessionTime": "2025-01-01T00:00:00Z", "params": {}})
        assert status == 200, (status, answer)
        numbers[name] = int(answer["id"])
    until(lambda: unfinished(postgres) == 0, "the undisturbed attempts are done")
    return {name: int(postgres.sql(f"SELECT count(*) FROM tasks WHERE attempt_id = {i} AND state = 7")[0][0]) for name, i in numbers.items()}


def count(postgres, expected, started, journal, chaos, seconds):
    by_attempt = dict((a, n) for n, a in started)
    states = {}
    for attempt, state, number in postgres.sql("SELECT attempt_id, state, count(*) FROM tasks GROUP BY 1, 2"):
        states.setdefault(int(attempt), {})[int(state)] = int(number)
    lost = 0
    for attempt, name in by_attempt.items():
        got = states.get(attempt, {})
        lost += abs(expected[name] - got.get(7, 0)) + sum(n for s, n in got.items() if s != 7)
    first_success, again = {}, 0
    names = {(int(a), n): int(i) for i, a, n in postgres.sql("SELECT id, attempt_id, full_name FROM tasks")}
    for task, old, new, at in postgres.sql("SELECT task, old, new, extract(epoch FROM at) FROM audit_tasks ORDER BY at"):
        if int(new) == 7 and int(task) not in first_success:
            first_success[int(task)] = float(at)
        else:
            again += 1
    runs, starts = {}, 0
    for line in journal.read_text().splitlines():
        kind, attempt, name, at = line.split()
        if kind == "start":
            starts += 1
            task = names[(int(attempt), name)]
            runs[task] = runs.get(task, 0) + 1
            again += float(at) > first_success.get(task, float("inf"))
    taken = takeovers(postgres, chaos)
    return {
        "attempts": len(by_attempt),
        "attemptsNotSuccessful": int(postgres.sql("SELECT count(*) FROM attempts WHERE NOT done OR NOT success")[0][0]),
        "tasks": sum(sum(s.values()) for s in states.values()),
        "tasksLost": lost,
        "succeededTasksRunAgain": again,
        "commandsStarted": starts,
        "runningCommandsRepeated": sum(n - 1 for n in runs.values()),
        "events": {w: sum(e[0] == w for e in chaos.events) for w in ("kill", "stop", "term", "database")},
        "takeovers": len(taken),
        "takeoverSeconds": {"median": round(statistics.median(taken), 2), "longest": round(max(taken), 2)} if taken else None,
        "seconds": round(seconds, 1),
    }


def takeovers(postgres, chaos):
    """How long attempts whose node was killed or stopped had nobody."""
    leases = {}
    for attempt, node, at in postgres.sql("SELECT attempt, node, extract(epoch FROM at) FROM audit_leases ORDER BY at"):
        leases.setdefault(attempt, []).append((float(at), node.split("/")[0]))
    ends = {a: float(t) / 1000 for a, t in postgres.sql("SELECT id, finished_at FROM attempts WHERE done")}
    times = []
    for what, node, at in chaos.events:
        if what not in ("kill", "stop"):
            continue
        for attempt, history in leases.items():
            before = [h for h in history if h[0] <= at]
            after = [h for h in history if h[0] > at]
            if before and before[-1][1] == node and after and ends.get(attempt, 0) > at:
                times.append(after[0][0] - at)
    return times


def hurt(wanted, folder, postgres, source, begin):
    journal = folder / "journal"
    journal.touch()
    keys = {**postgres.configuration(), "agent.heartbeat-interval": "1", "agent.lock-retention-time": str(wanted.lease),
            "executor.attempt_max_run": "100000", "log-server.type": "local", "log-server.local.path": str(folder / "task-log")}
    nodes = [Node(wanted.wf, folder, f"node{i}", keys) for i in range(wanted.nodes)]
    try:
        for node in nodes:
            node.start()
        ids = nodes[0].push("chaos", {f"{name}.dig": text for name, text in workflows(journal).items()})
        expected = tasks_of_calm_attempts(nodes[0], postgres, ids)
        postgres.sql(AUDIT)
        chaos = Chaos(nodes, random.Random(source.random()), wanted.lease, postgres, wanted.crash_database)
        thread = threading.Thread(target=chaos.run)
        thread.start()
        try:
            started = start_attempts(nodes, ids, wanted.attempts, source, wanted.pace)
            until(lambda: unfinished(postgres) == 0, "all attempts are done", seconds=600, pause=0.2)
        finally:
            chaos.done.set()
            thread.join()
        return count(postgres, expected, started, journal, chaos, time.time() - begin)
    except Exception:
        for node in nodes:
            print(node.name, node.log()[-3000:], sep="\n", file=sys.stderr)
        raise
    finally:
        for node in nodes:
            node.end()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("wf")
    arguments.add_argument("--attempts", type=int, default=200)
    arguments.add_argument("--nodes", type=int, default=3)
    arguments.add_argument("--lease", type=int, default=4, help="seconds that a lease lives")
    arguments.add_argument("--pace", type=float, default=0.2, help="seconds between two starts")
    arguments.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    arguments.add_argument("--crash-database", action="store_true", help="the database server is among the victims")
    arguments.add_argument("--json", action="store_true")
    wanted = arguments.parse_args()
    source, begin = random.Random(wanted.seed), time.time()
    with Folder() as folder, Postgres(folder / "postgres", durable=wanted.crash_database) as postgres:
        result = {"seed": wanted.seed, **hurt(wanted, folder, postgres, source, begin)}
    print(json.dumps(result) if wanted.json else "\n".join(f"{k:26} {v}" for k, v in result.items()))
    return 1 if result["tasksLost"] or result["succeededTasksRunAgain"] or result["attemptsNotSuccessful"] else 0


def unfinished(postgres):
    try:
        return int(postgres.sql("SELECT count(*) FROM attempts WHERE NOT done")[0][0])
    except Exception:  # The database may be the victim of the moment.
        return -1


sys.exit(main())
