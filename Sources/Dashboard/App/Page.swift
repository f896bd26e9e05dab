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

  /// How far the page's text is scrolled; nil: it is no text, and no position can be set.
  var position: ListPosition? {
    get {
      switch self {
      case .details(let page): page.position
      case .entry(_, let position), .help(_, let position), .text(_, _, let position): position
      case .tap: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .details(var page):
        page.position = newValue
        self = .details(page)
      case .entry(let entry, _): self = .entry(entry, newValue)
      case .help(let place, _): self = .help(of: place, newValue)
      case .text(let title, let lines, _): self = .text(title, lines, newValue)
      case .tap: break
      }
    }
  }

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
