package import ControlProtocol

/// A page on top of a screen, closed by going back.
package enum Page: Equatable, Sendable {
  /// All fields of one session.
  case details(DetailsPage)
  /// All fields of an entry of the history.
  case entry(HistoryEntry, ListPosition)
  /// The messages of sessions.
  case tap(TapPage)
  /// The keys, those of one context first.
  case help(of: KeyContext, ListPosition)
  /// Text with a title, such as the help of a command.
  case text(String, [String], ListPosition)

  /// The scroll position of the page's text; nil: the page has no text, and none can be set.
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
      case .help(let context, _): self = .help(of: context, newValue)
      case .text(let title, let lines, _): self = .text(title, lines, newValue)
      case .tap: break
      }
    }
  }

  /// The context of keys while the page is topmost.
  package var keyContext: KeyContext {
    switch self {
    case .details: .details
    case .entry: .entry
    case .tap: .tap
    case .help, .text: .help
    }
  }
}
