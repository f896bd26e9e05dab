@testable import WebSocketEngine

extension CloseLedger.Snapshot {
  /// Sessions ever closed.
  var closeCount: Int { closes.reduce(0) { $0 + $1.count } }
}
