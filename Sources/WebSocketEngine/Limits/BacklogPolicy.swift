/// The consequence of unsent output over `backlog-bytes`.
package enum BacklogPolicy: String, Hashable, Sendable {
  /// The session is closed with 1008.
  case close
  /// The newest message is not sent, and counted.
  case drop
}
