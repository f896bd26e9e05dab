#!/usr/bin/env python3
"""What one hostile client does to everybody else: round trips of others, and memory above limits.

usage: hostile.py [--only WORDS] [--seconds S] [--rate R] [--real-time] [--list] [--no-herd]

For each client of hostile_clients.py (--list names them) an engine is started anew, with a
message-bytes of 1 MiB for all routes, some of which else have less, and with one reactor on processor
0 (with two on both); the client, a process of its own on processor 1 (hostile_player.py), goes at it
for S seconds (6). Beside it:

p50, p99, max   Round trips, in ms, of echoes of 16 bytes at a steady pace (200/s) over 8 sessions
                that share the reactor with the hostile ones. The prober (probe.c) is a process of
                its own on processor 1. It never waits for a reply before it sends the next one, so
                that a stall counts for all that it delays; what is unanswered in the end counts
                with its waiting. Where the client uses two reactors each has a line.
alone           The p99 of the second before, without the client.
late            The p99 of how late the prober sent, in ms: what this machine does to the prober, and
                not the engine. Above some ms the round trips are not the engine's either.
starved         Time in which the engine's reactors were ready to run and the machine ran others, in
                percent of the time: likewise.
cpu             What the engine took of a processor, in percent.
memory          The most anonymous memory (RssAnon, looked at every 50 ms) above what it was before
                the client came.
gauge           The most that the engine itself counted as buffered bytes.
above           That memory above what the limits allow these connections: for one session its
                backlog-bytes and message-bytes (5 MiB), never more than buffered-bytes.

ended           How many of the others' sessions the engine ended.

The verdict is "ok" where p99 <= 20 ms, above <= 32 MiB and none of the others' sessions was ended;
a client from which no more must be taken than its limits allow, or that must cost no processor time,
has a bound of its own for that. At the end there are three that are no clients of a listener:
filters and lists that a role "view" may ask for (how long /healthz takes beside them, at p99 <= 50
ms), and a trial of ping-interval among 15000 idle sessions (p99.9 <= 20 ms, and from then on never
ten times as many pings in a tenth of a second as if they were even), of two minutes.

With --real-time the prober runs ahead of all other threads of the machine (sched(7)), and the
engine and the client ahead of all of no such priority; for a machine that does other work beside.
Everything ends by itself, within about 11 minutes. Exits with 1 if a verdict is bad.
"""

import argparse
import contextlib
import json
import math
import multiprocessing
import os
import pathlib
import subprocess
import sys
import threading
import time

import bench
import hostile_clients
import hostile_player
import idle
import prober

BOUND_MS = 20
BOUND_MIB = 32
VIEW_BOUND_MS = 50
MIB = 1 << 20
HERE = pathlib.Path(__file__).resolve().parent
TITLES = [
    "client", "p50", "p99", "max ms", "alone", "late", "starved", "cpu", "memory", "gauge",
    "above MiB", "ended", "verdict"]


class Watch(threading.Thread):
    """The engine's memory, what it counts itself, and what its reactors had to wait for."""

    def __init__(self, engine):
        super().__init__(daemon=True)
        self.pid = engine.process.pid
        self.control = engine.control
        self.stopping = threading.Event()
        self.before = self.peak = bench.status_bytes([self.pid], "RssAnon")
        self.gauge = 0
        self.started()

    def started(self):
        """Counts time from here on."""
        self.began, self.waited = time.monotonic(), self.run_delay()
        self.used = bench.cpu_seconds([self.pid])

    def run_delay(self):
        """Seconds in which reactors were ready and did not run (proc(5), schedstat)."""
        total = 0
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            with contextlib.suppress(OSError):
                if task.joinpath("comm").read_text().startswith("reactor"):
                    total += int(task.joinpath("schedstat").read_text().split()[1])
        return total / 1e9

    def run(self):
        connection = bench.ControlConnection(self.control)
        while not self.stopping.wait(0.05):
            for _ in range(4):
                self.peak = max(self.peak, bench.status_bytes([self.pid], "RssAnon"))
                if self.stopping.wait(0.05):
                    break
            with contextlib.suppress(OSError, RuntimeError):
                self.gauge = max(self.gauge, connection.get("/v1/stats")["bufferedBytes"])

    def stop(self):
        self.stopping.set()
        self.join(35)
        self.peak = max(self.peak, bench.status_bytes([self.pid], "RssAnon"))
        self.look()

    def look(self):
        """Shares of the time since `started`."""
        seconds = time.monotonic() - self.began
        self.starved = (self.run_delay() - self.waited) / seconds
        self.cpu = (bench.cpu_seconds([self.pid]) - self.used) / seconds


def niced(niceness):
    """What a command begins with that is to run with a niceness (sched(7), autogroups)."""
    return [
        "setsid", "nice", "-n", str(niceness), "sh", "-c",
        f'echo {niceness} > /proc/self/autogroup; exec "$@"', "sh"]


class Bench:
    """The programs, and how they are run."""

    def __init__(self, options, directory):
        self.options = options
        self.directory = directory
        self.program = bench.wstop_program()
        self.probe = bench.compiled(directory, "probe")
        self.certificate = idle.certificate(directory)
        self.addresses = {}
        ahead = options.real_time
        # A hog of a real-time class is held up by the kernel 50 ms in each second; niceness is not.
        # Among sessions (setsid) that of the autogroup decides, within one that of the process.
        self.engine_ahead = niced(-15) if ahead else []
        self.client_ahead = niced(-12) if ahead else []
        self.prober_ahead = ["chrt", "--fifo", "10"] if ahead else []

    def engine(self, *options, reactors=1, transports=("tcp",), history=False):
        """An engine that listens by each of the transports."""
        arguments = [] if history else ["--history", "off"]
        self.addresses = {}
        if "tls" in transports:
            self.addresses["tls"] = bench.free_port()
            arguments += ["--listen", f"tls:127.0.0.1:{self.addresses['tls']}", *self.certificate]
        if "unix" in transports:
            self.addresses["unix"] = os.path.join(self.directory, "listener.sock")
            arguments += ["--listen", f"unix:{self.addresses['unix']}"]
        bench.AHEAD[:] = self.engine_ahead
        engine = bench.Engine(
            self.program, self.directory, "--set", "message-bytes=1MiB", *arguments, *options,
            reactors=reactors, cpus=bench.SERVER_CPU if reactors == 1 else "0,1")
        bench.AHEAD[:] = []
        self.addresses["tcp"] = engine.port
        return engine

    def prober(self, engine, connections=8, rate=None):
        return prober.Prober(
            self.probe, engine, rate or self.options.rate, connections, ahead=self.prober_ahead)

    def client(self, name, engine):
        addresses = [f"{kind}={where}" for kind, where in self.addresses.items()]
        return subprocess.Popen(
            [*self.client_ahead, "taskset", "-c", bench.CLIENT_CPU, sys.executable,
             str(HERE / "hostile_player.py"), name, self.program, engine.control,
             str(self.options.seconds), *addresses],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def in_ms(group, share="p99"):
    return group[share] / 1000


def row(name, group, alone, late, watch, allowed, bound_share="p99", is_bounded=True):
    """A line of the table, and whether it is as it should be."""
    memory = (watch.peak - watch.before) / MIB
    above = memory - allowed
    good = is_bounded and in_ms(group, bound_share) <= BOUND_MS and above <= BOUND_MIB
    good = good and not group["lost"]
    return [
        name, bench.figure(in_ms(group, "p50")), bench.figure(in_ms(group)),
        bench.figure(in_ms(group, "max")), bench.figure(in_ms(alone)),
        bench.figure(in_ms(late)), f"{watch.starved * 100:.1f} %", f"{watch.cpu * 100:.0f} %",
        bench.figure(memory), bench.figure(watch.gauge / MIB), bench.figure(max(0, above)), group["lost"],
        "ok" if good else "BAD"]


def beside_client(tools, name):
    """The lines for one hostile client."""
    client = hostile_clients.CLIENTS[name]
    engine = tools.engine(
        *client.options, reactors=client.reactors, transports=client.transports)
    reactors = list(range(client.reactors))
    with engine, tools.prober(engine, 8 * client.reactors ** 2) as others:
        others.start(reactors)
        time.sleep(1)
        alone = others.mark("alone")
        watch = Watch(engine)
        watch.start()
        with tools.client(name, engine) as attacker:
            try:
                if attacker.stdout.readline() != "ready\n":
                    raise RuntimeError("the client is not ready")
                others.mark("opening")
                watch.started()
                attacker.stdin.write("go\n")
                attacker.stdin.flush()
                report = json.loads(attacker.stdout.readline())
            finally:
                attacker.kill()
        time.sleep(0.5)
        measured = others.mark("beside")
        watch.stop()
        stats = engine.ask("stats")
    closes = ", ".join(
        f"{one['count']} × {one['code']} by {one['by']}" for one in stats["closes"])
    print(
        f"{name}: slowest at "
        + ", ".join(f"{one['maxAt']:.2f}" for one in measured["groups"])
        + f" of {measured['seconds']:.1f} s; said {report['said'] / MIB:.1f} MiB, read {report['read'] / MIB:.1f}; ended "
        f"{report['ended']}, refused {report['refused']}; slow turns {stats['slowTurns']}, dropped "
        f"{stats['droppedMessages']}; closes {closes or 'none'}", file=sys.stderr)
    is_bounded = report["said"] / MIB <= (client.takes or math.inf) and (
        watch.cpu * 100 <= (client.cpu or math.inf))
    places = ["", "; members' reactor"] if client.reactors == 2 else [""]
    return [
        row(name + place, measured["groups"][n], alone["groups"][n], measured["late"], watch,
            client.allowed, is_bounded=is_bounded)
        for n, place in enumerate(places)]


def asking(control, path, until):
    """Asks again and again; a process of its own."""
    os.sched_setaffinity(0, {int(bench.CLIENT_CPU)})
    connection = bench.ControlConnection(control)
    with contextlib.suppress(OSError, RuntimeError, KeyboardInterrupt):
        while time.monotonic() < until:
            connection.request("GET", path)
            connection.getresponse().read()


def beside_view(tools, name, path, askers, prepare):
    """How long /healthz and the others' echoes take while a role view asks for something."""
    with tools.engine() as engine, prepare(tools, engine), tools.prober(engine) as others:
        others.start([0])
        time.sleep(1)
        alone = others.mark("alone")
        watch = Watch(engine)
        watch.start()
        end = time.monotonic() + tools.options.seconds
        processes = [
            multiprocessing.Process(target=asking, args=(engine.control, path, end), daemon=True)
            for _ in range(askers)]
        for process in processes:
            process.start()
        connection = bench.ControlConnection(engine.control, timeout=60)
        times = []
        while time.monotonic() < end:
            begun = time.monotonic()
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            times.append((time.monotonic() - begun) * 1000)
            time.sleep(0.02)
        for process in processes:
            process.join(20)
            process.kill()
        measured = others.mark("beside")
        watch.stop()
    line = row(
        f"{name}: echoes", measured["groups"][0], alone["groups"][0], measured["late"], watch, 0)
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    health = [f"{name}: /healthz", bench.figure(bench.median(times)), bench.figure(p99),
              bench.figure(max(times)), *["-"] * 8, "ok" if p99 <= VIEW_BOUND_MS else "BAD"]
    return [line, health]


@contextlib.contextmanager
def long_paths(tools, engine):
    """400 sessions with paths of 15 KB."""
    role = hostile_clients.Role("/ws/chat/" + "a" * 15_000)
    wires = [hostile_player.Wire(role, tools.addresses) for _ in range(400)]
    for wire in wires:
        wire.shake_hands()
    yield
    for wire in wires:
        wire.abort()


@contextlib.contextmanager
def closed_sessions(tools, engine):
    """Ten thousand sessions that were closed."""
    deadline = time.monotonic() + 60
    while engine.ask("stats")["sessions"]["closed"] < 10_000 and time.monotonic() < deadline:
        bench.load(
            tools.program, engine.url(), "--connections", "50", "--reconnect-after", "0",
            "--duration", "1s", "--threads", "1")
    yield


class Bursts(threading.Thread):
    """The most pings that an engine with idle sessions sends in a tenth of a second."""

    PING_SIZE = 10

    def __init__(self, engine):
        super().__init__(daemon=True)
        self.control = engine.control
        self.stopping = threading.Event()
        self.most = 0

    def run(self):
        connection = bench.ControlConnection(self.control)
        last, at = None, 0
        while not self.stopping.wait(0.1):
            stats = connection.get("/v1/stats")
            sent = stats["traffic"]["wireBytesOut"]
            if last is not None and stats["now"] - at < 0.2:
                self.most = max(self.most, (sent - last) // self.PING_SIZE)
            last, at = sent, stats["now"]

    def stop(self):
        self.stopping.set()
        self.join(10)


def herd(tools):
    """Echoes after a trial of ping-interval among 15000 idle sessions."""
    count, interval = 15_000, 15
    with tools.engine("--set", "ping-interval=30s", reactors=2) as engine:
        crowd = subprocess.Popen(
            bench.pinned(
                bench.CLIENT_CPU, tools.program, "load", engine.url(), "--connections", count,
                "--active", 1, "--rate", "1/m", "--ramp", "30s", "--duration", "200s", "--threads", 1),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 90
            while engine.ask("stats")["sessions"]["open"] < count:
                if crowd.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the sessions do not come")
                time.sleep(0.5)
            with tools.prober(engine, 32, rate=500) as others:
                others.start([0, 1])
                time.sleep(5)
                alone = others.mark("alone")
                watch = Watch(engine)
                watch.start()
                engine.ask(
                    "limits", "set", f"ping-interval={interval}s", "--revert-after", "10s")
                # What the change itself brings is over; what it leaves is looked at.
                time.sleep(12)
                bursts = Bursts(engine)
                bursts.start()
                time.sleep(63)
                measured = others.mark("beside")
                watch.stop()
                bursts.stop()
        finally:
            crowd.kill()
            crowd.wait()
    evenly = count // interval // 10
    print(
        f"herd of pings: at most {bursts.most} in 0.1 s; evenly at the shorter interval {evenly}",
        file=sys.stderr)
    return [
        row(f"herd of pings, reactor {n} (p99.9 {in_ms(group, 'p999'):.1f})", group,
            alone["groups"][n], measured["late"], watch, 0, "p999",
            is_bounded=bursts.most <= 10 * evenly)
        for n, group in enumerate(measured["groups"])]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="clients with one of these in name or line, by commas")
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--real-time", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--no-herd", action="store_true")
    options = parser.parse_args()
    clients = hostile_clients.CLIENTS
    if options.list:
        for name, client in clients.items():
            print(f"{name:24}{client.about}")
        return
    if options.seconds <= 0 or options.rate < 1:
        parser.error("wants some time and a rate")
    bench.raise_descriptor_limit()
    bench.needs("cc", "taskset", "openssl")
    parts = {
        f"{name} {client.about}": (lambda tools, name=name: beside_client(tools, name))
        for name, client in clients.items()}
    parts["filter of view A12"] = lambda tools: beside_view(
        tools, "path~ of 1 001 B", "/v1/sessions?filter=path~" + "a" * 1000 + "b", 1, long_paths)
    parts["closed list of view A12"] = lambda tools: beside_view(
        tools, "16 × /v1/closed", "/v1/closed?limit=10000", 16, closed_sessions)
    if not options.no_herd:
        parts["herd of pings E39"] = herd
    wanted = options.only.split(",") if options.only else [""]
    rows = []
    with bench.workspace() as directory:
        tools = Bench(options, directory)
        for name, part in parts.items():
            if not any(word in name for word in wanted):
                continue
            try:
                rows += part(tools)
            except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                print(f"{name}: {error}", file=sys.stderr)
                rows.append([name, *["-"] * (len(TITLES) - 2), "failed"])
    if not rows:
        parser.error("--only names no client")
    bench.table(TITLES, rows)
    sys.exit(1 if any(line[-1] != "ok" for line in rows) else 0)


if __name__ == "__main__":
    main()
