"""Times `sh> true` on a server, whose every call gets a fresh copy of its project's files. Called by workspaces.sh."""
import io, json, os, random, subprocess, sys, tarfile, tempfile, time, urllib.request
from pathlib import Path

TASKS = {"small": 100, "large": 20}


def archive(files, size, tasks):
    """A project of so many files with so many bytes of text each."""
    letters = random.Random(1)
    text = lambda: "".join(letters.choices("abcdefghijklmnopqrstuvwxyz \n", k=size)).encode()
    job = f"+many:\n  loop>: {tasks}\n  _do:\n    sh>: 'true'\n"
    both = job.replace("  _do:", "  _parallel:\n    limit: 2\n  _do:")
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content in [("one.dig", job.encode()), ("two.dig", both.encode())] + [(f"data/{i % 20}/{i}.txt", text()) for i in range(files - 2)]:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        info = Path(folder, "info.json")
        config = Path(folder, "server.properties")
        config.write_text(
            f"database.type=memory\nserver.port=0\nserver.runtime-info.path={info}\ntmpdir={folder}/tmp\napi.max_archive_total_size_limit=100000000\n")
        server = subprocess.Popen([binary, "server", "-c", str(config)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not info.exists():
                time.sleep(0.05)
            address = json.loads(info.read_text())["local_addresses"][0]
            base = f"http://{address['host']}:{address['port']}/api"
            ask = lambda method, path, body=None, kind="application/json": json.load(urllib.request.urlopen(
                urllib.request.Request(base + path, body, {"Content-Type": kind}, method=method)))
            for name, files, size in [("small", 3, 1000), ("large", 500, 40_000)]:
                project = ask("PUT", f"/projects?project={name}&revision=1", archive(files, size, TASKS[name]), "application/gzip")
                workflows = ask("GET", f"/projects/{project['id']}/workflows")["workflows"]
                for workflow in workflows:
                    for run in range(2):
                        start = json.dumps({"workflowId": workflow["id"], "sessionTime": f"2026-01-0{run + 1}T00:00:00Z", "params": {}}).encode()
                        begin = time.perf_counter()
                        attempt = ask("PUT", "/attempts", start)
                        while not (ended := ask("GET", f"/attempts/{attempt['id']}"))["done"]:
                            time.sleep(0.01)
                        assert ended["success"], ended
                        seconds = time.perf_counter() - begin
                    used = subprocess.run(["du", "-sk", f"{folder}/tmp"], capture_output=True, text=True).stdout.split()[0]
                    order = {"one": "one after another", "two": "two at a time"}[workflow["name"]]
                    print(f"{files} files, {files * size / 1e6:.0f} MB, {order}: {TASKS[name] / seconds:.1f} tasks/s, {int(used) / 1024:.0f} MB of temporary files")
        finally:
            server.terminate()
            server.wait()


main(sys.argv[1])
