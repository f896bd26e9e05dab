#!/usr/bin/env python3
"""How long an operator's acts on many sessions take.

usage: acts.py [--sessions N] [--rounds N] [--cpus LIST]

close   All of N sessions (10000) closed by filter, as fast as they go: by the engine's own clock,
        from the start of the act to its last close frame, and by the clock of the command, from
        its dry run to its result.
send    A message of 1 KiB to all of them, likewise.

The engine has a reactor for each of its processors; the sessions are those of wstop load. Medians
of rounds; everything ends by itself.
"""

import argparse
import subprocess
import time

import bench


def timed(engine, *words):
    """Runs an act; gives its own time and the command's, in milliseconds."""
    begun = time.monotonic()
    status = engine.ask(*words, "--filter", "state=open", "--yes")
    elapsed = time.monotonic() - begun
    if status["state"] != "finished" or status["delivered"] + status["queued"] != status["count"]:
        raise RuntimeError(f"not all were hit: {status}")
    return (status["finishedAt"] - status["startedAt"]) * 1e3, elapsed * 1e3


def one_round(options, program, engine):
    load = subprocess.Popen(
        bench.pinned(
            bench.CLIENT_CPU, program, "load", engine.url(), "--connections",
            str(options.sessions), "--rate", "10/s", "--duration", "300s", "--threads", "1"),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while engine.ask("stats")["sessions"]["open"] < options.sessions:
            if load.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the sessions do not come")
            time.sleep(0.1)
        return timed(engine, "send", "--text", "x" * 1024), timed(engine, "close")
    finally:
        load.terminate()
        load.wait()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cpus", default="0,1", help="processors of the engine")
    options = parser.parse_args()
    if options.sessions + 100 > bench.raise_descriptor_limit():
        parser.error(f"--sessions {options.sessions}: more than descriptors (ulimit -n)")
    bench.needs("taskset")
    program = bench.wstop_program()
    rounds = []
    with bench.workspace() as directory:
        for _ in range(options.rounds):
            reactors = len(options.cpus.split(","))
            with bench.Engine(
                program, directory, cpus=options.cpus, reactors=reactors
            ) as engine:
                rounds.append(one_round(options, program, engine))
    rows = []
    for index, name in enumerate(["send 1 KiB", "close"]):
        acts = [one[index][0] for one in rounds]
        commands = [one[index][1] for one in rounds]
        rows.append([
            name, options.sessions, f"{bench.median(acts):.0f}", f"{bench.median(commands):.0f}",
        ])
    bench.table(["act by filter", "sessions", "engine ms", "command ms"], rows)


if __name__ == "__main__":
    main()
