#!/usr/bin/env python3
"""The console on an engine with many sessions: what it costs, and how fast it answers.

usage: console.py [--sessions N] [--active N] [--rate R] [--seconds S] [--keys N] [--openings N]

For each way to look at the table (no console; in the order of IDs; with rates, sorted by them;
by path) at 10 pictures a second, with N sessions of which some are busy at the same pace:

engine %     CPU of the engine beyond what it takes without a console, in percent of one processor:
             as much of a one-processor engine's throughput as the console costs
console %    CPU of `wstop top`, likewise
key p50/p99  from a key that sorts by another column to the last byte of the picture it leads to,
             in milliseconds, at one picture a minute, so that nothing else is painted
open         from starting `wstop top` to the last byte of its first whole table

Everything ends by itself, within about 3 minutes.
"""

import argparse
import fcntl
import os
import pathlib
import pty
import select
import signal
import struct
import subprocess
import termios
import time

import bench

COLUMNS, ROWS = 160, 50
ARRANGEMENTS = {
    "by id": "version = 1\nsort = id\n",
    "rates, by rate": "version = 1\nrates = both\nsort = -in.messages/s\n",
    "by path": "version = 1\nsort = path\n",
}


class Console:
    """`wstop top` on a terminal of its own, as a context manager that ends it."""

    def __init__(self, program, engine, directory, refresh, arrangement):
        settings = pathlib.Path(directory, "wstop")
        settings.mkdir(exist_ok=True)
        settings.joinpath("console.conf").write_text(f"refresh = {refresh}\n")
        settings.joinpath("table.conf").write_text(arrangement)
        self.started = time.monotonic()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(
                XDG_CONFIG_HOME=directory, TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8")
            os.sched_setaffinity(0, {int(bench.CLIENT_CPU)})
            os.execv(program, [program, "top", "--control", engine.control])
        fcntl.ioctl(
            self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGTERM)
        self.drain(0.2)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)

    def press(self, key):
        os.write(self.terminal, key)

    def drain(self, quiet):
        """Reads until nothing has come for a while; gives what came, and when the last of it did."""
        seen, last = b"", time.monotonic()
        while True:
            ready, _, _ = select.select([self.terminal], [], [], quiet)
            if not ready:
                return seen, last
            try:
                seen += os.read(self.terminal, 1 << 16)
            except OSError:
                return seen, last
            last = time.monotonic()

    def drain_for(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ready, _, _ = select.select([self.terminal], [], [], 0.05)
            if ready:
                os.read(self.terminal, 1 << 16)


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def costs(options, program, engine, directory):
    """CPU of engine and console while the table is looked at."""
    rows = []
    base = None
    for name, arrangement in [("no console", None), *ARRANGEMENTS.items(), ("no console", None)]:
        console = arrangement and Console(program, engine, directory, "100ms", arrangement)
        if console:
            console.drain_for(3)
        before = bench.cpu_seconds(engine.pids), console and bench.cpu_seconds([console.pid])
        start = time.monotonic()
        if console:
            console.drain_for(options.seconds)
        else:
            time.sleep(options.seconds)
        span = time.monotonic() - start
        used = (bench.cpu_seconds(engine.pids) - before[0]) / span
        own = console and (bench.cpu_seconds([console.pid]) - before[1]) / span
        if console:
            console.__exit__()
        if base is None:
            base = used
        rows.append([
            name, f"{used * 100:.2f}", f"{(used - base) * 100:+.2f}",
            f"{own * 100:.2f}" if own is not None else "-"])
    bench.table(["table", "engine CPU %", "engine %", "console %"], rows)
    print()


def answers(options, program, engine, directory):
    """How long keys and the opening of the console take."""
    rows = []
    for name, arrangement in ARRANGEMENTS.items():
        with Console(program, engine, directory, "1m", arrangement) as console:
            console.drain(1.0)
            times = []
            for number in range(options.keys):
                # Another column each time, or the other order: all rows change.
                pressed = time.monotonic()
                console.press(b">" if number % 3 else b"I")
                seen, last = console.drain(0.12)
                if not seen:
                    raise RuntimeError("a key paints nothing")
                times.append((last - pressed) * 1000)
        rows.append([name, *(f"{percentile(times, part):.1f}" for part in (0.5, 0.99))])
    bench.table(["table", "key p50 ms", "key p99 ms"], rows)
    openings = []
    for _ in range(options.openings):
        with Console(program, engine, directory, "1m", ARRANGEMENTS["by id"]) as console:
            seen, last = console.drain(0.4)
            if b"s-" not in seen:
                raise RuntimeError("no sessions are shown")
            openings.append((last - console.started) * 1000)
    print(f"\nopening the console: {bench.median(openings):.0f} ms, "
          f"{max(openings):.0f} at most\n")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=19_000)
    parser.add_argument("--active", type=int, default=500)
    parser.add_argument("--rate", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--keys", type=int, default=100)
    parser.add_argument("--openings", type=int, default=5)
    options = parser.parse_args()
    if options.sessions + 100 > bench.raise_descriptor_limit():
        parser.error(f"--sessions {options.sessions}: more than descriptors (ulimit -n)")
    bench.needs("taskset")
    program = bench.wstop_program()
    with bench.workspace() as directory, bench.Engine(
        program, directory, "--set", "ping-interval=off"
    ) as engine:
        load = subprocess.Popen(
            bench.pinned(
                bench.CLIENT_CPU, program, "load", engine.url(), "--connections",
                options.sessions, "--active", options.active, "--rate", f"{options.rate}/s",
                "--duration", "600s", "--threads", "1"),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 120
            while (now := engine.ask("stats"))["sessions"]["open"] < options.sessions or (
                now["traffic"]["messagesIn"] < options.rate
            ):
                if load.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the sessions do not come")
                time.sleep(0.2)
            print(f"{options.sessions} sessions, {options.active} of them with "
                  f"{options.rate} messages a second together\n")
            costs(options, program, engine, directory)
            answers(options, program, engine, directory)
        finally:
            load.terminate()
            load.wait()


if __name__ == "__main__":
    main()
