"""WebSocket echo on Granian's RSGI; started by table.py as an application of granian."""


async def app(scope, protocol):
    if scope.proto != "ws":
        protocol.response_empty(404, [])
        return
    transport = await protocol.accept()
    while True:
        message = await transport.receive()
        # 0 close, 1 bytes, 2 string
        if message.kind == 0:
            return
        if message.kind == 1:
            await transport.send_bytes(message.data)
        else:
            await transport.send_str(message.data)
