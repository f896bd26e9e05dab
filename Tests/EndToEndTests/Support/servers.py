"""A WebSocket server that nobody here wrote: python3-websockets as Debian packages it (10.4).

usage: servers.py MODE [CERTIFICATE KEY]        with both: over TLS
  echo        sends back what comes
  stall       the same, but stands still for 1 s after 200 messages, once
  wrong       sends back something else for every third message
  fragments   sends back each message in fragments, with a ping before it
  leave       closes with 4001 after 3 messages
  deflate     the same as echo, with permessage-deflate for whoever offers it
  busy        refuses every second handshake with 503
  silent      takes messages and says nothing

Listens on a free port of 127.0.0.1 and writes its number as the first line.
"""

import asyncio
import http
import ssl
import sys
import time

import websockets

mode = sys.argv[1]
count = 0


async def handle(socket):
    global count
    own = 0
    async for message in socket:
        count += 1
        own += 1
        if mode == "stall" and count == 200:
            time.sleep(1)
        if mode == "silent":
            continue
        if mode == "wrong" and own % 3 == 0:
            message = message[::-1]
        if mode == "fragments":
            await socket.ping()
            await socket.send([message[: len(message) // 2], message[len(message) // 2 :]])
            continue
        await socket.send(message)
        if mode == "leave" and own == 3:
            await socket.close(4001)
            return


handshakes = 0


async def admit(path, headers):
    global handshakes
    handshakes += 1
    if mode == "busy" and handshakes % 2 == 0:
        return http.HTTPStatus.SERVICE_UNAVAILABLE, [], b"busy"
    return None


async def main():
    context = None
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
    async with websockets.serve(
        handle,
        "127.0.0.1",
        0,
        process_request=admit,
        max_size=None,
        compression="deflate" if mode == "deflate" else None,
        ssl=context,
    ) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


asyncio.run(main())
