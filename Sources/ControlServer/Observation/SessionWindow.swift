internal import ControlProtocol

/// The part of the sorted, filtered table that a question asks for; its rows are made when they
/// are asked for.
struct SessionWindow {
  /// How many sessions the filter matches.
  var total: Int
  /// Where the window begins.
  var offset: Int
  /// The sessions of the window, sorted.
  var sessions: [ObservedSession]
  /// When they were looked at.
  var moment: Moment
  /// The place of the session that was to be located; nil if it is not among those that match.
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
