#!/usr/bin/env python3
"""The performance table: our engine beside the floor and beside other servers, in one run.

usage: table.py [--rounds N] [--seconds S] [--shapes 20x1,20x32,...] [--servers NAME,NAME,...]
                [--only echo|tls|deflate]

Rows per shape (bytes x messages in flight, one connection): server CPU per message, its ratio to the
floor's, messages per second, round trip p50/p99/p99.9 and peak resident memory, each the median of
the rounds, in which the servers take turns. The floor is limit_echo.c, a C server with nothing in it;
granian (RSGI), picows and websockets come from PyPI and are installed, pinned to the versions below,
into a cache directory (XDG_CACHE_HOME or ~/.cache, wstop-bench); without network their rows say "not
installed". The meter is wsload.c. The server runs on processor 0, the client on processor 1.

Then TLS and compression, which wsload.c does not speak: the meter is wstop load, and beside what
they add to the plain echo stands what OpenSSL and zlib cost alone (tls_floor.c, zlib_floor.c).

CPU time travels between machines as a ratio only; rates and times are this machine's. Everything is
on the loopback interface and ends by itself: with 3 rounds of 3 seconds in about 13 minutes.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import venv

import bench

SHAPES = ["20x1", "20x32", "1024x8", "65536x2", "1000000x1"]
PACKAGES = ["granian==2.8.7", "picows==2.3.1", "websockets==17.4", "uvloop==0.22.1"]
INSTALL_SECONDS = 300


def cached_python():
    """A Python with the servers of PyPI, or None if they cannot be installed."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    directory = pathlib.Path(base) / "wstop-bench"
    python = directory / "bin/python"
    mark = directory / "installed.txt"
    wanted = "\n".join(PACKAGES)
    if mark.exists() and mark.read_text() == wanted:
        return python
    print("installing " + ", ".join(PACKAGES), file=sys.stderr)
    try:
        venv.create(directory, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
            check=True, timeout=INSTALL_SECONDS, stdout=sys.stderr)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"table.py: not installed: {error}", file=sys.stderr)
        return None
    mark.write_text(wanted)
    return python


def servers(program, directory, python, names):
    """Every server by its name: how to start it, the path of its echo, and the kind of messages.

    None in place of a start stands for one that is not installed.
    """
    floor = bench.compiled(directory, "limit_echo")
    python_servers = bench.HERE / "servers"

    def simple(name, *command):
        def start():
            port = bench.free_port()
            arguments = [str(port) if word == "PORT" else word for word in command]
            return bench.Server(
                name, bench.pinned(bench.SERVER_CPU, *arguments), port, directory=python_servers)
        return start

    def engine():
        return bench.Engine(program, directory)

    def pypi(name, *command):
        return simple(name, *command) if python else None

    known = {
        "floor": (simple("floor", floor, "PORT"), "/", "bin"),
        "wstop": (engine, "/ws/echo", "bin"),
        "wstop text": (engine, "/ws/echo", "text"),
        "wstop async": (engine, "/ws/echo-async", "bin"),
        "granian": (
            pypi(
                "granian", python, "-m", "granian", "--interface", "rsgi", "--no-log",
                "--host", "127.0.0.1", "--port", "PORT", "--workers", "1", "granian_echo:app"),
            "/", "bin"),
        "picows": (pypi("picows", python, "picows_echo.py", "PORT"), "/", "bin"),
        "websockets": (pypi("websockets", python, "websockets_echo.py", "PORT"), "/", "bin"),
    }
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"table.py: no server is called {unknown[0]}; they are {', '.join(known)}")
    return {name: known[name] for name in names or known}


def echo_table(options, program, directory):
    python = cached_python()
    meter = bench.compiled(directory, "wsload")
    chosen = servers(program, directory, python, options.servers)
    running = {}
    try:
        for name, (start, path, _) in chosen.items():
            if start:
                try:
                    running[name] = start().__enter__()
                    running[name].path = path
                except (RuntimeError, OSError) as error:
                    print(f"table.py: {error}", file=sys.stderr)
        rows = []
        for shape in options.shapes:
            rows += shape_rows(options, meter, shape, chosen, running)
        bench.table(
            ["bytes x in flight", "server", "CPU us", "ratio", "messages/s", "p50 us", "p99 us",
             "p99.9 us", "peak MiB"], rows)
    finally:
        for server in running.values():
            server.end()


def shape_rows(options, meter, shape, chosen, running):
    size, window = map(int, shape.split("x"))
    figures = {name: [] for name in chosen}
    peaks = {name: [] for name in chosen}
    for _ in range(options.rounds):
        for name, (_, _, kind) in chosen.items():
            if name not in running:
                continue
            server = running[name]
            bench.forget_peak(server.pids)
            try:
                one = bench.wsload(meter, server, 1, size, window, options.seconds, kind)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                print(f"table.py: {error}", file=sys.stderr)
                continue
            figures[name].append(one)
            peaks[name].append(bench.status_bytes(server.pids, "VmHWM"))
    floor = bench.median([one["cpu"] for one in figures.get("floor", [])])
    rows = []
    for name in chosen:
        label = f"{size} x {window}"
        if not figures[name]:
            missing = "not installed" if chosen[name][0] is None else "failed"
            rows.append([label, name, missing, "", "", "", "", "", ""])
            continue

        def middle(key):
            return bench.median([one[key] for one in figures[name]])

        rows.append([
            label, name, bench.figure(middle("cpu")),
            f"{middle('cpu') / floor:.2f}" if floor == floor else "-", f"{middle('rate'):.0f}",
            f"{middle('p50'):.0f}", f"{middle('p99'):.0f}", f"{middle('p999'):.0f}",
            f"{bench.median(peaks[name]) / 2**20:.1f}",
        ])
    return rows


def measured(program, engine, url, size, window, seconds, *arguments):
    """CPU of the engine per message, and the report of wstop load, which is one connection."""
    bench.forget_peak(engine.pids)
    before = bench.cpu_seconds(engine.pids)
    report = bench.load(
        program, url, "--size", str(size), "--window", str(window), "--duration",
        f"{int(seconds * 1000)}ms", "--threads", "1", *arguments)
    used = bench.cpu_seconds(engine.pids) - before
    if report["messages"]["mismatched"]:
        raise RuntimeError(f"{url}: echoes are not what was sent")
    report["peak"] = bench.status_bytes(engine.pids, "VmHWM")
    return used * 1e6 / max(1, report["messages"]["received"]), report


def knows(program, command, word):
    """Whether a command's help has a word: this build of the program may not."""
    text = subprocess.run([program, command, "--help"], stdout=subprocess.PIPE, text=True).stdout
    return word in text


def library_micros(command):
    """What a floor program says that the library's calls cost together, in microseconds."""
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return float(re.search(r"both ([0-9.]+) us", text)[1])


def added_table(options, title, library, rounds, shapes, plain, other, floor):
    """What something adds to the plain echo, beside the library's own cost for the same."""
    rows = []
    for shape in shapes:
        size, window = map(int, shape.split("x"))
        ours, with_it, alone, last = [], [], [], None
        for _ in range(rounds):
            ours.append(plain(size, window)[0])
            micros, last = other(size, window)
            with_it.append(micros)
            alone.append(floor(size))
        added = bench.median(with_it) - bench.median(ours)
        rows.append([
            f"{size} x {window}", bench.figure(bench.median(ours)),
            bench.figure(bench.median(with_it)), bench.figure(added),
            bench.figure(bench.median(alone)), f"{added / bench.median(alone):.2f}",
            f"{last['messages']['perSecond']:.0f}",
            bench.figure(last["replyMicroseconds"]["p50"]),
            bench.figure(last["replyMicroseconds"]["p99"]),
            bench.figure(last["replyMicroseconds"]["p999"]), f"{last['peak'] / 2**20:.1f}",
        ])
    bench.table(
        [title, "plain us", "CPU us", "added us", f"{library} us", "ratio", "messages/s",
         "p50 us", "p99 us", "p99.9 us", "peak MiB"], rows)


def tls_table(options, program, directory):
    if not knows(program, "serve", "--certificate"):
        print("TLS: not in this build of wstop")
        return
    bench.needs("openssl")
    certificate, key = f"{directory}/certificate.pem", f"{directory}/key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, stderr=subprocess.DEVNULL)
    floor = bench.compiled(directory, "tls_floor", "-lssl", "-lcrypto")
    with bench.Engine(program, directory) as plain, bench.Engine(
        program, directory, "--certificate", certificate, "--private-key", key,
        listen="tls:127.0.0.1:{}",
    ) as secure:
        added_table(
            options, "TLS: bytes x in flight", "OpenSSL", options.rounds, options.shapes,
            lambda size, window: measured(
                program, plain, plain.url(), size, window, options.seconds),
            lambda size, window: measured(
                program, secure, secure.url(scheme="wss"), size, window, options.seconds,
                "--ca", certificate),
            lambda size: library_micros(bench.pinned(bench.SERVER_CPU, floor, size, "0.5")))


def deflate_table(options, program, directory):
    floor = bench.compiled(directory, "zlib_floor", "-lz")
    if floor is None or not knows(program, "serve", "--compression"):
        print("compression: not in this build of wstop")
        return
    # A message under the threshold below which the engine does not compress would measure nothing.
    shapes = [shape for shape in options.shapes if int(shape.split("x")[0]) >= 1024]
    with bench.Engine(program, directory, "--compression", "shared") as engine:
        added_table(
            options, "deflate: bytes x in flight", "zlib", options.rounds, shapes,
            lambda size, window: measured(
                program, engine, engine.url(), size, window, options.seconds, "--text"),
            lambda size, window: measured(
                program, engine, engine.url(), size, window, options.seconds, "--text",
                "--compression"),
            lambda size: library_micros(bench.pinned(bench.SERVER_CPU, floor, size)))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--shapes", type=lambda text: text.split(","), default=SHAPES)
    parser.add_argument("--servers", type=lambda text: text.split(","), default=[])
    parser.add_argument("--only", choices=["echo", "tls", "deflate"])
    options = parser.parse_args()
    if not 1 <= options.rounds <= 100 or not 0.1 <= options.seconds <= 60:
        parser.error("wants 1 to 100 rounds of 0.1 to 60 seconds")
    if not all(re.fullmatch(r"[1-9][0-9]{0,7}x[1-9][0-9]{0,4}", one) for one in options.shapes):
        parser.error("--shapes wants BYTESxWINDOW, such as 20x1,1024x8")
    bench.needs("cc", "taskset")
    program = bench.wstop_program()
    with bench.workspace() as directory:
        for name, part in [
            ("echo", echo_table), ("tls", tls_table), ("deflate", deflate_table),
        ]:
            if options.only in (None, name):
                part(options, program, directory)
                print(flush=True)


if __name__ == "__main__":
    main()
