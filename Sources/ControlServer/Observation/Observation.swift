internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// The tables in which a question looks sessions up, at the moment at which it was asked.
///
/// It is an object, so that a session of which a field is asked carries one reference: a question
/// asks a hundred thousand of them. Confined to the control reactor.
final class Observation {
  let mirrors: [SessionMirror]
  let closed: ClosedSessions
  let meter: RateMeter
  let rooms: RoomDirectory
  let moment: Moment
  /// Whether the filter looks at redacted texts.
  let seesSecrets: Bool
  /// Whether the filter asks for the marks in their places.
  let namesRedactions: Bool

  /// The place of an observed session.
  enum Place {
    /// The place of its reactor, and of its record there.
    case live(reactor: Int, record: Int)
    /// Its place among the closed sessions.
    case closed(Int)
  }

  init(
    mirrors: [SessionMirror], closed: ClosedSessions, meter: RateMeter, rooms: RoomDirectory,
    moment: Moment, seesSecrets: Bool, namesRedactions: Bool
  ) {
    self.mirrors = mirrors
    self.closed = closed
    self.meter = meter
    self.rooms = rooms
    self.moment = moment
    self.seesSecrets = seesSecrets
    self.namesRedactions = namesRedactions
  }

  /// The session at a place, with its numbers.
  @inline(__always)
  func session(_ place: Place, _ sample: SessionSample) -> ObservedSubject {
    ObservedSubject(observation: self, place: place, sample: sample)
  }

  /// The profile of a session as it is shown; nil if its record has another owner.
  func profile(_ place: Place) -> ShownProfile? {
    switch place {
    case .live(let reactor, let record): mirrors[reactor].shown(ofRecord: record)
    case .closed(let index): closed[index].shown
    }
  }

  /// The tags of a session; nil while it is not known which sessions have any.
  func tags(_ place: Place) -> [SessionTag]? {
    switch place {
    case .live(let reactor, let record): mirrors[reactor].tags(ofRecord: record)
    case .closed(let index): closed[index].tags
    }
  }

  /// The end of a session; nil while it lives.
  func end(_ place: Place) -> SessionEnd? {
    if case .closed(let index) = place { closed[index].end } else { nil }
  }

  /// The text of a session by which a column of texts is sorted.
  func text(_ field: SessionField, of place: Place) -> String {
    switch field {
    case .tag: (tags(place) ?? []).lazy.map(\.text).joined(separator: " ")
    case .who: end(place)?.close.initiator.description ?? ""
    case .actor: end(place)?.close.act?.actor ?? ""
    case .path: (profile(place)?.path).map(SessionField.decodedPath) ?? ""
    default: profile(place)?.text(field) ?? ""
    }
  }
}

@available(*, unavailable)
extension Observation: Sendable {}
