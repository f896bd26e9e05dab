/// Where the keys go: the topmost of dialog, page and screen.
package enum Place: Hashable, CaseIterable, Sendable {
  case sessions, traffic, closes, limits, rooms, log, history
  case details, entry, tap, help
  case tapLine, filterLine, commandLine, sortPicker, closeDialog, sendDialog, limitDialog
  case confirmDialog
  case columnDialog, findLine

  /// The place's name in the help.
  package var title: String {
    switch self {
    case .sessions: "Sessions"
    case .traffic: "Traffic"
    case .closes: "Closes"
    case .limits: "Limits"
    case .rooms: "Rooms"
    case .log: "Log"
    case .history: "History"
    case .details: "Details"
    case .entry: "Entry of the history"
    case .tap: "Tap"
    case .tapLine: "Line of the tap"
    case .help: "Help"
    case .filterLine: "Filter line"
    case .commandLine: "Command line"
    case .sortPicker: "Sort"
    case .closeDialog: "Close dialog"
    case .sendDialog: "Send dialog"
    case .limitDialog: "Limit dialog"
    case .confirmDialog: "Question"
    case .columnDialog: "Columns"
    case .findLine: "Search line"
    }
  }

  /// The screens at the top.
  package static let screens: Set<Place> = [
    .sessions, .traffic, .closes, .limits, .rooms, .log, .history,
  ]
  /// The places where letters are commands.
  package static let commanded: Set<Place> = screens.union([.details, .entry, .tap, .help])
  /// The places whose text can be searched.
  package static let searched: Set<Place> = [.log, .details, .entry, .help]
  /// The dialogs with fields and buttons.
  package static let forms: Set<Place> = [.closeDialog, .sendDialog, .limitDialog, .confirmDialog]
  /// The lines with one field.
  package static let lines: Set<Place> = [.filterLine, .commandLine, .tapLine, .findLine]
  /// Everywhere.
  package static let everywhere = Set(allCases)
}
