#!/usr/bin/env python3
"""Thousands of sessions of many habits for some minutes, while operators act.

usage: soak.py MINUTES [--sessions N] [--rate R] [--real-time] [--after S]        (15000 sessions)

soak.c holds the sessions, opened over 30 s: idle, small echoes, large ones, rooms of 20, slow readers
of a stream (10 KB/s of 16 MiB), compressed, opened and closed in short cycles, pinging, beyond their
rate, ended without a close frame, and closed by operators and back again. Every echo is compared byte
by byte. The engine has two reactors and keeps a history. Printed for each minute:

p50 … max   round trips of echoes of 16 bytes at a steady pace (500/s) over 32 sessions of both
            reactors, by a process of its own (probe.c; see hostile.py), in ms
late        p99 of how late these were sent: what the machine does, and not the engine
starved     time in which the engine's reactors were ready and the machine ran others
engine      its processor time in percent of one, and its anonymous memory
what        what operators did in that minute: nothing in the first; then by turns limits (a trial of
            ping-interval, one of a rate), acts (close and send by filter), lists (20000 rows of JSON,
            the closed, the history), reloads, and all of them; with less than 7 minutes all, always

At the end nothing new is said, all that is owed is waited for, and the engine's counters are compared
with what the clients counted: messages and payload bytes both ways, sessions opened and open, sizes,
closes by code. Then the memory is looked at for S seconds (60): what the wave left behind.
The verdict wants p99.9 <= 20 ms in each minute, every counter equal, no session that broke, and at
most 32 MiB left. Exits with 1 if it is bad. Everything ends by itself, 3 minutes after MINUTES.
"""

import argparse
import json
import subprocess
import sys
import time

import bench
import hostile
import idle

RAMP_SECONDS = 30
BOUND_MS = 20
BOUND_MIB = 32
MIB = 1 << 20
ROUTES = {
    "idle": "echo", "small": "echo", "large": "echo-async", "chat/{room}": "chat",
    "stream": "stream", "zip": "echo", "brief": "echo", "ping": "echo-async", "rated": "echo",
    "abrupt": "echo-async", "acted": "echo",
}
SENT_TEXT = "maintenance in five minutes"


class Operators:
    """What is done to the engine meanwhile, and what the clients must have seen of it."""

    def __init__(self, engine):
        self.engine = engine
        self.closed = self.sent = self.sent_bytes = 0
        self.slowest = {}

    def limits(self):
        self.ask("limits", "set", "ping-interval=15s", "--revert-after", "10s")
        time.sleep(5)
        self.ask(
            "limits", "set", "messages-per-second=1", "--route", "/soak/rated", "--revert-after",
            "10s")

    def acts(self):
        status = self.ask("close", "--filter", "route=/soak/acted state=open", "--code", "4001",
                          "--reason", "come back", "--yes")
        self.closed += status["delivered"] + status["queued"]
        status = self.ask("send", "--filter", "route=/soak/idle", "--text", SENT_TEXT, "--yes")
        done = status["delivered"] + status["queued"]
        self.sent += done
        self.sent_bytes += done * len(SENT_TEXT)

    def lists(self):
        self.ask("sessions", "--limit", "20000")
        self.ask("sessions", "--closed", "--limit", "10000")
        # One object a line.
        self.ask("history", "--since", "5m", of_lines=True)

    def reload(self):
        self.ask("reload")

    def ask(self, *words, of_lines=False):
        begun = time.monotonic()
        answer = None if of_lines else self.engine.ask(*words)
        if of_lines:
            subprocess.run(
                [self.engine.program, *words, "--control", self.engine.control, "--json"],
                check=True, stdout=subprocess.DEVNULL)
        elapsed = time.monotonic() - begun
        self.slowest[words[0]] = max(elapsed, self.slowest.get(words[0], 0))
        return answer

    def all(self):
        for one in (self.limits, self.acts, self.lists, self.reload):
            one()
            time.sleep(5)


def plan(minute, minutes):
    """What operators do in a minute, counted from 0."""
    if minute == 0:
        return "nothing"
    if minutes < 7:
        return "all"
    return ["limits", "acts", "lists", "reload", "all", "nothing"][(minute - 1) % 6]


def minutes_of_load(options, engine, others, watch, operators):
    """Prints a line for each minute; gives whether all are within bounds."""
    print("minute    p50    p99  p99.9  max ms   late  starved  engine   memory  sessions  what")
    good = True
    for minute in range(options.minutes):
        begun = time.monotonic()
        watch.started()
        what = plan(minute, options.minutes)
        if what != "nothing":
            time.sleep(10)
            getattr(operators, what)()
        time.sleep(max(0, 60 - (time.monotonic() - begun)))
        measured = others.mark("minute")
        watch.look()
        group = measured["groups"][0]
        good = good and group["p999"] / 1000 <= BOUND_MS and not group["lost"]
        numbers = [group["p50"], group["p99"], group["p999"], group["max"],
                   measured["late"]["p99"]]
        cells = " ".join(bench.figure(one / 1000).rjust(6) for one in numbers)
        opened = engine.ask("stats")["sessions"]["open"]
        print(
            f"{minute + 1:6} {cells}  {watch.starved * 100:5.1f} %  {watch.cpu * 100:4.0f} %  "
            f"{bench.status_bytes([engine.process.pid], 'RssAnon') / MIB:5.0f} MiB  {opened:8}  "
            f"{what}{'' if not group['lost'] else ', sessions lost'}", flush=True)
    return good


def compared(drained, closed, before, after, final, operators, probes):
    """Rows of what the engine and the clients counted, and whether they are equal."""
    traffic = {key: after["traffic"][key] - before["traffic"][key] for key in after["traffic"]}
    # The prober's messages have 16 bytes, and each is answered with itself.
    rows = [
        ("messages to the engine", traffic["messagesIn"], drained["messagesSent"] + probes),
        ("messages from it", traffic["messagesOut"], drained["messagesReceived"] + probes),
        ("bytes to the engine", traffic["bytesIn"], drained["bytesSent"] + 16 * probes),
        ("bytes from it", traffic["bytesOut"], drained["bytesReceived"] + 16 * probes),
        ("sizes in, messages", after["sizesIn"]["count"] - before["sizesIn"]["count"],
         drained["messagesSent"] + probes),
        ("sizes out, messages", after["sizesOut"]["count"] - before["sizesOut"]["count"],
         drained["messagesReceived"] + probes),
        ("sessions opened", after["sessions"]["opened"] - before["sessions"]["opened"],
         drained["opened"]),
        ("sessions open", after["sessions"]["open"], drained["live"]),
        ("sent by acts, to idle ones", operators.sent, drained["habits"]["idle"]["received"]),
        ("closed by acts", operators.closed, drained["closes"].get("4001", 0)),
        ("buffered bytes at the end", after["bufferedBytes"], 0),
    ]
    clients = {int(code): number for code, number in closed["closes"].items()}
    clients[1006] = clients.get(1006, 0) + closed["aborted"] + closed["broken"]
    engine = {}
    for sign, stats in ((1, final), (-1, before)):
        for one in stats["closes"]:
            engine[one["code"]] = engine.get(one["code"], 0) + sign * one["count"]
    for code in sorted(set(clients) | set(engine)):
        rows.append((f"closed with {code}", engine.get(code, 0), clients.get(code, 0)))
    rows += [
        ("refused", 0, closed["refused"]), ("replies that are wrong", 0, closed["wrong"]),
        ("sessions that broke", 0, closed["broken"]),
        ("unanswered when they broke", 0, closed["unanswered"]),
    ]
    bench.table(
        ["counter", "engine", "clients", ""],
        [[name, one, other, "equal" if one == other else "DIFFERS"] for name, one, other in rows])
    return all(one == other for _, one, other in rows)


def memory_after(options, engine, before):
    """Prints the memory while it goes back; gives what is left of the wave."""
    pid = engine.process.pid
    words = []
    for second in range(0, options.after + 1, 10):
        words.append(f"{(bench.status_bytes([pid], 'RssAnon') - before) / MIB:.0f} MiB at {second} s")
        if second < options.after:
            time.sleep(10)
    print("memory above that before the wave: " + ", ".join(words))
    return bench.status_bytes([pid], "RssAnon") - before


def soak(options, tools, directory):
    meter = bench.compiled(directory, "soak", "-lz")
    arguments = []
    for route, handler in ROUTES.items():
        arguments += ["--route", f"/soak/{route}={handler}"]
    with tools.engine(
        "--route", "/ws/echo=echo", *arguments, reactors=2, transports=("tcp", "tls"),
        history=True,
    ) as engine, tools.prober(engine, 32) as others:
        engine.ask("limits", "set", "messages-per-second=2", "rate-policy=pause", "--route",
                   "/soak/rated")
        engine.ask("limits", "set", "backlog-bytes=256KiB", "--route", "/soak/stream")
        others.start([0, 1], together=True)
        time.sleep(3)
        others.mark("alone")
        probes_before = others.pause()
        before = engine.ask("stats")
        memory = bench.status_bytes([engine.process.pid], "RssAnon")
        crowd = subprocess.Popen(
            [*tools.client_ahead, "taskset", "-c", bench.CLIENT_CPU, meter, str(engine.port),
             str(options.sessions), str(RAMP_SECONDS),
             str(RAMP_SECONDS + options.minutes * 60 + 240)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            if crowd.stdout.readline() != "open\n":
                raise RuntimeError("the sessions do not come")
            watch = hostile.Watch(engine)
            operators = Operators(engine)
            others.resume()
            good = minutes_of_load(options, engine, others, watch, operators)
            probes = others.pause() - probes_before
            drained = told(crowd, "drain")
            after = engine.ask("stats")
            after["sessions"]["open"] -= len(others.ports)
            closed = told(crowd, "close")
            crowd.wait(20)
            time.sleep(1)
            final = engine.ask("stats")
        finally:
            crowd.kill()
            crowd.wait()
        print()
        is_equal = compared(drained, closed, before, after, final, operators, probes)
        print("\nclosed: " + ", ".join(
            f"{one['count']} × {one['code']} by {one['by']}" for one in final["closes"]))
        print(
            f"slow turns {final['slowTurns']}, dropped {final['droppedMessages']}, rate pauses "
            f"{final['ratePauses']}, pings answered {closed['pings']}, own pings answered "
            f"{closed['pongs']}; slowest answers: "
            + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in operators.slowest.items()))
        left = memory_after(options, engine, memory)
    verdict = good and is_equal and left <= BOUND_MIB * MIB
    print("ok" if verdict else "BAD: " + ", ".join(
        name for name, is_bad in [
            ("round trips", not good), ("counters", not is_equal),
            ("memory", left > BOUND_MIB * MIB)] if is_bad))
    return verdict


def told(crowd, word):
    """What the clients print when they are told something."""
    crowd.stdin.write(word + "\n")
    crowd.stdin.flush()
    line = crowd.stdout.readline()
    if not line:
        raise RuntimeError("the clients ended; see above why")
    return json.loads(line)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", type=int)
    parser.add_argument("--sessions", type=int, default=15_000)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--after", type=int, default=60)
    parser.add_argument("--real-time", action="store_true")
    options = parser.parse_args()
    if options.minutes < 1 or options.sessions < 100:
        parser.error("wants at least a minute and 100 sessions")
    if options.sessions + 200 > bench.raise_descriptor_limit():
        parser.error(f"--sessions {options.sessions}: more than descriptors (ulimit -n)")
    bench.needs("cc", "taskset", "openssl")
    with bench.workspace() as directory:
        sys.exit(0 if soak(options, hostile.Bench(options, directory), directory) else 1)


if __name__ == "__main__":
    main()
