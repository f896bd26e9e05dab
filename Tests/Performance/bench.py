"""What the benchmarks of this directory share: programs built, servers started, CPU and memory read.

Everything listens on the loopback interface, and every process is ended by whoever started it.
WSTOP names a program to measure instead of .build/release/wstop, which is built otherwise.
"""

import contextlib
import http.client
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SERVER_CPU = "0"
CLIENT_CPU = "1" if os.cpu_count() and os.cpu_count() > 1 else "0"


def free_port():
    """A port that nobody else is given until a server listens on it, which may take a while.

    It lies below those that the system hands out to whoever asks for any, connections included,
    unless these begin very low.
    """
    below = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.randrange(10_000, below) if below > 11_000 else 0
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return probe.getsockname()[1]


# What every pinned command begins with: nothing, or how to run it ahead of all else (see real_time).
AHEAD = []


def pinned(cpus, *command):
    return [*AHEAD, "taskset", "-c", cpus, *map(str, command)]


def real_time():
    """Servers and clients from here on run ahead of every other thread of the machine (sched(7))."""
    needs("chrt")
    ahead = ["chrt", "--fifo", "10"]
    if subprocess.run([*ahead, "true"], stderr=subprocess.DEVNULL).returncode != 0:
        sys.exit("--real-time: the system refuses; it takes root or CAP_SYS_NICE")
    AHEAD[:] = ahead


def wstop_program():
    """The program under test; it is built if nobody names one."""
    program = os.environ.get("WSTOP")
    if program:
        return program
    subprocess.run(
        ["swift", "build", "-c", "release", "--product", "wstop"],
        cwd=ROOT, check=True, stdout=sys.stderr)
    return str(ROOT / ".build/release/wstop")


def raise_descriptor_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def compiled(directory, name, *flags):
    """One of the C programs of this directory, or None if it is not there."""
    source = HERE / f"{name}.c"
    if not source.exists():
        return None
    output = pathlib.Path(directory) / name
    subprocess.run(["cc", "-O3", "-o", output, source, *flags], check=True)
    return str(output)


def processes(pid):
    """A process and all that it started."""
    found = [pid]
    with contextlib.suppress(FileNotFoundError):
        for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += processes(int(child))
    return found


def cpu_seconds(pids):
    """Time that the threads of processes have run, user and system, to the nanosecond."""
    total = 0
    for pid in pids:
        for task in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):
                total += int(task.read_text().split()[0])
    return total / 1e9


def status_bytes(pids, key):
    """A figure of /proc/PID/status, such as VmHWM or VmRSS, summed over processes."""
    total = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError):
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith(key + ":"):
                    total += int(line.split()[1]) * 1024
    return total


def private_bytes(pid):
    """Private memory of a process, so that the program's own text does not count."""
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no Private_Dirty in smaps_rollup")


ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def reactor_of(session):
    """The reactor that owns a session: its ID in Crockford's base 32, modulo 64."""
    number = 0
    for digit in session.removeprefix("s-"):
        number = number * 32 + ALPHABET.index(digit)
    return number % 64


def ask(program, control, *words):
    """The answer of a command to an engine, from its JSON."""
    answer = subprocess.run(
        [program, *words, "--control", control, "--json"], check=True, stdout=subprocess.PIPE)
    return json.loads(answer.stdout)


def reactors_by_port(program, control):
    """The reactor of each session, by the port that its client has."""
    rows = ask(program, control, "sessions", "--limit", "20000")["sessions"]
    return {row["port"]: reactor_of(row["id"]) for row in rows}


class ControlConnection(http.client.HTTPConnection):
    """HTTP to an engine's control socket, for what is asked too often for a process each time."""

    def __init__(self, control, timeout=30):
        super().__init__("wstop", timeout=timeout)
        self.control = control

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.control)

    def get(self, path):
        """The JSON that a path answers with."""
        self.request("GET", path)
        answer = self.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")
        return json.loads(body)


def forget_peak(pids):
    """Lets VmHWM begin anew at what is resident now (proc(5), clear_refs)."""
    for pid in pids:
        with contextlib.suppress(OSError):
            pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


class Server:
    """A server process on a port; a context manager that ends it.

    Its standard error goes to a file if one is named, whose last line then says why it did not
    start.
    """

    # The seconds that a server may take to listen, and to end.
    patience = 20

    def __init__(
        self, name, command, port, path="/", environment=None, directory=None, errors=None
    ):
        self.name = name
        self.port = port
        self.path = path
        self.errors = errors
        with open(errors or os.devnull, "wb") as stderr:
            self.process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=stderr, cwd=directory,
                env={**os.environ, **(environment or {})})

    def __enter__(self):
        try:
            self.wait_until_it_listens()
        except BaseException:
            self.end()
            raise
        return self

    def wait_until_it_listens(self):
        deadline = time.monotonic() + self.patience
        while not self.listens():
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}{self.reason}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} does not listen{self.reason}")
            time.sleep(0.05)

    def listens(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False

    @property
    def reason(self):
        """The last line of the standard error, behind a colon; nothing if there is none."""
        text = pathlib.Path(self.errors).read_text(errors="replace") if self.errors else ""
        return "".join(f": {line}" for line in text.strip().splitlines()[-1:])

    def __exit__(self, *_):
        self.end()

    def end(self):
        if self.process.poll() is None:
            pids = self.pids
            self.process.terminate()
            try:
                self.process.wait(self.patience)
            except subprocess.TimeoutExpired:
                for pid in pids:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                self.process.wait()

    @property
    def pids(self):
        return processes(self.process.pid)


class Engine(Server):
    """wstop serve, with a control socket to ask."""

    def __init__(
        self, program, directory, *arguments, cpus=SERVER_CPU, reactors=1, listen=None, errors=None
    ):
        port = free_port()
        self.program = program
        self.control = os.path.join(directory, f"engine-{port}.sock")
        address = (listen or "127.0.0.1:{}").format(port)
        super().__init__(
            "wstop",
            pinned(
                cpus, program, "serve", "--control", self.control, "--listen", address,
                "--reactors", reactors, *arguments),
            port, "/ws/echo", errors=errors)

    def listens(self):
        # The port is bound once before, to see whether it is free, and connections are then reset.
        return os.path.exists(self.control) and super().listens()

    def ask(self, *words):
        return ask(self.program, self.control, *words)

    def url(self, path=None, scheme="ws"):
        return f"{scheme}://127.0.0.1:{self.port}{path or self.path}"


def load(program, url, *arguments, cpus=CLIENT_CPU):
    """Runs wstop load to its end and gives its report; all of its threads share the processors."""
    outcome = subprocess.run(
        pinned(cpus, program, "load", url, "--json", *arguments),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if outcome.returncode != 0:
        raise RuntimeError(f"wstop load {url}: {outcome.stderr.strip()}")
    return json.loads(outcome.stdout)


def wsload(program, server, connections, size, window, seconds, kind="bin"):
    """Runs wsload.c on a server and gives its figures by name."""
    outcome = subprocess.run(
        pinned(
            CLIENT_CPU, program, server.port, connections, size, window, seconds,
            ",".join(map(str, server.pids)), server.path, kind),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=seconds + 120)
    if outcome.returncode != 0:
        raise RuntimeError(f"wsload on {server.name}: {outcome.stderr.strip()}")
    words = outcome.stdout.replace("us/msg", "").replace("KiB", "").split()
    figures = {}
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if equals:
            figures[name] = float((value or words[index + 1]).rstrip("us/"))
        elif word == "msg/s":
            figures["rate"] = float(words[index - 1])
    return figures


def median(values):
    return statistics.median(values) if values else float("nan")


def table(titles, rows):
    """Prints columns: the first one to the left, the others to the right."""
    widths = [max(len(str(line[i])) for line in [titles, *rows]) for i in range(len(titles))]
    for line in [titles, *rows]:
        cells = [
            str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths))
        ]
        print("  ".join(cells).rstrip())
    sys.stdout.flush()


def figure(value, digits=3):
    """A number to so many figures, without an exponent."""
    if value != value:
        return "-"
    if value == 0:
        return "0"
    before = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    return f"{value:.{max(0, digits - before)}f}"


def needs(*programs):
    for program in programs:
        if shutil.which(program) is None:
            sys.exit(f"{pathlib.Path(sys.argv[0]).name}: wants {program}, which is not installed")


@contextlib.contextmanager
def workspace():
    """A directory for a run. A SIGTERM from here on is an exit, so that whoever started ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="wstop-bench-") as directory:
        yield directory
