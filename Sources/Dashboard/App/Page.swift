package import ControlProtocol

/// What is opened on top of a screen, and closed by going back.
package enum Page: Equatable, Sendable {
  /// All that is known of one session.
  case details(DetailsPage)
  /// All that is kept of an entry of the history.
  case entry(HistoryEntry, ListPosition)
  /// The messages of sessions.
  case tap(TapPage)
  /// The keys, those of a place first.
  case help(of: Place, ListPosition)
  /// Text with a title, such as the help of a command.
  case text(String, [String], ListPosition)

  /// Where keys go while the page is the topmost thing.
  package var place: Place {
    switch self {
    case .details: .details
    case .entry: .entry
    case .tap: .tap
    case .help, .text: .help
    }
  }
}
