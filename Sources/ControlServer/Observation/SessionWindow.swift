internal import ControlProtocol

/// The part of the sorted, filtered table that a question asks for; its rows are made on demand.
struct SessionWindow {
  /// How many sessions the filter matches.
  var total: Int
  /// The place at which the window begins.
  var offset: Int
  /// The sessions of the window, sorted.
  var sessions: [ObservedSession]
  /// The time at which they were looked at.
  var moment: Moment
  /// The place of the session to locate; nil if it does not match.
  var place: Int?
  /// Whether the rates are known; nil if they were not asked for.
  var hasRates: Bool?

  /// The rows of a part of the window.
  func rows(_ range: Range<Int>) -> [SessionRow] {
    sessions[range].map { SessionRow($0, at: moment) }
  }

  /// The whole window as the API sends it.
  func list(run: String) -> SessionList {
    var list = frame(run: run)
    list.sessions = rows(sessions.indices)
    return list
  }

  /// The window without its rows.
  func frame(run: String) -> SessionList {
    var list = SessionList(engine: run, total: total, offset: offset, sessions: [])
    list.place = place
    list.hasRates = hasRates
    return list
  }
}
