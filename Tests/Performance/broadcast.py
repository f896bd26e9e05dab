#!/usr/bin/env python3
"""The CPU of a broadcast beside as many bare send calls of the same bytes.

usage: broadcast.py [--members N] [--bytes B] [--per-second R] [--seconds S] [--rounds N]
                                        (5000 members, 100 bytes, 20/s for 5 s, 3 rounds)

The members of one room, and the one of them who speaks, are connections of wstop load on another
processor. bare_send.c sends the frame that every member gets, at the same pace, to as many TCP
connections, with nothing around each send. Medians of rounds that take turns; ends by itself.
"""

import argparse
import subprocess
import sys
import time

import bench


def broadcast_micros(program, engine, options):
    """CPU of the engine per broadcast, in microseconds, and deliveries per broadcast."""
    seconds = options.seconds + 60
    load = subprocess.Popen(
        bench.pinned(
            bench.CLIENT_CPU, program, "load", engine.url("/ws/chat/bench"), "--connections",
            options.members + 1, "--active", 1, "--replies", "none", "--rate",
            f"{options.per_second}/s", "--size", options.bytes, "--duration",
            f"{int(seconds)}s", "--threads", 1),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 60
        # Not before all are members and the first messages have warmed the path up.
        while (before := engine.ask("stats"))["sessions"]["open"] <= options.members or (
            before["traffic"]["messagesOut"] < 5 * options.members
        ):
            if load.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the members do not come: {load.stderr.read()!r}")
            time.sleep(0.2)
        before, used = engine.ask("stats"), bench.cpu_seconds(engine.pids)
        time.sleep(options.seconds)
        after, used = engine.ask("stats"), bench.cpu_seconds(engine.pids) - used
    finally:
        load.terminate()
        try:
            load.wait(20)
        except subprocess.TimeoutExpired:
            load.kill()
            load.wait()
    count = after["traffic"]["messagesIn"] - before["traffic"]["messagesIn"]
    deliveries = after["traffic"]["messagesOut"] - before["traffic"]["messagesOut"]
    if count == 0:
        raise RuntimeError("nothing was broadcast")
    # All must have gone before the next engine's figures are of one engine alone.
    while engine.ask("stats")["sessions"]["open"] > 0:
        time.sleep(0.2)
    return used * 1e6 / count, deliveries / count


def bare_micros(program, options):
    header = 2 if options.bytes <= 125 else 4 if options.bytes <= 65535 else 10
    rounds = max(10, int(options.seconds * options.per_second))
    text = subprocess.run(
        [program, *map(str, [
            options.members, options.bytes + header, rounds, options.per_second,
            bench.SERVER_CPU, bench.CLIENT_CPU])],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    words = text.split()
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
        floor = bench.compiled(directory, "bare_send")
        ours, bare, deliveries = [], [], 0
        # Pings to so many would be measured too.
        with bench.Engine(program, directory, "--set", "ping-interval=off") as engine:
            for _ in range(options.rounds):
                bare.append(bare_micros(floor, options))
                micros, deliveries = broadcast_micros(program, engine, options)
                ours.append(micros)
        bench.table(
            ["members", "bytes", "bare sends us", "broadcast us", "ratio", "deliveries"],
            [[
                options.members, options.bytes, f"{bench.median(bare):.0f}",
                f"{bench.median(ours):.0f}", f"{bench.median(ours) / bench.median(bare):.2f}",
                f"{deliveries:.0f}",
            ]])


if __name__ == "__main__":
    main()
