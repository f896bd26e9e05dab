"""WebSocket echo on websockets. usage: websockets_echo.py PORT"""

import asyncio
import sys

import uvloop
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed


async def echo(connection):
    try:
        async for message in connection:
            await connection.send(message)
    except ConnectionClosed:
        pass


async def main():
    async with serve(
        echo, "127.0.0.1", int(sys.argv[1]), compression=None, max_size=None, ping_interval=None
    ) as server:
        await server.serve_forever()


uvloop.run(main())
