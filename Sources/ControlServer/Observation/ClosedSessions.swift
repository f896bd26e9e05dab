internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// A session that is gone, as `GET /v1/closed` tells of it.
struct ClosedRow: Codable, Equatable, Sendable {
  /// Its row, with its last numbers.
  var row: SessionRow
  /// The close code.
  var code: CloseCode
  /// The reason that came with the code; not escaped for display.
  var reason: String
  /// The initiator of the close.
  var by: CloseInitiator
  /// The person or script whose act closed it; nil if no operator did.
  var actor: String?
  /// The number of that act; nil if it has none.
  var act: Int?
  /// The time at which its connection was gone, in seconds since 1970.
  var closedAt: Double

  /// The row of a session.
  init(_ session: ObservedSession, _ end: SessionEnd) {
    row = SessionRow(session, at: end.moment)
    code = end.close.code
    reason = end.close.reason
    by = end.close.initiator
    actor = end.close.act?.actor
    act = end.close.act?.number
    closedAt = end.moment.seconds
  }
}

extension HistoryEntry {
  /// The longest query that the history keeps, in bytes.
  private static let maximumQueryByteCount = 1024

  /// The entry of a session that is gone.
  init(_ session: ClosedSessions.Entry, run: String) {
    self.init(
      SessionRow(session.session, at: session.end.moment), at: session.end.moment.seconds,
      run: run,
      query: session.shown.query?.cut(to: Self.maximumQueryByteCount),
      subprotocol: session.shown.subprotocol, listener: session.shown.listener)
  }
}

/// The sessions closed last: the answer to `GET /v1/closed`.
struct ClosedList: Codable, Equatable, Sendable {
  /// The engine's run.
  var engine: String
  /// How many are kept.
  var total: Int
  /// The newest first.
  var sessions: [ClosedRow]
}

/// The sessions that were closed last, each as it was at its end.
struct ClosedSessions {
  /// How many are kept.
  static let capacity = 10_000

  /// A session that is gone; a reference, since questions pass thousands of them around.
  final class Entry: Sendable {
    let profile: SessionProfile
    let sample: SessionSample
    let end: SessionEnd
    let tags: [SessionTag]

    /// The entry of a session.
    ///
    /// - Parameters:
    ///   - redaction: removes the secrets, which are not kept.
    ///   - moment: now, by which the wall clock at its end is known.
    init(
      _ session: ClosedSession, _ profile: SessionProfile, redaction: Redaction, at moment: Moment
    ) {
      self.profile = profile.condensed(by: redaction)
      tags = session.tags
      end = SessionEnd(
        close: session.close,
        moment: Moment(
          instant: session.closedAt, seconds: moment.wallSeconds(at: session.closedAt),
          timeline: moment.timeline))
      sample =
        session.sample
        ?? SessionSample(
          unknown: SessionIdentity(
            id: session.id, openedAt: session.closedAt, route: nil),
          at: end.moment.instant)
    }

    /// The profile as it is shown; no secret was kept.
    var shown: ShownProfile { ShownProfile(profile, redaction: .off) }

    /// The session as the observer knows it.
    var session: ObservedSession {
      ObservedSession(profile: shown, sample: sample, tags: tags, end: end)
    }
  }

  private var entries = Ring<Entry>(capacity: capacity)

  /// Keeps a session that is gone.
  mutating func append(_ entry: Entry) { entries.append(entry) }

  /// How many are kept now.
  var count: Int { entries.count }

  /// One of them, by its place; 0 is the oldest.
  subscript(place: Int) -> Entry { entries[place] }

  /// The newest entries, the newest first.
  func newest(_ count: Int) -> [ClosedRow] { newest(0..<min(max(count, 0), entries.count)) }

  /// Some entries by their places, of which 0 is the newest's.
  func newest(_ places: Range<Int>) -> [ClosedRow] {
    places.map { place in
      let entry = entries[entries.count - 1 - place]
      return ClosedRow(entry.session, entry.end)
    }
  }

  /// The session as it was kept.
  func session(_ id: SessionID) -> ObservedSession? {
    entries.last { $0.profile.id == id }?.session
  }

  /// The row of a session.
  func row(of id: SessionID) -> ClosedRow? {
    session(id).flatMap { session in session.end.map { ClosedRow(session, $0) } }
  }
}
