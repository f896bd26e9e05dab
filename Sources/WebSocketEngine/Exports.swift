// What a handler needs of the modules below comes with the engine: close codes and identifiers,
// messages and headers, socket addresses and system errors.
@_exported public import EventLoop
@_exported public import Vocabulary
@_exported public import WebSocketProtocol
