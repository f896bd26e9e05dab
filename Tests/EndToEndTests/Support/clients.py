"""Holds the WebSocket clients of a test: one JSON command a line in, one JSON answer a line out.

The clients are those of python3-websockets as Debian packages it (10.4), with its defaults except
for keepalive, which belongs to the server under test, and for the size of messages.
"""

import asyncio
import base64
import collections
import hashlib
import json
import resource
import ssl
import struct
import sys
import zlib

import websockets

PATIENCE = 120


class Client:
    """One connection; a task of its own takes what comes."""

    def __init__(self, socket, reads):
        self.socket = socket
        self.messages = asyncio.Queue()
        self.reader = asyncio.create_task(self.read()) if reads else None

    async def read(self):
        try:
            async for message in self.socket:
                self.messages.put_nowait(message)
        except websockets.ConnectionClosed:
            pass

    async def settle(self):
        # A session is counted, listed and in its room right behind the answer to its handshake, and
        # before the answer to anything that its client sends.
        try:
            await asyncio.wait_for(await self.socket.ping(), PATIENCE)
        except websockets.ConnectionClosed:
            pass

    async def receive(self):
        getter = asyncio.create_task(self.messages.get())
        await asyncio.wait(
            {getter, self.reader}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if getter.done():
            return getter.result()
        # The connection may have ended right behind a message.
        getter.cancel()
        if self.messages.empty():
            raise RuntimeError(f"no message: {self.end()}")
        return self.messages.get_nowait()

    def end(self):
        return {"code": self.socket.close_code, "reason": self.socket.close_reason}


class Raw:
    """A bare TCP connection."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer


HEAD = (
    b"GET /ws/echo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Flood:
    """Many handshakes at once, some of which never send the end of their request."""

    def __init__(self, port, count, half_open):
        self.writers = []
        tasks = (self.open(port, HEAD[:40] if n < half_open else HEAD) for n in range(count))
        self.outcome = asyncio.gather(*tasks)

    async def open(self, port, head):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            self.writers.append(writer)
            writer.write(head)
            if head is not HEAD:
                return "half-open"
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 4 * PATIENCE)
            return answer.split()[1].decode()
        except Exception as error:
            return type(error).__name__

    def end(self):
        for writer in self.writers:
            writer.transport.abort()


clients = {}


def described(message):
    data = message.encode() if isinstance(message, str) else message
    if len(data) > 4096:
        return {
            "size": len(data),
            "digest": hashlib.sha256(data).hexdigest(),
            "isText": isinstance(message, str),
        }
    if isinstance(message, str):
        return {"text": message}
    return {"binary": base64.b64encode(data).decode()}


def payload(request):
    if "text" in request:
        return request["text"]
    if "binary" in request:
        return base64.b64decode(request["binary"])
    size = request["size"]
    if request.get("isText"):
        # Characters of two bytes, so that some would be cut by a fragment's end.
        return "x" * (size % 2) + "é" * (size // 2)
    return (bytes(range(251)) * (size // 251 + 1))[:size]


async def connect(request):
    options = {
        "extra_headers": request.get("headers") or {},
        "ping_interval": None,
        "max_size": None,
        "open_timeout": PATIENCE,
        "close_timeout": PATIENCE,
        "origin": request.get("origin"),
        "subprotocols": request.get("subprotocols"),
    }
    if "authority" in request:
        options["ssl"] = ssl.create_default_context(cafile=request["authority"])
        if "certificate" in request:
            options["ssl"].load_cert_chain(request["certificate"], request["key"])
    try:
        if "unix" in request:
            socket = await websockets.unix_connect(request["unix"], request["url"], **options)
        else:
            socket = await websockets.connect(request["url"], **options)
    except websockets.InvalidStatusCode as error:
        return {"status": error.status_code}
    client = clients[request["name"]] = Client(socket, request.get("reads", True))
    address = socket.local_address
    if client.reader:
        await client.settle()
    return {"port": address[1] if isinstance(address, tuple) else 0}


async def perform(request):
    op = request["op"]
    if op == "connect":
        return await connect(request)
    if op == "raw":
        reader, writer = await asyncio.open_connection("127.0.0.1", request["port"])
        clients[request["name"]] = Raw(reader, writer)
        return {"port": writer.get_extra_info("sockname")[1]}
    if op == "flood":
        flood = Flood(request["port"], request["size"], request["parts"])
        clients[request["name"]] = flood
        return {}
    client = clients[request["name"]]
    if op == "flood-outcomes":
        # Asked again and again, so that the other clients go on meanwhile.
        if not client.outcome.done():
            return {}
        return {"counts": collections.Counter(client.outcome.result())}
    if op == "flood-end":
        client.end()
        return {}
    if op == "raw-send":
        client.writer.write(base64.b64decode(request["binary"]))
        await client.writer.drain()
        return {}
    if op == "raw-bomb":
        # A MiB of zeros, of which the deflate data refer to nothing before them, over and over.
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        block = deflater.compress(bytes(1 << 20)) + deflater.flush(zlib.Z_FULL_FLUSH)
        bomb = (block * request["parts"])[:-4]
        try:
            # A whole binary message, compressed, masked with zeros.
            client.writer.write(struct.pack("!BBQ4x", 0xC2, 0xFF, len(bomb)) + bomb)
            await client.writer.drain()
        except ConnectionError:
            pass
        return {"size": len(bomb)}
    if op == "raw-head":
        head = await asyncio.wait_for(client.reader.readuntil(b"\r\n\r\n"), PATIENCE)
        return {"status": int(head.split()[1])}
    if op == "raw-rest":
        rest = await asyncio.wait_for(client.reader.read(), PATIENCE)
        return {"binary": base64.b64encode(rest).decode()}
    if op == "send":
        message = payload(request)
        if "parts" in request:
            try:
                await client.socket.send([message] * request["parts"])
            except websockets.ConnectionClosed:
                pass
            return {}
        await client.socket.send(message)
        data = message.encode() if isinstance(message, str) else message
        return {"digest": hashlib.sha256(data).hexdigest()}
    if op == "receive":
        return described(await client.receive())
    if op == "pending":
        return {"size": client.messages.qsize()}
    if op == "close":
        await client.socket.close(request["code"], request["reason"])
        return client.end()
    if op == "closed":
        await asyncio.wait_for(client.socket.wait_closed(), PATIENCE)
        return client.end()
    if op == "vanish":
        client.socket.transport.abort()
        return {}
    raise RuntimeError(f"unknown op {op}")


async def main():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        request = json.loads(line)
        try:
            answer = await perform(request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answer["number"] = request["number"]
        print(json.dumps(answer), flush=True)


asyncio.run(main())
