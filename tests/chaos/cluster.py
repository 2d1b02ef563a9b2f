"""A PostgreSQL server and several wf servers on it, for scripts that hurt or time them. Everything is in one temporary folder and ends with it."""
import glob, io, json, os, shutil, signal, socket, subprocess, tarfile, tempfile, time, urllib.error, urllib.request
from pathlib import Path

PASSWORD = "pw"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def binary(name):
    """PostgreSQL's programs, which Debian keeps out of PATH."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True) + os.environ["PATH"].split(":")
    return next(f"{f}/{name}" for f in folders if os.path.exists(f"{f}/{name}"))


class Postgres:
    """A server of its own. PostgreSQL does not run as root: then the account that its packages create is used."""

    def __init__(self, folder, durable=True):
        self.folder, self.port, self.durable = Path(folder), free_port(), durable
        self.folder.mkdir(parents=True)
        os.chmod(self.folder.parent, 0o755)
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.as_user:
            shutil.chown(self.folder, "postgres")
        secret = self.folder / "secret"
        secret.write_text(PASSWORD)
        os.chmod(secret, 0o644)
        self._run("initdb", "-D", f"{folder}/data", "-U", "wf", "--pwfile", str(secret), "--auth", "scram-sha-256", "--no-locale", "-E", "UTF8")
        self.start()
        try:
            self.sql("CREATE DATABASE wf", database="postgres")
        except Exception:
            self.crash()
            raise

    def start(self):
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1" + ("" if self.durable else " -c fsync=off")
        self._run("pg_ctl", "start", "-w", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-o", options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if (self.folder / "data" / "postmaster.pid").exists():
            self.crash()

    def crash(self):
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", f"{self.folder}/data")

    def tool(self, name, *arguments):
        return subprocess.run(
            [binary(name), "-h", "127.0.0.1", "-p", str(self.port), "-U", "wf", *arguments],
            env={**os.environ, "PGPASSWORD": PASSWORD}, check=True, capture_output=True, text=True).stdout

    def sql(self, text, database="wf"):
        """Rows as lists of texts."""
        out = self.tool("psql", "-d", database, "-v", "ON_ERROR_STOP=1", "-qAt", "-F", "\t", "-c", text)
        return [line.split("\t") for line in out.splitlines()]

    def configuration(self):
        return {"database.type": "postgresql", "database.host": "127.0.0.1", "database.port": str(self.port), "database.user": "wf",
                "database.password": PASSWORD, "database.database": "wf"}

    def _run(self, name, *arguments):
        subprocess.run([*self.as_user, binary(name), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/tmp")


class Node:
    """A wf server process, which may be killed, stopped and started again."""

    def __init__(self, binary, folder, name, configuration):
        self.binary, self.name, self.folder, self.process = str(Path(binary).resolve()), name, Path(folder) / name, None
        self.folder.mkdir(parents=True)
        self.info = self.folder / "info.json"
        self.port = free_port()
        keys = {**configuration, "agent.id": name, "server.port": str(self.port), "server.runtime-info.path": str(self.info), "tmpdir": str(self.folder)}
        (self.folder / "server.properties").write_text("".join(f"{k} = {v}\n" for k, v in keys.items()))

    def start(self):
        self.info.unlink(missing_ok=True)
        log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen([self.binary, "server", "-c", str(self.folder / "server.properties")], cwd=self.folder, stdin=subprocess.DEVNULL,
                                        stdout=log, stderr=log, env={**os.environ, "HOME": str(self.folder), "NO_COLOR": "1"})
        until(lambda: self.info.exists() or self.process.poll() is not None, f"{self.name} answers")
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended: {self.log()[-2000:]}")

    def send(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGKILL):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
            self.process.wait()

    def ask(self, method, path, body=None, content="application/json", timeout=10):
        """Status and answer; status 0 when nobody answers."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, method=method, headers={"Content-Type": content})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as e:
            text = e.read()
            return e.code, json.loads(text) if text.startswith(b"{") else {}
        except (OSError, ValueError):
            return 0, {}

    def push(self, project, files):
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w:gz") as tar:
            for name, text in files.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(text.encode())
                tar.addfile(entry, io.BytesIO(text.encode()))
        status, answer = self.ask("PUT", f"/api/projects?project={project}&revision=1", archive.getvalue(), "application/gzip")
        assert status == 200, (status, answer)
        found = self.ask("GET", f"/api/projects/{answer['id']}/workflows")[1]["workflows"]
        return {w["name"]: w["id"] for w in found}

    def log(self):
        file = self.folder / "server.log"
        return file.read_text() if file.exists() else ""

    def memory(self):
        """Resident bytes."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(l.split()[1]) * 1024 for l in lines if l.startswith("VmRSS"))

    def cpu(self):
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until(holds, what, seconds=120, pause=0.02):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s in vain until {what}")
        time.sleep(pause)


class Folder:
    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="wf-cluster-"))
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)
