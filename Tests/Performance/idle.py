#!/usr/bin/env python3
"""Memory of idle sessions: opens sessions on a running wstop and says what each one costs it.

usage: idle.py [SESSIONS]        (default 10000; both processes need that many descriptors)

Starts `wstop serve` (release build), reads its resident memory before and after, and ends.
"""

import os
import pathlib
import resource
import socket
import subprocess
import sys
import tempfile
import time

REQUEST = (
    "GET /ws/echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
).encode()


def resident_bytes(pid):
    """Private resident memory, so that the program's own text does not count."""
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no Private_Dirty in smaps_rollup")


def open_session(port):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(REQUEST)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 101"), answer
    return connection


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    root = pathlib.Path(__file__).resolve().parents[2]
    program = os.environ.get("WSTOP", str(root / ".build/release/wstop"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as directory:
        control = os.path.join(directory, "engine.sock")
        arguments = ["serve", "--control", control, "--listen", f"127.0.0.1:{port}"]
        with subprocess.Popen(
            [program, *arguments, "--reactors", "1", "--set", "ping-interval=off"],
            stdout=subprocess.PIPE,
        ) as engine:
            engine.stdout.readline()
            try:
                warm = [open_session(port) for _ in range(100)]
                before = resident_bytes(engine.pid)
                started = time.monotonic()
                sessions = [open_session(port) for _ in range(count)]
                seconds = time.monotonic() - started
                after = resident_bytes(engine.pid)
                print(
                    f"{count} idle sessions: {(after - before) / count:.0f} bytes each "
                    f"({(after - before) / 1e6:.1f} MB), opened at {count / seconds:.0f}/s"
                )
                for connection in warm + sessions:
                    connection.close()
            finally:
                engine.terminate()


if __name__ == "__main__":
    main()
