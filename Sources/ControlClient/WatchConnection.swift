package import ControlProtocol
package import EventLoop

/// A watch of an engine: what the console shows is said, pictures of that are pushed.
///
/// It never blocks: the caller watches ``descriptor`` for ``interest`` and calls ``flush()`` and
/// ``receive()`` when it is ready; after an error the connection is of no more use. One thread uses
/// a connection.
package final class WatchConnection {
  private let webSocket: ControlWebSocket

  /// A watch on a socket that is connected to an engine and does not block.
  package init(
    owning descriptor: consuming OwnedDescriptor, watching request: WatchRequest
  ) throws(ControlClientError) {
    webSocket = try ControlWebSocket(
      on: ControlSocket(owning: descriptor), target: ControlEndpoint.watchPath,
      saying: ControlJSON.encode(request))
  }

  /// Connects to the engine at a path.
  ///
  /// - Throws: `ControlClientError`, such as `noEngine`.
  package init(
    to path: ControlPath, watching request: WatchRequest
  ) throws(ControlClientError) {
    webSocket = try ControlWebSocket(
      on: try ControlSocket.connect(to: path), target: ControlEndpoint.watchPath,
      saying: ControlJSON.encode(request))
  }

  /// The descriptor to wait for; it stays the connection's own.
  package var descriptor: Int32 { webSocket.descriptor }

  /// What the descriptor is to be watched for now.
  package var interest: Interest { webSocket.interest }

  /// Says what is to be watched from here on.
  ///
  /// - Throws: `ControlClientError`.
  package func watch(_ request: WatchRequest) throws(ControlClientError) {
    try webSocket.say(ControlJSON.encode(request))
  }

  /// Sends what the socket takes.
  ///
  /// - Throws: `ControlClientError`.
  package func flush() throws(ControlClientError) { try webSocket.flush() }

  /// Takes what has come, and the snapshots in it.
  ///
  /// Snapshots that came before the connection ended are returned first; the next call throws.
  ///
  /// - Throws: `ControlClientError`: `refused` if the engine takes no watch, `closed` and
  ///   `connectionLost` when the watch is over.
  package func receive() throws(ControlClientError) -> [Snapshot] {
    try webSocket.receive(Snapshot.self)
  }
}

@available(*, unavailable)
extension WatchConnection: Sendable {}
