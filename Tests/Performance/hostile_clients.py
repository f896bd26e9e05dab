"""The hostile clients of hostile.py: what each of them says, and what the limits allow it.

A client is a list of roles: connections that say the same bytes again and again as fast as the engine
takes them, or say them once, or nothing, and read what comes or do not.
"""

import dataclasses
import typing

import frames

MIB = 1 << 20


@dataclasses.dataclass
class Role:
    """Connections that do the same."""

    path: str = "/ws/echo"
    count: int = 1
    says: bytes = b""
    # Said before that, a single time.
    first: bytes = b""
    # Once, instead of again and again.
    once: bool = False
    # Or "gulps": for a while not, then all that there is.
    reads: bool | str = True
    compressed: bool = False
    transport: str = "tcp"
    # Only connections of that reactor; None: of any.
    reactor: int | None = None
    # Without an opening handshake: what is said is all that comes.
    raw: bool = False
    # Ends its side of the connection when all is said.
    ends: bool = False
    # Ends the connection and opens another when so many bytes were read.
    enough: int | None = None


@dataclasses.dataclass
class Client:
    """One kind of attack: which line it stands for, and what the engine may hold for it."""

    about: str
    roles: typing.Callable[[], list]
    # What the limits allow these connections to hold, in MiB.
    allowed: float = 5
    options: tuple = ()
    reactors: int = 1
    transports: tuple = ("tcp",)
    # The most that the engine may take of what is said, in MiB, the kernel's buffers included.
    takes: float | None = None
    # The most of a processor that it may cost, in percent.
    cpu: float | None = None


def nested(depth, count, inner="{}"):
    """JSON of so many inner values in so many arrays."""
    return frames.text(
        '{"op":"echo","data":' + "[" * depth + ",".join([inner] * count) + "]" * depth + "}")


def filled(limit, unit):
    """JSON of one array that is just under a limit."""
    head, tail = '{"op":"echo","data":[', "]}"
    count = (limit - len(head) - len(tail)) // (len(unit) + 1)
    return frames.text(head + ",".join([unit] * count) + tail)


def keyed(limit):
    """JSON of one object with as many different keys as fit."""
    count = (limit - 32) // 12
    fields = ",".join(f'"k{n:06}":1' for n in range(count))
    return frames.text('{"op":"echo","data":{' + fields + "}}")


def bombs(size, count=500):
    """Messages that inflate a thousandfold, one behind the other."""
    return frames.frame(frames.deflated(bytes(size)), compressed=True) * count


TINY = frames.frame(b"x") * 20_000
BLOCKS_OF_NOTHING = b"\x00\x00\x00\xff\xff" * 12_000


def nothing_inflated(size=90 * MIB):
    """Compressed bytes of one message that inflate to nothing: stored blocks without content."""
    part = frames.frame(BLOCKS_OF_NOTHING, frames.CONTINUATION, final=False)
    first = frames.frame(BLOCKS_OF_NOTHING, frames.BINARY, final=False, compressed=True)
    return first + part * (size // len(BLOCKS_OF_NOTHING))


def members(room, count, **more):
    return Role(f"/ws/chat/{room}", count, **more)


def heads():
    """Heads that are long in one of the ways in which a head can be long, each just under 16 KiB."""
    upgrade = frames.request("/ws/echo")[:-2]
    return [
        b"GET /none HTTP/1.1\r\nHost: localhost\r\n" + b"a:\r\n" * 3800 + b"\r\n",
        b"GET /ws/stream?" + b"a&" * 7500 + upgrade[upgrade.index(b" HTTP"):] + b"\r\n",
        upgrade + b"X-Forwarded-For: " + b"10.0.0.1," * 1700 + b"10.0.0.1\r\n\r\n",
        upgrade + b"Sec-WebSocket-Extensions: " + b"permessage-deflate," * 780 + b"x\r\n\r\n",
        upgrade + b"Sec-WebSocket-Protocol: " + b"a," * 7500 + b"b\r\n\r\n",
    ]


CLIENTS = {
    # A1
    "json deep": Client(
        "A1 20 000 {} at depth 400, 60 KB", lambda: [Role("/ws/api", says=nested(400, 20_000))]),
    "json depth 60": Client(
        "A1 20 000 {} at depth 60, 60 KB", lambda: [Role("/ws/api", says=nested(60, 20_000))]),
    "json flat": Client(
        "A1 1 MiB of {}", lambda: [Role("/ws/api", says=filled(MIB, "{}"))]),
    "json keys": Client("A1 1 MiB of different keys", lambda: [Role("/ws/api", says=keyed(MIB))]),
    "json numbers": Client(
        "A1 1 MiB of numbers", lambda: [Role("/ws/api", says=filled(MIB, "-1.5"))]),
    "json escapes": Client(
        "A1 1 MiB of escapes",
        lambda: [Role("/ws/api", says=filled(MIB, '"' + "\\u00e9" * 100 + '"'))]),
    "json broken": Client(
        "A1 1 MiB of [, not JSON",
        lambda: [Role("/ws/api", says=frames.text("[" * (MIB - 1)))]),
    # A2
    "bombs": Client(
        "A2 bursts of 500 messages that inflate a thousandfold",
        lambda: [Role(compressed=True, says=bombs(MIB))]),
    "bombs async": Client(
        "A2 the same to an asynchronous handler",
        lambda: [Role("/ws/echo-async", compressed=True, says=bombs(MIB))]),
    "bombs dedicated": Client(
        "A2 the same, compressed with context",
        lambda: [Role(compressed=True, says=bombs(MIB))], options=("--compression", "dedicated")),
    "bombs in fragments": Client(
        "A2 such messages in fragments of a byte",
        lambda: [Role(compressed=True, says=frames.fragments(
            frames.deflated(bytes(MIB)), 1, compressed=True) * 20)]),
    "bombs, rated": Client(
        "A2 such messages beyond a rate that pauses",
        lambda: [Role(compressed=True, says=bombs(MIB))],
        options=("--set", "messages-per-second=500", "--set", "rate-policy=pause")),
    "bombs to a room": Client(
        "A2 such messages to 50 members that read them plain",
        lambda: [members("bomb", 50), members("bomb", 1, compressed=True, says=bombs(MIB))],
        options=("--set", "buffered-bytes=64MiB"), allowed=64),
    "pings": Client(
        "A2 pings of 125 bytes", lambda: [Role(says=frames.frame(bytes(125), frames.PING) * 2000)]),
    "pings empty": Client(
        "A2 empty pings", lambda: [Role(says=frames.frame(b"", frames.PING) * 20_000)]),
    "pongs": Client(
        "A2 pongs nobody asked for", lambda: [Role(says=frames.frame(b"", frames.PONG) * 20_000)]),
    "fragments empty": Client(
        "A2 one message of empty fragments without end",
        lambda: [
            Role(first=frames.frame(b"", final=False),
                 says=frames.frame(b"", frames.CONTINUATION, final=False) * 20_000)]),
    "fragments 1 B": Client(
        "A2 messages of 50 000 fragments of a byte",
        lambda: [Role(says=frames.fragments(bytes(50_000), 1))]),
    "tiny": Client("A2 messages of a byte", lambda: [Role(says=TINY)]),
    "tiny async": Client(
        "A2 the same to an asynchronous handler", lambda: [Role("/ws/echo-async", says=TINY)]),
    "empty async": Client(
        "A2 empty messages to it",
        lambda: [Role("/ws/echo-async", says=frames.frame(b"") * 20_000)]),
    "big": Client("A2 messages of 1 MiB", lambda: [Role(says=frames.frame(bytes(MIB)))]),
    "gulps": Client(
        "A2 tiny messages, replies read by fits: input behind a pause",
        lambda: [Role(says=TINY, reads="gulps")]),
    "gulps async": Client(
        "A2 the same to an asynchronous handler",
        lambda: [Role("/ws/echo-async", says=TINY, reads="gulps")]),
    "rated": Client(
        "A2 tiny messages beyond a rate that pauses", lambda: [Role(says=TINY)],
        options=("--set", "messages-per-second=5000", "--set", "rate-policy=pause")),
    "tiny tls": Client(
        "A2 messages of a byte over TLS", lambda: [Role(says=TINY, transport="tls")],
        transports=("tcp", "tls")),
    "pings tls": Client(
        "A2 empty pings over TLS",
        lambda: [Role(says=frames.frame(b"", frames.PING) * 20_000, transport="tls")],
        transports=("tcp", "tls")),
    "tiny unix": Client(
        "A2 messages of a byte by a Unix socket", lambda: [Role(says=TINY, transport="unix")],
        transports=("tcp", "unix")),
    "tiny × 50": Client(
        "A2 messages of a byte on 50 connections", lambda: [Role(count=50, says=TINY)],
        allowed=250),
    "four at once": Client(
        "A1, A2 JSON, bombs, pings and tiny messages at once",
        lambda: [
            Role("/ws/api", says=filled(MIB, "{}")), Role(compressed=True, says=bombs(MIB)),
            Role(says=frames.frame(bytes(125), frames.PING) * 2000),
            Role("/ws/echo-async", says=TINY)],
        allowed=20),
    # A3
    "mute members": Client(
        "A3 10 members that do not read, 1-byte messages",
        lambda: [members("mute", 10, reads=False), members("mute", 1, says=TINY)], allowed=45),
    "mute members, drop": Client(
        "A3 the same with backlog-policy=drop",
        lambda: [members("mute", 10, reads=False), members("mute", 1, says=TINY)], allowed=45,
        options=("--set", "backlog-policy=drop")),
    "mute echo": Client(
        "A3 20 senders of 1-byte messages that read no reply",
        lambda: [Role(count=20, says=TINY, reads=False)], allowed=100),
    "mute async": Client(
        "A3 20 senders of 1-byte messages to the asynchronous echo that read no reply",
        lambda: [Role("/ws/echo-async", count=20, says=TINY, reads=False)], allowed=100),
    "mute pings": Client(
        "A3 20 senders of pings that read no pong",
        lambda: [
            Role(count=20, reads=False, says=frames.frame(bytes(125), frames.PING) * 2000)],
        allowed=100),
    "mute rooms": Client(
        "A3 60 rooms with a sender and 5 members that do not read; backlog-bytes 256 KiB",
        lambda: [
            role for n in range(60)
            for role in (members(f"m{n}", 5, reads=False), members(f"m{n}", 1, says=TINY))],
        options=("--set", "backlog-bytes=256KiB"), allowed=90),
    "burst to a room": Client(
        "A3 one write of 75 000 1-byte messages, 100 members that read; backlog-bytes 1 MiB",
        lambda: [
            members("burst", 100), members("burst", 1, says=frames.frame(b"x") * 75_000, once=True)],
        options=("--set", "backlog-bytes=1MiB", "--set", "buffered-bytes=64MiB"), allowed=64),
    "bursts to a room": Client(
        "A3 the same again and again",
        lambda: [members("burst", 100), members("burst", 1, says=frames.frame(b"x") * 75_000)],
        options=("--set", "backlog-bytes=1MiB", "--set", "buffered-bytes=64MiB"), allowed=64),
    "large room": Client(
        "A2 a sender of 1-byte messages to 5 000 members that read",
        lambda: [members("large", 5000), members("large", 1, says=TINY)],
        options=("--set", "buffered-bytes=64MiB"), allowed=64),
    "large talk": Client(
        "A2 2 000 members of a room that all say something to it",
        lambda: [members("talk", 2000, says=frames.frame(b"x"), once=True)],
        options=("--set", "buffered-bytes=64MiB"), allowed=64),
    "broadcast compressed": Client(
        "A3 64 KiB of one byte to 100 members who take it compressed",
        lambda: [
            members("zip", 100, compressed=True),
            members("zip", 1, says=frames.frame(frames.deflated(bytes(64 << 10)), compressed=True),
                    compressed=True)],
        options=("--set", "buffered-bytes=64MiB"), allowed=64),
    "broadcast dedicated": Client(
        "A3 1 KiB to 200 members who take it compressed with context",
        lambda: [
            members("own", 200, compressed=True),
            members("own", 1, says=frames.frame(bytes(range(256)) * 4) * 20)],
        options=("--compression", "dedicated", "--set", "buffered-bytes=64MiB"),
        allowed=64 + 201 * 80 / 1024),
    "rooms": Client(
        "A3 60 rooms of 10 members that read, a sender of 1-byte messages in each",
        lambda: [
            role for n in range(60)
            for role in (members(f"r{n}", 10), members(f"r{n}", 1, says=TINY))],
        options=("--set", "buffered-bytes=64MiB"), allowed=64),
    "broadcast tls": Client(
        "A3 1-byte messages to 50 members over TLS that read",
        lambda: [members("sealed", 50, transport="tls"), members("sealed", 1, says=TINY)],
        options=("--set", "buffered-bytes=64MiB"), allowed=64, transports=("tcp", "tls")),
    "streams": Client(
        "A13 10 readers of /ws/stream?bytes=64MiB, as fast as it goes, again and again",
        lambda: [Role("/ws/stream?bytes=64MiB", count=10, enough=64 * MIB)], allowed=50),
    "stream": Client(
        "A13 one such reader", lambda: [Role("/ws/stream?bytes=64MiB", enough=64 * MIB)]),
    # A4, A6
    "mute crowd": Client(
        "A4 60 rooms, a member that does not read and a sender of 16 KiB each; buffered-bytes 8 MiB",
        lambda: [
            role for n in range(60) for role in (
                members(f"c{n}", 1, reads=False),
                members(f"c{n}", 1, says=frames.frame(bytes(16 << 10)) * 8))],
        options=("--set", "buffered-bytes=8MiB"), allowed=8),
    "partial messages": Client(
        "A6 300 messages begun, 100 KiB each, among 5 000 idle sessions; buffered-bytes 4 MiB",
        lambda: [
            Role(count=5000),
            Role(count=300, says=frames.frame(bytes(100_000), final=False), once=True)],
        options=("--set", "buffered-bytes=4MiB"), allowed=4 + 5),
    "partial bytes": Client(
        "A8 6 000 compressed messages begun, of a byte each; buffered-bytes 8 MiB",
        lambda: [
            Role(count=6000, compressed=True, once=True,
                 says=frames.frame(b"\x4a", final=False, compressed=True))],
        options=("--set", "buffered-bytes=8MiB"), allowed=8 + 6),
    "long paths": Client(
        "A11 2 000 idle members of a room whose name has 15 KB",
        # The path, and the name that the handler makes of it: both are in the account.
        lambda: [members("a" * 15_000, 2000)], allowed=2 * 2000 * 15 / 1024),
    # A5
    "mailbox": Client(
        "A5 two reactors: 3 senders of 256 KiB on one, 10 members and 4 bombers on the other",
        lambda: [
            members("mail", 10, reactor=1),
            Role(count=4, reactor=1, compressed=True, says=bombs(MIB)),
            members("mail", 3, reactor=0, says=frames.frame(bytes(256 << 10)))],
        reactors=2, allowed=64,
        options=("--set", "buffered-bytes=64MiB", "--set", "backlog-bytes=16MiB")),
    "mailbox mute": Client(
        "A5 the same, members do not read, backlog-policy=drop",
        lambda: [
            members("mail", 30, reactor=1, reads=False),
            members("mail", 3, reactor=0, says=frames.frame(bytes(256 << 10)))],
        reactors=2, allowed=64,
        options=("--set", "buffered-bytes=64MiB", "--set", "backlog-policy=drop")),
    "mailbox tiny": Client(
        "A5 the same with 1-byte messages, members read",
        lambda: [members("mail", 100, reactor=1), members("mail", 3, reactor=0, says=TINY)],
        reactors=2, options=("--set", "buffered-bytes=64MiB"), allowed=64),
    # A7, A8, A9
    "openings": Client(
        "A7 8 000 connections with a part of a first line, 200 bytes",
        lambda: [
            Role(count=8000, raw=True, says=b"GET /ws/echo?" + b"a" * 187, once=True)],
        allowed=16),
    "openings tls": Client(
        "A7 8 000 connections with a part of a ClientHello",
        lambda: [
            Role(count=8000, raw=True, transport="tls-raw", once=True,
                 says=b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")],
        transports=("tcp", "tls"), allowed=16),
    "openings, heads": Client(
        "A7 2 000 connections with a head of 15 KB that does not end",
        lambda: [
            Role(count=2000, raw=True, once=True,
                 says=b"GET /ws/echo HTTP/1.1\r\nX: " + b"x" * 15_000)],
        allowed=2000 * 16 / 1024),
    "refused": Client(
        "A7 3 000 connections that were refused and stay, with heads of 8 KB",
        lambda: [
            Role(count=3000, raw=True, once=True, reads=False,
                 says=b"GET /none HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 8000 + b"\r\n\r\n")],
        allowed=6),
    "long heads": Client(
        "A7 heads of 15 KB in five ways, on 50 connections, again and again",
        lambda: [Role(count=10, raw=True, says=head, once=True, ends=True) for head in heads()],
        options=("--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.0/8"), allowed=1),
    "inflates to nothing": Client(
        "A8 90 MB of one message that inflate to nothing, message-bytes 64 KiB",
        lambda: [Role(count=4, compressed=True, says=nothing_inflated(), once=True)],
        options=("--compression", "dedicated", "--set", "message-bytes=64KiB", "--set",
                 "bytes-per-second=64KiB"), allowed=1, takes=48),
    "end in a PROXY header": Client(
        "A9 20 connections that end in a PROXY header, TLS and trusted proxy",
        lambda: [
            Role(count=20, raw=True, transport="tls-raw", says=b"PROXY TCP4 127.", once=True,
                 ends=True)],
        options=("--trusted-proxy", "127.0.0.1"), transports=("tcp", "tls"), allowed=0, cpu=20),
}
