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
  public var usesRates: Bool {
    terms.contains { if case .number(let key, _, _) = $0.test { key.isRate } else { false } }
  }

  /// Whether a term looks at a key of texts.
  public func uses(_ key: FilterTextKey) -> Bool {
    terms.contains { if case .text(key, _) = $0.test { true } else { false } }
  }

  /// The first key that only sessions that are closed have: `code`, `who` or `closed`; nil if no term
  /// looks at one.
  public var keyOfClosed: String? {
    for term in terms {
      switch term.test {
      case .closedBy: return FilterKey.who.name
      case .number(.code, _, _): return FilterNumberKey.code.rawValue
      case .number(.closed, _, _): return FilterNumberKey.closed.rawValue
      default: continue
      }
    }
    return nil
  }

  /// The terms that look at what handlers change of a session: its rooms and tags.
  public var ofRoomsAndTags: SessionFilter {
    SessionFilter(
      terms: terms.filter { term in
        switch term.test {
        case .text(.room, _), .text(.tag, _), .number(.rooms, _, _): true
        default: false
        }
      })
  }

  /// Whether a term looks at the rooms that a session is in.
  public var looksAtRooms: Bool {
    terms.contains { term in
      switch term.test {
      case .text(.room, _), .number(.rooms, _, _): true
      default: false
      }
    }
  }

  /// Whether a term looks at a text that a client chose, which may be long.
  public var looksAtTexts: Bool {
    terms.contains { if case .text = $0.test { true } else { false } }
  }

  /// The text of the filter that a key with exactly a text matches, whatever is in that.
  public static func text(_ key: FilterTextKey, equals text: String) -> String {
    "\(key.rawValue)=\(TextPattern(literal: text).quoted)"
  }

  /// Whether its terms look only at what is known of a session from its opening on, so that a
  /// session that does not match when it is opened never will.
  public var isSettledAtOpening: Bool {
    terms.allSatisfy { term in
      switch term.test {
      case .flag(let flag): flag == .tls || flag == .compressed
      case .id, .idText, .address: true
      case .text(let key, _): key != .room && key != .tag
      case .number(let key, _, _): key == .port
      case .state, .closedBy: false
      }
    }
  }

  /// Whether all terms hold for a session.
  ///
  /// - Parameter now: The time in seconds since 1970, which ages are measured against.
  /// - Complexity: O(*n*) in the number of terms and the length of the texts they look at.
  @inlinable
  public func matches(_ subject: some SessionFilterSubject, now: Double) -> Bool {
    for term in terms where !term.matches(subject, now: now) { return false }
    return true
  }

  /// The filter in canonical form, which parses to an equal filter.
  public var description: String {
    terms.map(\.text).joined(separator: " ")
  }
}
