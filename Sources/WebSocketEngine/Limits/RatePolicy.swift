/// The consequence of a peer that sends more than a rate allows.
package enum RatePolicy: String, Hashable, Sendable {
  /// The session is closed with 1008.
  case close
  /// The session is not read from until the rate allows more.
  case pause
}
