#!/usr/bin/env python3
"""The process that plays one of the clients of hostile_clients.py.

usage: hostile_player.py NAME PROGRAM CONTROL SECONDS ADDRESS...       (started by hostile.py)

It opens the client's connections, prints "ready", begins at a line on standard input, goes on for
SECONDS, and prints what it did as one JSON object. A connection that the engine ends is opened again,
at most a hundred a second, all together. ADDRESS is tcp=PORT, tls=PORT or unix=PATH: where the engine
listens; PROGRAM and CONTROL are asked which reactor has a connection.
"""

import contextlib
import dataclasses
import json
import os
import select
import socket
import ssl
import struct
import sys
import time

import bench
import frames
from hostile_clients import CLIENTS

PATIENCE = 15
READ_SIZE = 1 << 20
WRITE_SIZE = 256 << 10
GULP_SECONDS = 0.3
REOPENINGS_PER_SECOND = 100


class Wire:
    """One connection of a role."""

    def __init__(self, role, addresses):
        self.role = role
        self.said = 0
        self.read_bytes = 0
        kind = role.transport.removesuffix("-raw")
        if kind == "unix":
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(PATIENCE)
            self.socket.connect(addresses["unix"])
        else:
            self.socket = socket.create_connection(
                ("127.0.0.1", int(addresses[kind])), timeout=PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if role.transport == "tls":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)
        self.port = 0 if kind == "unix" else self.socket.getsockname()[1]

    def shake_hands(self):
        """The whole opening handshake; what comes behind it is not wanted."""
        if self.role.raw:
            self.socket.setblocking(False)
            return
        self.socket.sendall(frames.request(self.role.path, self.role.compressed))
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.socket.recv(4096)
            if not part:
                raise ConnectionError("the engine ended the opening handshake")
            head += part
        if not head.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(head.split(b"\r\n")[0].decode())
        if self.role.compressed and b"permessage-deflate" not in head:
            raise ConnectionError("the engine does not compress")
        if self.role.first:
            self.socket.sendall(self.role.first)
        self.socket.setblocking(False)

    @property
    def wants_to_say(self):
        return bool(self.role.says) and not (self.role.once and self.said >= len(self.role.says))

    def write(self, view):
        """Says what the engine takes now."""
        at = self.said % len(view)
        step = 64 << 10 if self.role.transport == "tls" else WRITE_SIZE
        try:
            self.said += self.socket.send(view[at:at + step])
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        if self.role.ends and not self.wants_to_say:
            self.socket.shutdown(socket.SHUT_WR)

    def read(self, buffer):
        """Takes what has come; False at the end, and when it is enough."""
        try:
            while got := self.socket.recv_into(buffer):
                self.read_bytes += got
                if self.role.enough and self.read_bytes >= self.role.enough:
                    return False
                if self.role.transport != "tls" and got < len(buffer):
                    return True
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return True
        return False

    def abort(self):
        """Ends without a word."""
        with contextlib.suppress(OSError):
            self.socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class Play:
    """All connections of a client, served by one loop."""

    def __init__(self, client, program, control, addresses):
        self.addresses = addresses
        self.program, self.control = program, control
        self.poll = select.epoll()
        self.wires = {}
        self.interest = {}
        self.views = {}
        self.ended = self.refused = 0
        self.said = self.read_bytes = 0
        self.due = []
        self.buffer = bytearray(READ_SIZE)
        self.gulping = False
        for role in client.roles():
            self.views[id(role)] = memoryview(role.says)
            for wire in self.opened(role):
                self.add(wire)

    def opened(self, role):
        """As many connections as the role has, all on the reactor that it names."""
        kept = []
        for _ in range(20):
            missing = role.count - len(kept)
            if missing == 0:
                return kept
            fresh = [Wire(role, self.addresses) for _ in range(
                missing if role.reactor is None else missing * 2 + 4)]
            for wire in fresh:
                wire.shake_hands()
            if role.reactor is not None:
                owners = bench.reactors_by_port(self.program, self.control)
                fit = [one for one in fresh if owners.get(one.port) == role.reactor][:missing]
                for wire in fresh:
                    if wire not in fit:
                        wire.abort()
                fresh = fit
            kept += fresh
        raise RuntimeError(f"no {role.count} connections on reactor {role.reactor}")

    def add(self, wire):
        self.wires[wire.socket.fileno()] = wire
        self.interest[wire.socket.fileno()] = 0
        self.poll.register(wire.socket.fileno(), 0)

    def watch(self, wire):
        """Asks for what the wire can do now."""
        reads = self.gulping if wire.role.reads == "gulps" else wire.role.reads
        wanted = (select.EPOLLIN if reads else 0) | (select.EPOLLOUT if wire.wants_to_say else 0)
        descriptor = wire.socket.fileno()
        if self.interest[descriptor] != wanted:
            self.poll.modify(descriptor, wanted)
            self.interest[descriptor] = wanted

    def remove(self, wire):
        descriptor = wire.socket.fileno()
        self.poll.unregister(descriptor)
        del self.wires[descriptor], self.interest[descriptor]
        self.said += wire.said
        self.read_bytes += wire.read_bytes
        wire.abort()

    def run(self, seconds):
        end = time.monotonic() + seconds
        gulp = 0
        for wire in self.wires.values():
            self.watch(wire)
        while (now := time.monotonic()) < end:
            if int(now / GULP_SECONDS) != gulp:
                gulp = int(now / GULP_SECONDS)
                self.gulping = gulp % 2 == 0
                for wire in self.wires.values():
                    if wire.role.reads == "gulps":
                        self.watch(wire)
            while self.due and self.due[0][0] <= now:
                self.reopen(self.due.pop(0)[1])
            for descriptor, events in self.poll.poll(min(0.05, end - now), 256):
                self.serve(self.wires[descriptor], events)
        for wire in list(self.wires.values()):
            self.remove(wire)

    def serve(self, wire, events):
        try:
            if events & select.EPOLLOUT:
                wire.write(self.views[id(wire.role)])
            if events & select.EPOLLIN and not wire.read(self.buffer):
                return self.end(wire)
            if events & (select.EPOLLERR | select.EPOLLHUP):
                return self.end(wire)
        except OSError:
            return self.end(wire)
        self.watch(wire)

    def end(self, wire):
        self.ended += 1
        self.remove(wire)
        # One that says its part once has said it.
        if wire.role.raw or not wire.role.once:
            at = self.due[-1][0] if self.due else time.monotonic()
            self.due.append((at + 1 / REOPENINGS_PER_SECOND, wire.role))

    def reopen(self, role):
        try:
            for wire in self.opened(dataclasses.replace(role, count=1)):
                wire.role = role
                self.add(wire)
                self.watch(wire)
        except OSError:
            self.refused += 1


def main():
    name, program, control, seconds, *words = sys.argv[1:]
    addresses = dict(word.split("=", 1) for word in words)
    bench.raise_descriptor_limit()
    play = Play(CLIENTS[name], program, control, addresses)
    print("ready", flush=True)
    if sys.stdin.readline():
        play.run(float(seconds))
    print(json.dumps({
        "said": play.said, "read": play.read_bytes, "ended": play.ended,
        "refused": play.refused}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
