#!/usr/bin/env python3
"""Sessions that come and go: memory of the engine over a million of them.

usage: churn.py [CYCLES] [--connections N] [--minutes M]        (1000000, 50 at a time, 30 minutes)

Each cycle is a handshake, one message echoed, and a closing handshake. Prints the engine's memory
ten times; the last line compares it with that after the first tenth. Ends after CYCLES, or M minutes.
"""

import argparse
import time

import bench


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cycles", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=30)
    options = parser.parse_args()
    if options.cycles < 1 or options.connections < 1 or options.minutes <= 0:
        parser.error("wants at least one cycle, one connection, and some time")
    bench.needs("taskset")
    program = bench.wstop_program()
    deadline = time.monotonic() + options.minutes * 60
    with bench.workspace() as directory, bench.Engine(program, directory) as engine:
        pids = engine.pids
        started = time.monotonic()
        done, failed, rows = 0, 0, []
        while done < options.cycles and time.monotonic() < deadline:
            report = bench.load(
                program, engine.url(), "--connections", str(options.connections),
                "--reconnect-after", "1", "--duration", "2s", "--threads", "1")
            done += report["connections"]["opened"]
            failed += report["connections"]["failed"] + sum(
                one["count"] for one in report["closes"] if one["code"] != 1000)
            if done * 10 >= options.cycles * (len(rows) + 1) or done >= options.cycles:
                private = sum(bench.private_bytes(pid) for pid in pids)
                rows.append((done, bench.status_bytes(pids, "VmRSS"), private))
        seconds = time.monotonic() - started
        stats = engine.ask("stats")["sessions"]
    bench.table(
        ["cycles", "resident KiB", "private KiB"],
        [[count, resident // 1024, private // 1024] for count, resident, private in rows])
    if not rows:
        raise SystemExit("churn.py: not a tenth of the cycles in the time")
    growth = rows[-1][2] - rows[0][2]
    print(
        f"{done} cycles in {seconds:.0f} s ({done / seconds:.0f}/s), {failed} not as they should "
        f"be; the engine counted {stats['closed']} closed, {stats['open']} open; private memory "
        f"{'grew' if growth > 0 else 'shrank'} by {abs(growth) // 1024} KiB since the first tenth")


if __name__ == "__main__":
    main()
