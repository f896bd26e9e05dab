internal import Vocabulary

/// A filter of sessions: terms that must all hold, such as
/// `route=/ws/chat* addr=10.0.0.0/8 idle>5m in.bytes>1MiB !tls`.
///
/// The grammar is the same on the console, the command line and the control API (design.md §7). A
/// term is a flag, or a key, an operator and a value; `!` negates it. `~` means "contains" in
/// whatever case, `*` any run of characters; values with spaces stand in double quotes, in which
/// `\"`, `\\` and `\*` mean the characters themselves.
///
/// A term about something that a session has not, such as a tag or a close code, does not hold, and
/// its negation does: `tag!=vip` means those without any tag as well. A term about something that is
/// not known yet, such as the round trip before the first pong, does not hold, nor does its negation.
public struct SessionFilter: Equatable, Sendable, CustomStringConvertible {
  /// The most bytes that a filter's text has.
  public static let maximumByteCount = 1024
  /// The most terms that a filter has.
  public static let maximumTermCount = 32

  @usableFromInline let terms: [FilterTerm]
  /// Whether whoever asks may look at what is redacted for others; that is no part of the text.
  public var seesSecrets = false

  /// The filter that matches every session.
  public init() {
    terms = []
  }

  private init(terms: [FilterTerm]) {
    self.terms = terms
  }

  /// The filter that a text means.
  ///
  /// - Throws: `FilterError`, which says where the text goes wrong and what would be right.
  public init(_ text: String) throws(FilterError) {
    var parser = FilterParser(text)
    terms = try parser.parse()
  }

  /// Whether the filter matches every session.
  public var isEmpty: Bool { terms.isEmpty }

  /// Whether a term looks at what sessions did in the last second.
  public var usesRates: Bool { terms.contains { $0.field.isRate } }

  /// Whether a term looks at a field.
  public func uses(_ field: SessionField) -> Bool { terms.contains { $0.field == field } }

  /// The first key that only sessions that are closed have: `code`, `who` or `closed`; nil if no term
  /// looks at one.
  public var keyOfClosed: String? {
    terms.first { $0.field.definition.origin == .ending }?.field.rawValue
  }

  /// The terms that look at what handlers change of a session: its rooms and tags.
  public var ofRoomsAndTags: SessionFilter {
    SessionFilter(terms: terms.filter { $0.field.definition.origin == .handlers })
  }

  /// Whether a term looks at the rooms that a session is in.
  public var looksAtRooms: Bool { uses(.room) || uses(.rooms) }

  /// Whether a term looks at a text that a client chose, which may be long.
  public var looksAtTexts: Bool {
    terms.contains { if case .text = $0.test { true } else { false } }
  }

  /// Whether a term asks for the mark that is shown in the place of a secret.
  public var namesRedactions: Bool {
    terms.contains {
      if case .text(let pattern) = $0.test {
        pattern.literals.contains(where: Redaction.hasMark)
      } else {
        false
      }
    }
  }

  /// The text of the filter that a field with exactly a text matches, whatever is in that.
  public static func text(_ field: SessionField, equals text: String) -> String {
    "\(field.rawValue)=\(TextPattern(literal: text).quoted)"
  }

  /// Whether its terms look only at what is known of a session from its opening on, so that a
  /// session that does not match when it is opened never will.
  public var isSettledAtOpening: Bool {
    terms.allSatisfy { $0.field.definition.origin == .opening }
  }

  /// Whether all terms hold for a session.
  ///
  /// - Parameter now: The time in seconds since 1970, which ages are measured against.
  /// - Complexity: O(*n*) in the number of terms and the length of the texts they look at.
  @inlinable
  public func matches(_ subject: some SessionFieldSubject, now: Double) -> Bool {
    for term in terms where !term.matches(subject, now: now) { return false }
    return true
  }

  /// The filter in canonical form, which parses to an equal filter.
  public var description: String {
    terms.map(\.text).joined(separator: " ")
  }
}
