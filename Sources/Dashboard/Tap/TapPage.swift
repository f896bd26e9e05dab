package import ControlProtocol
import Vocabulary

/// The page of a tap: the messages of a session, or of those that match, as they pass.
package struct TapPage: Equatable, Sendable {
  /// Whose messages are shown.
  package var subject: TapRequest.Subject
  /// Which of them.
  package var options = TapOptions()
  /// What was shown.
  package var scrollback = TapScrollback()
  /// Whether nothing moves.
  package var isPaused = false
  /// How payloads are shown.
  package var view = PayloadView.text
  /// Whether the payload under the cursor takes the whole page, and how far it is scrolled.
  package var zoom: ListPosition?
  /// What is searched for.
  package var search = ""
  /// How many sessions are tapped.
  package var sessionCount = 0
  /// How things stand with the engine.
  package var state = State.connecting

  /// How things stand with the engine.
  package enum State: Equatable, Sendable {
    /// It has not answered yet.
    case connecting
    /// Messages come.
    case running
    /// It is over, and why; already fit to be drawn.
    case ended(String)
  }

  /// Which kinds of messages can be chosen with one key.
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

  /// The tap to ask for; nil once it is over.
  package var request: TapRequest? {
    if case .ended = state { return nil }
    return TapRequest(subject, options: options)
  }

  /// Which kinds are shown.
  package var kindChoice: KindChoice {
    KindChoice.allCases.first { $0.kinds == options.kinds } ?? .all
  }

  /// Whether more than one session can be in it.
  package var namesSessions: Bool {
    if case .filter = subject { true } else { false }
  }

  /// Shows other directions: both, in, out and around.
  package mutating func cycleDirection() {
    switch options.direction {
    case nil: options.direction = .in
    case .in: options.direction = .out
    case .out: options.direction = nil
    }
  }

  /// How many rows of a page show the list; the others show the payload under the cursor.
  package static func listRows(of bodyRows: Int) -> Int {
    bodyRows >= 10 ? bodyRows - bodyRows / 2 : bodyRows
  }
}

/// How payloads are shown.
package enum PayloadView: String, CaseIterable, Sendable {
  case text, json, hex

  /// Its name.
  package var title: String { self == .json ? "JSON" : rawValue }
}

/// What is typed in a line at the foot of a tap.
package enum TapField: Hashable, Sendable {
  /// What to search for in what was shown.
  case search
  /// What the messages must contain.
  case text
  /// How large they must be, such as `1KiB..64KiB`.
  case sizes

  /// What stands before the line.
  package var prompt: String {
    switch self {
    case .search: "search: "
    case .text: "only with text: "
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

  /// The options with sizes as they were typed; nil if they make no sense.
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
