"""The sessions beside which something goes on: those of probe.c, on reactors that are named.

The prober is a process of its own on the clients' processor, ahead of all others there where the
system allows it: what it has to wait for is then the engine, and how late it was itself is told too.
"""

import json
import subprocess

import bench

class Prober:
    """Echoes at a steady pace; a context manager that ends them."""

    def __init__(self, program, engine, rate, connections, path="/ws/echo", ahead=()):
        self.engine = engine
        self.process = subprocess.Popen(
            [*ahead, "taskset", "-c", bench.CLIENT_CPU, program, str(engine.port),
             str(connections), str(rate), path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        words = self.read().split()
        self.ports = [int(word) for word in words[1:]]
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the prober ended; see above why")
        return line

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def start(self, reactors, together=False):
        """Begins: group n are the sessions of the n-th reactor that is named; or all are group 0.

        Raises RuntimeError if a reactor has none of them.
        """
        owners = bench.reactors_by_port(self.engine.program, self.engine.control)
        groups = [
            reactors.index(owner) if (owner := owners.get(port)) in reactors else None
            for port in self.ports]
        if missing := set(range(len(reactors))) - set(groups):
            raise RuntimeError(f"no session of the prober is on reactor {missing}")
        if together:
            groups = [0 if one is not None else None for one in groups]
        self.say("groups " + " ".join("-" if one is None else str(one) for one in groups))

    def mark(self, name):
        """What was measured since the last mark: times in microseconds, by group."""
        self.say(f"mark {name}")
        return json.loads(self.read())

    def pause(self):
        """Says nothing until `resume`; gives how many messages were sent in all."""
        self.say("pause")
        return int(self.read().split()[1])

    def resume(self):
        self.say("resume")

    def end(self):
        """Closes the sessions; gives how many messages were sent in all."""
        self.say("end")
        sent = int(self.read().split()[1])
        self.process.wait(20)
        return sent
