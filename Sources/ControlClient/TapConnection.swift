package import ControlProtocol

/// A tap of an engine: the messages of sessions are pushed as they pass.
///
/// It is closed with 1000 when its one session is gone, and refused if the engine forbids taps or
/// knows no such session.
package typealias TapConnection = ControlWebSocket<TapOptions, TapBatch>

extension ControlWebSocket where Wanted == TapOptions, Pushed == TapBatch {
  /// Connects to an engine.
  ///
  /// - Throws: `ControlClientError`, such as `noEngine`.
  package convenience init(
    to target: ControlTarget, _ request: TapRequest
  ) throws(ControlClientError) {
    try self.init(on: try ControlSocket.connect(to: target), target: request.target)
  }
}
