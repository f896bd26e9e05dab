/// The state of the connection to the engine.
package enum ConnectionState: Equatable, Sendable {
  /// Not connected yet, since a moment in seconds since 1970.
  case connecting(since: Double)
  /// Snapshots arrive.
  case connected
  /// The connection ended; the caller tries again.
  case lost(since: Double, reason: String)

  /// Whether requests can be made.
  package var isConnected: Bool { self == .connected }
}
