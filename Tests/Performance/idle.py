#!/usr/bin/env python3
"""Memory of idle sessions: opens sessions on a running wstop and says what each one costs it.

usage: idle.py [--tls] [SESSIONS]  (default 10000; both processes need that many descriptors)

With --tls the sessions are secured; the certificate is made by the openssl command.
Starts `wstop serve` (release build), reads its resident memory before and after, and ends.
"""

import os
import pathlib
import resource
import socket
import ssl
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


def open_session(port, context):
    connection = socket.create_connection(("127.0.0.1", port))
    if context:
        connection = context.wrap_socket(connection)
    connection.sendall(REQUEST)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 101"), answer
    return connection


def certificate(directory):
    """The flags for a certificate that is made in the directory."""
    files = [os.path.join(directory, name) for name in ("site.pem", "site.key")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-subj", "/CN=localhost", "-days", "2", "-out", files[0], "-keyout", files[1]],
        check=True, stderr=subprocess.DEVNULL)
    return ["--certificate", files[0], "--private-key", files[1]]


def main():
    words = sys.argv[1:]
    context = None
    if "--tls" in words:
        words.remove("--tls")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    count = int(words[0]) if words else 10_000
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    root = pathlib.Path(__file__).resolve().parents[2]
    program = os.environ.get("WSTOP", str(root / ".build/release/wstop"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as directory:
        control = os.path.join(directory, "engine.sock")
        address = f"127.0.0.1:{port}"
        arguments = ["serve", "--control", control, "--listen"]
        arguments += ["tls:" + address, *certificate(directory)] if context else [address]
        with subprocess.Popen(
            [program, *arguments, "--reactors", "1", "--set", "ping-interval=off"],
            stdout=subprocess.PIPE,
        ) as engine:
            engine.stdout.readline()
            try:
                warm = [open_session(port, context) for _ in range(100)]
                before = resident_bytes(engine.pid)
                started = time.monotonic()
                sessions = [open_session(port, context) for _ in range(count)]
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
