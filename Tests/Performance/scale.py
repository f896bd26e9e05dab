#!/usr/bin/env python3
"""Many sessions, several reactors, many handshakes.

usage: scale.py [--only reactors|idle|handshakes] [--rounds N] [--seconds S] [--sessions N]
                [--active N] [--rate R] [--handshakes N] [--real-time]

reactors     CPU per message with 2 reactors beside that with 1, at the same paced load over 1000
             sessions, and how these are spread over the reactors. (The client shares processor 1
             with the second reactor: of a machine with more, take cores apart with --cpus.)
idle         Round trips on 500 sessions alone, and beside 18500 idle ones (19000 in all), at the
             same pace; and what an idle one costs in resident memory.
handshakes   Handshakes per second of the engine beside the floor's (limit_echo.c), one after the
             other by the same client (wsload.c), and CPU per handshake of each.

Medians of rounds that take turns; everything ends by itself, within about 5 minutes. With
--real-time no other thread of the machine takes a processor from engine and client; say so beside a
figure that was measured with it.
"""

import argparse
import subprocess
import time

import bench

SESSIONS_OF_SPREAD = 1000


def paced(options, connections, *arguments):
    return [
        "--connections", str(connections), "--rate", f"{options.rate}/s", "--duration",
        f"{int(options.seconds * 1000)}ms", "--warm-up", "500ms", "--threads", "1", *arguments]


def reactors(options, program, directory):
    micros = {1: [], 2: []}
    spread = []
    # One after the other: an engine that idles in between would still wake up.
    for _ in range(options.rounds):
        for count in micros:
            cpus = bench.SERVER_CPU if count == 1 else options.cpus
            with bench.Engine(program, directory, cpus=cpus, reactors=count) as engine:
                micros[count].append(reactor_round(options, program, engine, spread))
    rows = [
        [count, bench.figure(bench.median(values)),
         f"{bench.median(values) / bench.median(micros[1]):.2f}"]
        for count, values in micros.items()
    ]
    bench.table(["reactors", "CPU us/message", "ratio"], rows)
    share = SESSIONS_OF_SPREAD / 2
    worst = max(abs(one - share) / share for pair in spread for one in pair)
    print(
        f"{SESSIONS_OF_SPREAD} sessions over 2 reactors: "
        + ", ".join(f"{a}/{b}" for a, b in spread) + f"; at most {worst * 100:.0f} % off\n")


def reactor_round(options, program, engine, spread):
    load = subprocess.Popen(
        bench.pinned(
            bench.CLIENT_CPU, program, "load", engine.url(),
            *paced(options, SESSIONS_OF_SPREAD, "--duration", f"{int(options.seconds + 30)}s")),
        stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while (before := engine.ask("stats"))["sessions"]["open"] < SESSIONS_OF_SPREAD or (
            before["traffic"]["messagesIn"] < options.rate // 2
        ):
            if load.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the sessions do not come")
            time.sleep(0.1)
        before, used = engine.ask("stats"), bench.cpu_seconds(engine.pids)
        time.sleep(options.seconds)
        after, used = engine.ask("stats"), bench.cpu_seconds(engine.pids) - used
        sessions = engine.ask("sessions", "--limit", str(SESSIONS_OF_SPREAD))["sessions"]
    finally:
        load.terminate()
        load.wait()
    owners = [bench.reactor_of(one["id"]) for one in sessions]
    if any(owners):
        spread.append((owners.count(0), owners.count(1)))
    return used * 1e6 / (after["traffic"]["messagesIn"] - before["traffic"]["messagesIn"])


def idle(options, program, directory):
    alone, beside = [], []
    with bench.Engine(program, directory, "--set", "ping-interval=off") as engine:
        engine_pids = engine.pids
        before = bench.status_bytes(engine_pids, "VmRSS")
        for _ in range(options.rounds):
            alone.append(bench.load(program, engine.url(), *paced(options, options.active)))
            beside.append(
                bench.load(
                    program, engine.url(),
                    *paced(options, options.sessions, "--active", str(options.active))))
        peak = bench.status_bytes(engine_pids, "VmHWM")
    for report in alone + beside:
        if report["connections"]["failed"] or report["messages"]["unanswered"]:
            raise RuntimeError(f"not all came through: {report['errors']}")
    rows = []
    for name, reports in [(f"{options.active} alone", alone),
                          (f"of {options.sessions}", beside)]:
        times = [one["replyMicroseconds"] for one in reports]
        rows.append([
            name, f"{bench.median([one['messages']['perSecond'] for one in reports]):.0f}",
            *(bench.figure(bench.median([one[key] for one in times]))
              for key in ("p50", "p99", "p999")),
            f"{bench.median([one['p99'] for one in times]) / bench.median([one['replyMicroseconds']['p99'] for one in alone]):.2f}",
        ])
    bench.table(
        ["sessions", "messages/s", "p50 us", "p99 us", "p99.9 us", "p99 ratio"], rows)
    print(
        f"peak resident memory {peak / 2**20:.1f} MiB, {(peak - before) / options.sessions:.0f} "
        "bytes a session\n")


def handshakes(options, program, directory):
    meter = bench.compiled(directory, "wsload")
    floor_port = bench.free_port()
    floor = bench.Server(
        "floor",
        bench.pinned(bench.SERVER_CPU, bench.compiled(directory, "limit_echo"), floor_port),
        floor_port)
    figures = {"floor": [], "wstop": []}
    with floor, bench.Engine(program, directory) as engine:
        for _ in range(options.rounds):
            for name, server in [("floor", floor), ("wstop", engine)]:
                figures[name].append(
                    bench.wsload(meter, server, options.handshakes, 1, 1, 0.01))
    rows = []
    base = bench.median([one["connect"] for one in figures["floor"]])
    for name, values in figures.items():
        rate = bench.median([one["connect"] for one in values])
        cpu = bench.median([one["handshake"] for one in values])
        rows.append([name, f"{rate:.0f}", f"{rate / base:.2f}", bench.figure(cpu)])
    bench.table(["server", "handshakes/s", "ratio", "CPU us each"], rows)
    print()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = {"reactors": reactors, "idle": idle, "handshakes": handshakes}
    parser.add_argument("--only", choices=parts)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--sessions", type=int, default=19_000)
    parser.add_argument("--active", type=int, default=500)
    parser.add_argument("--rate", type=int, default=5000)
    parser.add_argument("--handshakes", type=int, default=5000)
    parser.add_argument("--cpus", default="0,1", help="processors of the engine with 2 reactors")
    parser.add_argument("--real-time", action="store_true")
    options = parser.parse_args()
    if options.sessions + 100 > bench.raise_descriptor_limit():
        parser.error(f"--sessions {options.sessions}: more than descriptors (ulimit -n)")
    bench.needs("cc", "taskset")
    program = bench.wstop_program()
    if options.real_time:
        bench.real_time()
    with bench.workspace() as directory:
        for name, part in parts.items():
            if options.only in (None, name):
                part(options, program, directory)


if __name__ == "__main__":
    main()
