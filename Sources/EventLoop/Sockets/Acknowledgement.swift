/// The state of a peer's TCP: the age of its last acknowledgement, and what it has yet to answer.
package struct Acknowledgement: Hashable, Sendable {
  /// How long ago its last segment came that acknowledged something, in whole milliseconds.
  package var age: Duration
  /// Segments with data that were sent and not acknowledged.
  package var unansweredSegmentCount: Int
  /// Probes of a window that it has closed, RFC 9293 §3.8.6.1, since the last one it answered.
  package var unansweredProbeCount: Int

  package init(age: Duration, unansweredSegmentCount: Int, unansweredProbeCount: Int) {
    self.age = age
    self.unansweredSegmentCount = unansweredSegmentCount
    self.unansweredProbeCount = unansweredProbeCount
  }
}
