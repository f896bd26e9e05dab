package import ControlProtocol
import Vocabulary

/// The page of a tap: the messages of a session, or of all sessions that match, as they pass.
package struct TapPage: Equatable, Sendable {
  /// The tapped sessions.
  package var subject: TapRequest.Subject
  /// The filter of messages.
  package var options = TapOptions()
  /// The messages so far.
  package var scrollback = TapScrollback()
  /// Whether the list is paused.
  package var isPaused = false
  /// The view of payloads.
  package var view = PayloadView.text
  /// The scroll position of the payload that takes the whole page; nil: none does.
  package var zoom: ListPosition?
  /// The search in the list; empty for none.
  package var search = ""
  /// The number of tapped sessions.
  package var sessionCount = 0
  /// The state of the tap.
  package var state = State.connecting

  /// The states of a tap.
  package enum State: Equatable, Sendable {
    /// It has not answered yet.
    case connecting
    /// Messages come.
    case running
    /// It has ended, for a reason that is safe to draw.
    case ended(String)
  }

  /// The choices of kinds for one key.
  package enum KindChoice: String, CaseIterable, Sendable {
    case all, text, binary, control

    var kinds: [TapKind]? {
      switch self {
      case .all: nil
      case .text: [.text]
      case .binary: [.binary]
      case .control: [.ping, .pong, .close]
      }
    }
  }

  /// A tap that has not begun.
  package init(_ subject: TapRequest.Subject) {
    self.subject = subject
  }

  /// The tap to ask for; nil once it has ended.
  package var request: TapRequest? {
    if case .ended = state { return nil }
    return TapRequest(subject, options: options)
  }

  /// The kinds of messages that are shown.
  package var kindChoice: KindChoice {
    KindChoice.allCases.first { $0.kinds == options.kinds } ?? .all
  }

  /// Whether messages of more than one session can be shown.
  package var namesSessions: Bool {
    if case .filter = subject { true } else { false }
  }

  /// Shows the next choice of directions: both, in, out.
  package mutating func cycleDirection() {
    switch options.direction {
    case nil: options.direction = .in
    case .in: options.direction = .out
    case .out: options.direction = nil
    }
  }

  /// The rows of the list; the page's others are for the payload under the cursor.
  package static func listRows(of bodyRows: Int) -> Int {
    bodyRows >= 10 ? bodyRows - bodyRows / 2 : bodyRows
  }
}

/// The views of payloads.
package enum PayloadView: String, CaseIterable, Sendable {
  case text, json, hex

  /// Its name.
  package var title: String { self == .json ? "JSON" : rawValue }
}

/// The lines at the bottom of a tap.
package enum TapField: Hashable, Sendable {
  /// The text to search for in the list.
  case search
  /// The text that messages must contain, or must not.
  case text
  /// The sizes of messages, such as `1KiB..64KiB`.
  case sizes

  /// The label before the line.
  package var prompt: String {
    switch self {
    case .search: "search: "
    case .text: "only with text, or !text for those without: "
    case .sizes: "only of size, as 1KiB..64KiB: "
    }
  }
}

extension TapOptions {
  /// The sizes as they are typed; empty for any.
  package var sizesText: String {
    if minimumBytes == nil, maximumBytes == nil { return "" }
    return (minimumBytes.map(QuantityText.exactBytes) ?? "") + ".."
      + (maximumBytes.map(QuantityText.exactBytes) ?? "")
  }

  /// The options with typed sizes; nil if they are invalid.
  package func withSizes(_ text: String) -> TapOptions? {
    var options = self
    options.minimumBytes = nil
    options.maximumBytes = nil
    let trimmed = text.filter { $0 != " " }
    guard !trimmed.isEmpty else { return options }
    guard let dots = trimmed.firstRange(of: "..") else {
      guard let count = QuantityText.bytes(from: trimmed) else { return nil }
      options.minimumBytes = count
      return options
    }
    let ends = [trimmed[..<dots.lowerBound], trimmed[dots.upperBound...]].map(String.init)
    let counts = ends.map { QuantityText.bytes(from: $0) }
    for (end, count) in zip(ends, counts) where !end.isEmpty && count == nil { return nil }
    options.minimumBytes = counts[0]
    options.maximumBytes = counts[1]
    return (try? options.checked()) == nil ? nil : options
  }
}
