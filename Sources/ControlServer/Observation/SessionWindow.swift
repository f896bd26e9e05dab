internal import ControlProtocol
internal import EventLoop
internal import Vocabulary

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

  /// Adds the rows that a list of the window lacks, until a moment; says whether it has all.
  func addRows(to list: inout SessionList, until deadline: Instant) -> Bool {
    while list.sessions.count < sessions.count {
      let begin = list.sessions.count
      list.sessions += rows(begin..<min(begin + ListAnswer.sliceRowCount, sessions.count))
      if SystemClock.monotonic() >= deadline { break }
    }
    return list.sessions.count == sessions.count
  }

  /// The window without its rows.
  func frame(run: String) -> SessionList {
    var list = SessionList(engine: run, total: total, offset: offset, sessions: [])
    list.place = place
    list.hasRates = hasRates
    return list
  }
}
