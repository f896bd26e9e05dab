/// What is opened on top of a screen, and closed by going back.
package enum Page: Equatable, Sendable {
  /// All that is known of one session.
  case details(DetailsPage)
  /// The messages of sessions.
  case tap(TapPage)
  /// The keys, those of a place first.
  case help(of: Place, ListPosition)

  /// Where keys go while the page is the topmost thing.
  package var place: Place {
    switch self {
    case .details: .details
    case .tap: .tap
    case .help: .help
    }
  }
}
