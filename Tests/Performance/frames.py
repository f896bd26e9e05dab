"""Frames and opening handshakes as a client writes them (RFC 6455, RFC 7692), for hostile.py."""

import struct
import zlib

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
MASK = b"\x5a\x3c\x96\x0f"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def request(path, compressed=False, fields=""):
    """The head of an opening handshake."""
    offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n" if compressed else ""
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n{offer}{fields}\r\n").encode()


def masked(payload):
    whole = MASK * (len(payload) // 4 + 1)
    number = int.from_bytes(payload, "little")
    return (number ^ int.from_bytes(whole[:len(payload)], "little")).to_bytes(
        len(payload), "little")


def frame(payload=b"", opcode=BINARY, final=True, compressed=False):
    """One masked frame."""
    first = opcode | (0x80 if final else 0) | (0x40 if compressed else 0)
    if len(payload) < 126:
        head = struct.pack("!BB", first, 0x80 | len(payload))
    elif len(payload) < 1 << 16:
        head = struct.pack("!BBH", first, 0x80 | 126, len(payload))
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, len(payload))
    return head + MASK + masked(payload)


def deflated(payload):
    """A message compressed for itself: a raw deflate stream without its last four bytes."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = stream.compress(payload) + stream.flush(zlib.Z_SYNC_FLUSH)
    return data[:-4]


def text(payload):
    return frame(payload.encode(), TEXT)


def fragments(payload, size, opcode=BINARY, compressed=False):
    """A message in frames of so many bytes."""
    parts = [payload[at:at + size] for at in range(0, len(payload), size)] or [b""]
    return b"".join(
        frame(
            part, opcode if index == 0 else CONTINUATION, index == len(parts) - 1,
            compressed and index == 0)
        for index, part in enumerate(parts))
