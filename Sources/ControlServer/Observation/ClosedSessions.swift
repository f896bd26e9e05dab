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
  /// Who closed it.
  var by: CloseInitiator
  /// When its connection was gone, in seconds since 1970.
  var closedAt: Double
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

/// The sessions that were closed last.
struct ClosedSessions {
  /// How many are kept.
  static let capacity = 10_000

  private var rows = Ring<ClosedRow>(capacity: capacity)

  /// Keeps a session that is gone.
  mutating func append(_ session: ClosedSession, _ profile: SessionProfile, at moment: Moment) {
    rows.append(
      ClosedRow(
        row: SessionRow(closed: session, profile, at: moment), code: session.close.code,
        reason: session.close.reason, by: session.close.initiator, closedAt: session.closedAt))
  }

  /// How many are kept now.
  var count: Int { rows.count }

  /// The newest ones, the newest first.
  func newest(_ count: Int) -> [ClosedRow] { rows.suffix(count).reversed() }

  /// What is kept of a session.
  func row(of id: SessionID) -> ClosedRow? { rows.last { $0.row.id == id } }
}
