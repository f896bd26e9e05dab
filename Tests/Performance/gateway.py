#!/usr/bin/env python3
"""What a gateway costs: ours beside nginx, HAProxy and the floor, in one run.

usage: gateway.py [--rounds N] [--seconds S] [--shapes 20x1,20x32,...]
                  [--only floors,nginx,haproxy,wstop] [--sessions N] [--cpus 0,1] [--real-time]

Echoes go through a gateway to limit_echo.c and back. The gateway is alone on the first processor of
--cpus (0,1); the client (wsload.c) and the upstream share the second. Rows per shape (bytes x
messages in flight, one connection), each the median of the rounds, in which the gateways take turns:

direct      no gateway: what the client and the upstream take alone
floors      limit_relay.c: receive and send, twice, of bytes that nobody looks at
nginx       one worker, haproxy one thread, both as tunnels; as they are found on this machine
wstop       one reactor, --route '/*=ws://...', with statistics and limits as they are by default,
            message-bytes apart; history and pings are off

CPU us      CPU time of the gateway's processes per echoed message, and as a multiple of the floors'
p50, p99    round trips in microseconds; + what the gateway adds to the direct one

Then memory: what a relayed session that echoed one message and is idle takes of a gateway's private
memory, by N (2000) of them, without what it had reserved as it started; and how much higher resident
memory was while messages of 64 MiB went through. --sessions 0 leaves that out.

CPU time travels between machines as a ratio only. Where a processor is slow to wake another, as in
many virtual machines, that hides the rest with few bytes in flight: --cpus 1,1, where nobody is woken
from afar, shows the work alone. With --real-time no other thread of the machine takes a processor
from those measured; say so beside a figure that was measured with it. Everything is on the loopback
interface and ends by itself: with 3 rounds of 3 seconds in about 5 minutes.
"""

import argparse
import contextlib
import functools
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time

import bench
import frames

SHAPES = ["20x1", "20x32", "1024x8", "65536x2", "1000000x1"]
#: Sessions that are there before memory is looked at.
WARM_SESSIONS = 100
LARGE_MESSAGE = 64 << 20
PATIENCE_SECONDS = 30

NGINX = """
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log stderr error;
events {{ worker_connections {connections}; }}
http {{
  access_log off;
  client_body_temp_path {directory}/nginx-client;
  proxy_temp_path {directory}/nginx-proxy;
  fastcgi_temp_path {directory}/nginx-fastcgi;
  uwsgi_temp_path {directory}/nginx-uwsgi;
  scgi_temp_path {directory}/nginx-scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{upstream};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
      proxy_read_timeout 1h;
      proxy_send_timeout 1h;
    }}
  }}
}}
"""

HAPROXY = """
global
  nbthread 1
  maxconn {connections}
defaults
  mode http
  timeout connect 10s
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
frontend clients
  bind 127.0.0.1:{port}
  default_backend echo
backend echo
  server echo 127.0.0.1:{upstream}
"""


class Gateways:
    """How each gateway starts in front of an upstream, by its name."""

    def __init__(self, directory, upstream, sessions):
        self.directory = directory
        self.upstream = upstream
        self.missing = set()
        # A session has two connections.
        self.connections = 2 * (sessions + WARM_SESSIONS) + 512
        self.names = {
            "floors": self.floors, "nginx": self.nginx, "haproxy": self.haproxy,
            "wstop": self.wstop}

    @contextlib.contextmanager
    def running(self, name):
        """A gateway that runs; None, and once a line that says why, if it cannot."""
        if name in self.missing:
            yield None
            return
        with contextlib.ExitStack() as stack:
            try:
                server = stack.enter_context(self.names[name]())
            except (RuntimeError, OSError) as error:
                print(f"gateway.py: {error}; it is left out", file=sys.stderr)
                self.missing.add(name)
                server = None
            yield server

    def errors(self, name):
        return f"{self.directory}/{name}.log"

    def server(self, name, port, *command):
        return bench.Server(
            name, bench.pinned(bench.SERVER_CPU, *command), port, "/echo",
            errors=self.errors(name))

    @functools.cached_property
    def relay(self):
        return bench.compiled(self.directory, "limit_relay")

    def floors(self):
        port = bench.free_port()
        return self.server("floors", port, self.relay, port, self.upstream.port)

    def configuration(self, name, text, port):
        file = pathlib.Path(self.directory, f"{name}.conf")
        file.write_text(text.format(
            directory=self.directory, connections=self.connections, port=port,
            upstream=self.upstream.port))
        return file

    def nginx(self):
        port, program = bench.free_port(), installed("nginx")
        file = self.configuration("nginx", NGINX, port)
        return self.server(
            "nginx", port, program, "-e", "stderr", "-p", self.directory, "-c", file)

    def haproxy(self):
        port, program = bench.free_port(), installed("haproxy")
        return self.server(
            "haproxy", port, program, "-db", "-f", self.configuration("haproxy", HAPROXY, port))

    @functools.cached_property
    def program(self):
        return bench.wstop_program()

    def wstop(self):
        engine = bench.Engine(
            self.program, self.directory, "--route", f"/*=ws://127.0.0.1:{self.upstream.port}",
            "--history", "off", "--set", "ping-interval=off", "--set", "message-bytes=128MiB",
            cpus=bench.SERVER_CPU, errors=self.errors("wstop"))
        engine.path = "/echo"
        return engine


def installed(name):
    """Where a server is, which may be out of a user's way in /usr/sbin."""
    program = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if program is None:
        raise RuntimeError(f"{name} is not installed")
    return program


def versions(names):
    """What nginx and HAProxy call themselves, of those that are here."""
    found = []
    for name in names:
        try:
            told = subprocess.run(
                [installed(name), "-v"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True)
            found.append(f"{name} {re.search(r'[0-9]+[.][0-9.]+[0-9]', told.stdout)[0]}")
        except RuntimeError:
            continue
    return ", ".join(found)


def relayed(options, gateways, meter, names):
    """CPU time per message and round trips, for each shape and gateway."""
    running = {"direct": gateways.upstream}
    rows = []
    with contextlib.ExitStack() as stack:
        for name in names:
            if server := stack.enter_context(gateways.running(name)):
                running[name] = server
        for shape in options.shapes:
            size, window = map(int, shape.split("x"))
            rows += relayed_rows(options, meter, running, size, window)
    bench.table(
        ["bytes x in flight", "gateway", "CPU us", "x floors", "messages/s", "p50 us", "p99 us",
         "+ p50", "+ p99"], rows)


def relayed_rows(options, meter, running, size, window):
    figures = {name: [] for name in running}
    for _ in range(options.rounds):
        for name, server in running.items():
            try:
                figures[name].append(bench.wsload(meter, server, 1, size, window, options.seconds))
            except (RuntimeError, subprocess.SubprocessError) as error:
                print(f"gateway.py: {error}", file=sys.stderr)

    def middle(name, key):
        return bench.median([one[key] for one in figures.get(name, [])])

    rows = []
    for name in running:
        label = f"{size} x {window}"
        if not figures[name]:
            rows.append([label, name, "failed", *[""] * 6])
            continue
        row = [f"{middle(name, 'rate'):.0f}", f"{middle(name, 'p50'):.0f}",
               f"{middle(name, 'p99'):.0f}"]
        if name == "direct":
            rows.append([label, name, "-", "-", *row, "-", "-"])
            continue
        cpu, floors = middle(name, "cpu"), middle("floors", "cpu")
        rows.append([
            label, name, bench.figure(cpu), f"{cpu / floors:.2f}" if floors == floors else "-",
            *row, *(f"{middle(name, key) - middle('direct', key):+.0f}" for key in ("p50", "p99"))])
    return rows


def open_session(server):
    """A session that echoed one message."""
    client = socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS)
    client.sendall(frames.request(server.path))
    answer = read_until(client, lambda data: b"\r\n\r\n" in data)
    if not answer.startswith(b"HTTP/1.1 101"):
        raise RuntimeError(f"{server.name}: not 101: {answer[:100]!r}")
    message = b"twenty bytes of text"
    client.sendall(frames.frame(message))
    read_until(client, lambda data: data.endswith(message))
    return client


def read_until(client, is_whole):
    data = b""
    while not is_whole(data):
        part = client.recv(4096)
        if not part:
            raise RuntimeError(f"the gateway closed behind {data[:100]!r}")
        data += part
    return data


def memory_row(options, meter, server):
    """Bytes of an idle session, and how much more a large message takes at the peak."""
    pids = server.pids

    def private():
        return sum(bench.private_bytes(pid) for pid in pids)

    sessions = [open_session(server) for _ in range(WARM_SESSIONS)]
    try:
        before = private()
        sessions += [open_session(server) for _ in range(options.sessions)]
        # A gateway may free buffers a moment later.
        time.sleep(1)
        each = (private() - before) / options.sessions
    finally:
        for client in sessions:
            client.close()
    time.sleep(1)
    bench.forget_peak(pids)
    resident = bench.status_bytes(pids, "VmRSS")
    bench.wsload(meter, server, 1, LARGE_MESSAGE, 1, 1)
    peak = bench.status_bytes(pids, "VmHWM") - resident
    return [server.name, f"{each:.0f}", f"{peak / 2**20:.1f}"]


def memory(options, gateways, meter, names):
    rows = []
    for name in names:
        # A process of its own, as memory that was freed would hide what is taken.
        with gateways.running(name) as server:
            if server is None:
                continue
            try:
                rows.append(memory_row(options, meter, server))
            except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                print(f"gateway.py: {name}: {error}", file=sys.stderr)
                rows.append([name, "failed", ""])
    if rows:
        print()
        bench.table(["gateway", "idle session bytes", "64 MiB message, peak MiB"], rows)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ["floors", "nginx", "haproxy", "wstop"]
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--shapes", type=lambda text: text.split(","), default=SHAPES)
    parser.add_argument("--only", type=lambda text: text.split(","), default=names)
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--cpus", default=f"{bench.SERVER_CPU},{bench.CLIENT_CPU}")
    parser.add_argument("--real-time", action="store_true")
    options = parser.parse_args()
    if not 1 <= options.rounds <= 100 or not 0.1 <= options.seconds <= 60:
        parser.error("wants 1 to 100 rounds of 0.1 to 60 seconds")
    if not all(re.fullmatch(r"[1-9][0-9]{0,7}x[1-9][0-9]{0,4}", one) for one in options.shapes):
        parser.error("--shapes wants BYTESxWINDOW, such as 20x1,1024x8")
    if unknown := [name for name in options.only if name not in names]:
        parser.error(f"--only has no {unknown[0]}; they are {', '.join(names)}")
    if options.sessions < 0 or 2 * options.sessions + 1000 > bench.raise_descriptor_limit():
        parser.error(f"--sessions {options.sessions}: below 0, or more than descriptors (ulimit -n)")
    if not re.fullmatch("[0-9]+,[0-9]+", options.cpus):
        parser.error("--cpus wants the gateway's processor and the others', such as 0,1")
    bench.SERVER_CPU, bench.CLIENT_CPU = options.cpus.split(",")
    bench.needs("cc", "taskset")
    if options.real_time:
        bench.real_time()
    chosen = [name for name in names if name in options.only]
    with bench.workspace() as directory:
        meter = bench.compiled(directory, "wsload")
        echo = bench.compiled(directory, "limit_echo", "-DANY_KEY", "-lcrypto")
        port = bench.free_port()
        with bench.Server(
            "upstream", bench.pinned(bench.CLIENT_CPU, echo, port), port, "/echo"
        ) as upstream:
            gateways = Gateways(directory, upstream, options.sessions)
            if known := versions([name for name in ("nginx", "haproxy") if name in chosen]):
                print(known + "\n")
            relayed(options, gateways, meter, chosen)
            if options.sessions:
                memory(options, gateways, meter, chosen)


if __name__ == "__main__":
    main()
