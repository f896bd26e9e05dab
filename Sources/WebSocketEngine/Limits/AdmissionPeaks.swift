/// The most sessions that were open at once in a span of time.
package struct AdmissionPeaks: Hashable, Sendable {
  /// Of all.
  package var sessionCount = 0
  /// Of one address.
  package var addressSessionCount = 0
  /// That address; nil if there were none.
  package var address: String?

  /// No sessions.
  package init() {}

  /// Takes in how many sessions there are, and how many from one address.
  mutating func raise(sessionCount count: Int, _ addressCount: Int, from address: String?) {
    sessionCount = max(sessionCount, count)
    guard let address, addressCount > addressSessionCount else { return }
    addressSessionCount = addressCount
    self.address = address
  }
}
