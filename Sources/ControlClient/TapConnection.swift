package import ControlProtocol
package import EventLoop

/// A tap of an engine: the messages of sessions are pushed as they pass.
///
/// It never blocks, and is used as a `WatchConnection` is. One thread uses a connection.
package final class TapConnection {
  private let webSocket: ControlWebSocket

  /// A tap on a socket that is connected to an engine and does not block.
  package init(
    owning descriptor: consuming OwnedDescriptor, _ request: TapRequest
  ) throws(ControlClientError) {
    webSocket = try ControlWebSocket(
      on: ControlSocket(owning: descriptor), target: request.target)
  }

  /// Connects to the engine at a path.
  ///
  /// - Throws: `ControlClientError`, such as `noEngine`.
  package init(to path: ControlPath, _ request: TapRequest) throws(ControlClientError) {
    webSocket = try ControlWebSocket(
      on: try ControlSocket.connect(to: path), target: request.target)
  }

  /// The descriptor to wait for; it stays the connection's own.
  package var descriptor: Int32 { webSocket.descriptor }

  /// What the descriptor is to be watched for now.
  package var interest: Interest { webSocket.interest }

  /// Says which messages are wanted from here on.
  ///
  /// - Throws: `ControlClientError`.
  package func change(to options: TapOptions) throws(ControlClientError) {
    try webSocket.say(ControlJSON.encode(options))
  }

  /// Sends what the socket takes.
  ///
  /// - Throws: `ControlClientError`.
  package func flush() throws(ControlClientError) { try webSocket.flush() }

  /// Takes what has come.
  ///
  /// - Throws: `ControlClientError`: `refused` if the engine forbids taps or knows no such session,
  ///   `closed` with 1000 when the session is gone, `connectionLost`.
  package func receive() throws(ControlClientError) -> [TapBatch] {
    try webSocket.receive(TapBatch.self)
  }
}

@available(*, unavailable)
extension TapConnection: Sendable {}
