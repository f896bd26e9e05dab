public import Vocabulary

/// One term of a filter: a test, perhaps negated.
@usableFromInline
struct FilterTerm: Equatable, Sendable {
  @usableFromInline var isNegated: Bool
  /// The field that it looks at.
  @usableFromInline var field: SessionField
  @usableFromInline var test: Test
  /// The term in canonical form.
  var text: String

  @usableFromInline
  enum Test: Equatable, Sendable {
    case flag
    case id(SessionID)
    case idText(TextPattern)
    case state(SessionState)
    case closedBy(TextPattern)
    case text(TextPattern)
    case address(AddressBlock)
    case number(Comparison, Double)
  }

  @usableFromInline
  enum Comparison: Sendable {
    case equal, greater, less, greaterOrEqual, lessOrEqual
  }

  @inlinable
  func matches(_ subject: some SessionFieldSubject, now: Double) -> Bool {
    // `holds` is nil where the value is unknown: then neither the term nor its negation holds.
    guard let holds = holds(for: subject, now: now) else { return false }
    return holds != isNegated
  }

  /// Whether the test holds; nil if what it looks at is not known yet.
  @inlinable
  func holds(for subject: some SessionFieldSubject, now: Double) -> Bool? {
    switch test {
    case .flag: return subject.flag(field)
    case .id(let id): return subject.id == id
    case .idText(let pattern): return pattern.matches(subject.id.description.utf8.span)
    case .state(let state): return subject.state == state
    case .closedBy(let pattern):
      guard let initiator = subject.closeInitiator else { return false }
      // `who=limit` means whichever limit.
      return pattern.matches(initiator.description.utf8.span)
        || pattern.matches(initiator.kind.rawValue.utf8.span)
    case .text(let pattern): return subject.hasText(field) { pattern.matches($0) }
    case .address(let block): return subject.ipAddress.map(block.contains) ?? false
    case .number(let comparison, let bound):
      let number: Double
      switch subject.number(field, now: now) {
      case .whole(let value): number = Double(value)
      case .value(let value): number = value
      case .absent: return false
      case .unknown: return nil
      }
      switch comparison {
      case .equal: return number == bound
      case .greater: return number > bound
      case .less: return number < bound
      case .greaterOrEqual: return number >= bound
      case .lessOrEqual: return number <= bound
      }
    }
  }
}
