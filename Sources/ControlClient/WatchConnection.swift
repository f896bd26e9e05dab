package import ControlProtocol
package import EventLoop

/// A watch of an engine: the console sends what it shows, the engine pushes snapshots of that.
package typealias WatchConnection = ControlWebSocket<WatchRequest, Snapshot>

extension ControlWebSocket where Wanted == WatchRequest, Pushed == Snapshot {
  /// A watch on a socket that is connected to an engine and does not block.
  package convenience init(
    owning descriptor: consuming OwnedDescriptor, watching request: WatchRequest
  ) throws(ControlClientError) {
    try self.init(
      on: ControlSocket(owning: descriptor), target: ControlEndpoint.watchPath, saying: request)
  }

  /// Connects to an engine.
  ///
  /// - Throws: `ControlClientError`, such as `noEngine`.
  package convenience init(
    to target: ControlTarget, watching request: WatchRequest
  ) throws(ControlClientError) {
    try self.init(
      on: try ControlSocket.connect(to: target), target: ControlEndpoint.watchPath, saying: request)
  }
}
