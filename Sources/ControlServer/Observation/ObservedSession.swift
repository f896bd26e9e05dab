internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// A session as the observer knows it: what was said once, and its numbers now.
struct ObservedSession {
  /// What is told of what was said when it was opened.
  var profile: ShownProfile
  /// Its numbers.
  let sample: SessionSample
  /// Its tags, in the order of their keys.
  var tags: [SessionTag] = []
  /// How it ended; nil while it lives.
  var end: SessionEnd?
  /// What it did in the last second; nil unless asked for, and while it is not known.
  var rates: SessionRates?
  /// Its rooms, sorted; nil unless asked for.
  var rooms: [String]?
}

/// The end of a session.
struct SessionEnd {
  /// The code, the reason and who closed it.
  let close: SessionClose
  /// When its connection was gone.
  let moment: Moment
}

extension SessionSample {
  /// When the last message passed, or the session was opened.
  var lastMessage: Instant { max(lastIn, lastOut) }

  /// Payload bytes for each byte on the connection; nil without compression or bytes.
  var compressionRatio: Double? {
    let wire = Double(wireIn) + Double(wireOut)
    guard flags.contains(.compressed), wire > 0 else { return nil }
    return (Double(bytesIn) + Double(bytesOut)) / wire
  }

  /// When its connection was accepted.
  var openedAt: Instant { identity.openedAt }
}

/// A moment on both clocks: ages are measured on the one, what is shown is told by the other.
struct Moment {
  /// The monotonic clock.
  var instant: Instant
  /// Seconds since 1970.
  var seconds: Double
  /// How the clocks stood to each other before.
  var timeline = Timeline()

  /// The seconds from an instant to this moment, those in which the machine was suspended among
  /// them; at least 0.
  func secondsSince(_ earlier: Instant) -> Double {
    max(0, Double(timeline.lasting(at: instant) &- timeline.lasting(at: earlier)) / 1e9)
  }

  /// What the wall clock said at an instant, in seconds since 1970.
  func wallSeconds(at instant: Instant) -> Double {
    timeline.wallSeconds(at: instant) ?? seconds - instant.duration(to: self.instant).inSeconds
  }
}
