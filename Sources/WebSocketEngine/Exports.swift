// The engine exports those types of lower modules that handlers need: close codes and identifiers,
// messages and headers, socket addresses and system errors.
@_exported public import enum EventLoop.SocketAddress
@_exported public import struct EventLoop.ListenAddress
@_exported public import struct EventLoop.SystemError
@_exported public import struct EventLoop.TLSError
@_exported public import struct EventLoop.TLSSettings
@_exported public import Vocabulary
@_exported public import WebSocketProtocol
