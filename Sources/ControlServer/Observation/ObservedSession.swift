internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// A session as the observer knows it: its profile, and its numbers now.
struct ObservedSession {
  /// The profile as it is shown.
  var profile: ShownProfile
  /// Its numbers.
  let sample: SessionSample
  /// Its tags, in the order of their keys.
  var tags: [SessionTag] = []
  /// The end; nil while it lives.
  var end: SessionEnd?
  /// The rates of the last second; nil unless asked for, and while they are not known.
  var rates: SessionRates?
  /// Its rooms, sorted; nil unless asked for.
  var rooms: [String]?
  /// Whether its row tells the query of its request.
  var showsQuery = true
}

/// The end of a session.
struct SessionEnd {
  /// The code, the reason and the initiator.
  let close: SessionClose
  /// The time at which its connection was gone.
  let moment: Moment
}

extension SessionSample {
  /// The time of the last message, or of the opening.
  var lastMessage: Instant { max(lastIn, lastOut) }

  /// Payload bytes for each byte on the connection; nil without compression or bytes.
  var compressionRatio: Double? {
    let wire = Double(wireIn) + Double(wireOut)
    guard flags.contains(.compressed), wire > 0 else { return nil }
    return (Double(bytesIn) + Double(bytesOut)) / wire
  }

  /// The time at which its connection was accepted.
  var openedAt: Instant { identity.openedAt }
}

/// A moment on both clocks: ages are measured on the monotonic, times are shown by the wall clock.
struct Moment {
  /// The monotonic clock.
  var instant: Instant
  /// Seconds since 1970.
  var seconds: Double
  /// The offsets of the clocks at earlier times.
  var timeline = Timeline()

  /// The seconds from an instant to this moment, suspensions of the machine included; at least 0.
  func secondsSince(_ earlier: Instant) -> Double {
    max(0, Double(timeline.lasting(at: instant) &- timeline.lasting(at: earlier)) / 1e9)
  }

  /// The wall clock at an instant, in seconds since 1970.
  func wallSeconds(at instant: Instant) -> Double {
    timeline.wallSeconds(at: instant) ?? seconds - instant.duration(to: self.instant).inSeconds
  }
}
