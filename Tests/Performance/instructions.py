#!/usr/bin/env python3
"""Instructions in user space per echoed message, counted by valgrind's callgrind.

usage: instructions.py [--shapes 20x32,20x1,1024x8] [--kinds bin,text] [--path PATH]
                       [--functions [N]]

Rows per shape (bytes x messages in a batch): the floor (limit_echo.c), the engine's /ws/echo, which
gives whole messages, with statistics and limits as they are by default and one reactor, and
uWebSockets v20.79, measured once. The engine's history and pings are off.

One client (batches.c) sends a batch in one write and the next once all echoes have come, so that a
batch is one turn of the server, however slow valgrind makes it. The figure is the difference of a
session of 2500 batches and one of 500, by 2000: what a session does once is not in it, and it
repeats, but for some ten-thousandths that passing deadlines take. Only the thread that does the
work counts, the reactor's.

--functions prints the first N (25) functions of a turn of the engine by the instructions of their
own, without those of what they call.

Times play no part, so it may run niced beside other work: in about a minute. Everything is on the
loopback interface and ends by itself. valgrind cannot read the debug information of Swift, so what
runs is a copy of the program without it.
"""

import argparse
import collections
import os
import pathlib
import re
import shutil
import subprocess

import bench

FEW, MANY = 500, 2500
#: uWebSockets v20.79, measured once: instructions per echoed message, binary and text.
OTHERS = {
    "20x32": {"bin": 436, "text": 485},
    "20x1": {"bin": 1103, "text": 1152},
    "1024x8": {"bin": 789, "text": 1441},
}
KINDS = {"bin": "binary", "text": "text"}
#: A batch of so many bytes with its frames' heads is one segment; see batches.c.
BATCH_BYTES = 60_000


class Counted(bench.Server):
    """A server under callgrind, which writes what its threads ran whenever it accepts."""

    patience = 120

    def __init__(self, name, directory, command, port, path="/", control=None):
        self.control = control
        self.profile = pathlib.Path(directory, f"{name}.out")
        super().__init__(
            name,
            ["valgrind", "--tool=callgrind", "--separate-threads=yes", "--dump-before=accept4",
             f"--callgrind-out-file={self.profile}", *map(str, command)],
            port, path, errors=f"{directory}/{name}.log")

    def listens(self):
        # Under valgrind it takes long from the engine's first bind to its last; see Engine.
        return (self.control is None or os.path.exists(self.control)) and super().listens()

    def taken(self):
        """Instructions by function since the last call, of the thread that waited for most events.

        Threads are numbered as they come, which differs from run to run.
        """
        threads = {}
        for file in self.profile.parent.glob(f"{self.profile.name}.*-*"):
            counts = threads.setdefault(file.name.rpartition("-")[2], collections.Counter())
            counts.update(functions_of(file))
            file.unlink()
        if not threads:
            raise RuntimeError(f"{self.name}: callgrind writes nothing{self.reason}")
        return max(threads.values(), key=waits)


def waits(functions):
    """What a thread took to wait in its event loop, which is the same each time."""
    return sum(count for (name, _), count in functions.items() if name.startswith("epoll_"))


def functions_of(file):
    """The instructions of each function's own, of a file in callgrind's format.

    (callgrind_annotate adds to a function that still runs what those cost that it calls.)
    """
    known, current, counts = {}, {"ob": "", "fn": ""}, {}
    is_call = False
    for line in file.read_text().splitlines():
        key, equals, value = line.partition("=")
        if key == "calls":
            is_call = True
        elif equals and key in ("ob", "fn", "cob", "cfn"):
            kind = key[-2:]
            number, _, name = value.partition(" ")
            if name:
                known[kind, number] = name
            if key == kind:
                current[kind] = known[kind, number]
        elif re.match(r"[-+*0-9]", line):
            if not is_call:
                # One that calls itself has the depth behind its name.
                name = re.sub(r"'[0-9]+$", "", current["fn"]), pathlib.Path(current["ob"]).name
                counts[name] = counts.get(name, 0) + int(line.split()[1])
            is_call = False
        elif line.startswith("summary:"):
            whole = int(line.split()[1])
    if sum(counts.values()) != whole:
        raise RuntimeError(f"{file}: {sum(counts.values())} instructions of {whole} have a function")
    return counts


def per_batch(server, client, size, count, kind):
    """The instructions of one batch, function by function."""
    # The first session meets what is done once in a process; the last one's beginning ends another.
    sessions = [FEW, FEW, MANY, 0]
    taken = []
    with subprocess.Popen(
        [client, str(server.port), server.path, str(size), str(count), kind,
         *map(str, sessions)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as batches:
        try:
            for _ in sessions:
                if batches.stdout.readline() != "open\n":
                    raise RuntimeError(f"{server.name}: the client ended; see above why")
                taken.append(server.taken())
                batches.stdin.write("\n")
                batches.stdin.flush()
            batches.wait(60)
        finally:
            batches.kill()
    few, many = taken[-2:]
    return {name: (many[name] - few[name]) / (MANY - FEW) for name in {*few, *many}}


def floor(directory):
    port = bench.free_port()
    return Counted("floor", directory, [bench.compiled(directory, "limit_echo"), port], port)


def engine(directory, path):
    program, control = f"{directory}/wstop", f"{directory}/engine.sock"
    subprocess.run(["objcopy", "--strip-debug", bench.wstop_program(), program], check=True)
    port = bench.free_port()
    return Counted(
        "wstop", directory,
        [program, "serve", "--control", control, "--listen", f"127.0.0.1:{port}", "--reactors", 1,
         "--history", "off", "--set", "ping-interval=off", "--set", "handshake-timeout=1h"],
        port, path, control)


def readable(names):
    """Swift's names as they stand in the source, where the toolchain is there to say so."""
    command = shutil.which("swift-demangle")
    if command is None:
        return names
    return subprocess.run(
        [command, "--compact", "--simplified"], input="\n".join(names), check=True,
        stdout=subprocess.PIPE, text=True).stdout.splitlines()


def print_functions(title, functions, most):
    whole = sum(functions.values())
    first = sorted(functions.items(), key=lambda one: -one[1])[:most]
    names = readable([name for (name, _), _ in first])
    print(f"\n{title}: {whole:.0f} instructions a turn\n")
    for name, ((_, where), count) in zip(names, first):
        print(f"{count:6.0f}  {count / whole * 100:4.1f} %  {name}  [{where or '-'}]")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shapes", type=lambda text: text.split(","), default=list(OTHERS))
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=list(KINDS))
    parser.add_argument("--path", default="/ws/echo")
    parser.add_argument("--functions", type=int, nargs="?", const=25, default=0)
    options = parser.parse_args()
    shapes = []
    for shape in options.shapes:
        if not re.fullmatch(r"[1-9][0-9]{0,4}x[1-9][0-9]{0,4}", shape):
            parser.error("--shapes wants BYTESxMESSAGES, such as 20x1,1024x8")
        size, count = map(int, shape.split("x"))
        if (size + 8) * count > BATCH_BYTES:
            parser.error(f"--shapes {shape}: more than the {BATCH_BYTES} bytes of one segment")
        shapes.append((shape, size, count))
    if options.functions < 0:
        parser.error("--functions wants a number of them")
    if unknown := set(options.kinds) - set(KINDS):
        parser.error(f"--kinds has no {unknown.pop()}; they are {', '.join(KINDS)}")
    bench.needs("cc", "valgrind", "objcopy")
    rows, turns = [], []
    with bench.workspace() as directory:
        client = bench.compiled(directory, "batches")
        with floor(directory) as server:
            # The floor does not look at the kind of a message.
            floors = [
                sum(per_batch(server, client, size, count, "bin").values()) / count
                for _, size, count in shapes]
        with engine(directory, options.path) as server:
            for (shape, size, count), least in zip(shapes, floors):
                for kind in options.kinds:
                    functions = per_batch(server, client, size, count, kind)
                    ours = sum(functions.values()) / count
                    other = OTHERS.get(shape, {}).get(kind)
                    title = f"{size} x {count} {KINDS[kind]}"
                    turns.append((title, functions))
                    rows.append([
                        title, f"{least:.0f}", f"{ours:.0f}", f"{ours / least:.1f}",
                        other or "-", f"{ours / other:.2f}" if other else "-"])
    bench.table(
        ["bytes x messages", "floor", "wstop", "x floor", "uWebSockets", "x uWebSockets"], rows)
    if options.functions:
        for title, functions in turns:
            print_functions(title, functions, options.functions)


if __name__ == "__main__":
    main()
