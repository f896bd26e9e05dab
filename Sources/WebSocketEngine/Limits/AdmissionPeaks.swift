/// The most sessions that were open at once in a span of time.
package struct AdmissionPeaks: Hashable, Sendable {
  /// The most sessions of all.
  package var sessionCount = 0
  /// The most sessions of one address.
  package var addressSessionCount = 0
  /// That address; nil if there were none.
  package var address: String?

  /// No sessions.
  package init() {}

  /// Raises the peaks to the sessions that there are, and to those of one address.
  mutating func raise(sessionCount count: Int, _ addressCount: Int, from address: String?) {
    sessionCount = max(sessionCount, count)
    guard let address, addressCount > addressSessionCount else { return }
    addressSessionCount = addressCount
    self.address = address
  }
}
