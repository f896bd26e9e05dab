#!/usr/bin/env python3
"""The CPU of a broadcast beside as many bare send calls of the same bytes.

usage: broadcast.py [--members N] [--bytes B] [--per-second R] [--seconds S] [--rounds N]
                                        (5000 members, 100 bytes, 20/s for 5 s, 3 rounds)

The members of one room, and the one of them who speaks, are connections of wstop load on another
processor. bare_send.c sends the frame that every member gets, at the same pace, to as many such
connections, with nothing around each send. Medians of rounds that take turns; ends by itself.
"""

import argparse
import subprocess
import sys
import time

import bench


def members(program, url, options, connections, active):
    """The clients: they take what comes, and so many of them speak at the pace that is wanted."""
    return subprocess.Popen(
        bench.pinned(
            bench.CLIENT_CPU, program, "load", url, "--connections", connections, "--active",
            active, "--replies", "none", "--rate", f"{options.per_second}/s", "--size",
            options.bytes, "--duration", f"{int(options.seconds + 60)}s", "--threads", 1),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def end(process):
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def broadcast_micros(program, engine, options):
    """CPU of the engine per broadcast, in microseconds, and how many broadcasts there were."""
    load = members(program, engine.url("/ws/chat/bench"), options, options.members + 1, 1)
    try:
        deadline = time.monotonic() + 60
        start = engine.ask("stats")["traffic"]["messagesOut"]
        # Not before all are members and the first messages have warmed the path up.
        while (before := engine.ask("stats"))["sessions"]["open"] <= options.members or (
            before["traffic"]["messagesOut"] - start < 5 * options.members
        ):
            if load.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the members do not come")
            time.sleep(0.2)
        before, used = engine.ask("stats"), bench.cpu_seconds(engine.pids)
        time.sleep(options.seconds)
        after, used = engine.ask("stats"), bench.cpu_seconds(engine.pids) - used
    finally:
        end(load)
    # By deliveries, since the moment of the count may lie inside of a broadcast.
    deliveries = after["traffic"]["messagesOut"] - before["traffic"]["messagesOut"]
    if deliveries == 0:
        raise RuntimeError("nothing was broadcast")
    # All must have gone before the next round, so that each is of one room alone.
    deadline = time.monotonic() + 60
    while engine.ask("stats")["sessions"]["open"] > 0:
        if time.monotonic() > deadline:
            raise RuntimeError("the members do not go")
        time.sleep(0.2)
    return used * 1e6 / deliveries * options.members, deliveries / options.members


def bare_micros(program, floor, options):
    """CPU of as many bare sends, in microseconds."""
    port = bench.free_port()
    rounds = max(10, int(options.seconds * options.per_second))
    server = subprocess.Popen(
        bench.pinned(
            bench.SERVER_CPU, floor, port, options.members, options.bytes, rounds,
            options.per_second),
        stdout=subprocess.PIPE, text=True)
    if server.stdout.readline() != "listening\n":
        raise RuntimeError("bare_send does not listen")
    load = members(program, f"ws://127.0.0.1:{port}/", options, options.members, 0)
    try:
        text = server.communicate(timeout=options.seconds * 2 + 90)[0]
    finally:
        server.kill()
        end(load)
    words = text.split()
    if server.returncode or not words:
        raise RuntimeError("bare_send failed")
    if int(words[-1]):
        print(f"broadcast.py: {words[-1]} bare sends found no room", file=sys.stderr)
    return float(words[words.index("round") + 1])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=5000)
    parser.add_argument("--bytes", type=int, default=100)
    parser.add_argument("--per-second", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.members + 100 > bench.raise_descriptor_limit():
        parser.error(f"--members {options.members}: more than descriptors (ulimit -n)")
    bench.needs("cc", "taskset")
    program = bench.wstop_program()
    with bench.workspace() as directory:
        floor = bench.compiled(directory, "bare_send", "-lcrypto")
        ours, bare, count = [], [], 0
        # Pings to so many would be measured too.
        with bench.Engine(program, directory, "--set", "ping-interval=off") as engine:
            for _ in range(options.rounds):
                bare.append(bare_micros(program, floor, options))
                micros, count = broadcast_micros(program, engine, options)
                ours.append(micros)
        bench.table(
            ["members", "bytes", "bare sends us", "broadcast us", "ratio", "broadcasts"],
            [[
                options.members, options.bytes, f"{bench.median(bare):.0f}",
                f"{bench.median(ours):.0f}", f"{bench.median(ours) / bench.median(bare):.2f}",
                f"{count:.0f}",
            ]])


if __name__ == "__main__":
    main()
