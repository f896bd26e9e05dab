internal import ControlProtocol
internal import Vocabulary

/// The tokens of dry runs: each lets one act of its kind begin with its filter, for a while.
struct PreviewTokens {
  /// How long a token is valid: a person may think about a reason.
  static let lifetime = Duration.seconds(600)
  /// How many are kept; the oldest are dropped first.
  static let maximumCount = 256

  /// The reason for which a token does not let an act begin.
  enum Refusal: Error, Equatable {
    /// It was never given, or has been used, or was pushed out by others.
    case unknown
    /// It is over ten minutes old.
    case expired
    /// It was given for another act or filter.
    case otherAct
  }

  private struct Entry {
    var token: UTF8Name
    var kind: ActStatus.Kind
    var filter: UTF8Name
    var count: Int
    var expiresAt: Instant
  }

  private var entries: [Entry] = []

  /// Gives a token for an act of a kind by a filter, in canonical form, that would hit so many.
  mutating func issue(
    _ kind: ActStatus.Kind, filter: String, count: Int, at now: Instant
  ) -> String {
    if entries.count == Self.maximumCount { entries.removeFirst() }
    // A token need not be hard to guess, but should not meet another's by chance.
    var generator = SystemRandomNumberGenerator()
    let token = (0..<2).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
    entries.append(
      Entry(
        token: UTF8Name(token), kind: kind, filter: UTF8Name(filter), count: count,
        expiresAt: now.advanced(by: Self.lifetime)))
    return token
  }

  /// Uses a token up, and gives how many sessions its dry run had counted.
  mutating func use(
    _ token: String, for kind: ActStatus.Kind, filter: String, at now: Instant
  ) throws(Refusal) -> Int {
    guard let index = entries.firstIndex(where: { $0.token == UTF8Name(token) }) else {
      throw .unknown
    }
    let entry = entries[index]
    guard entry.kind == kind, entry.filter == UTF8Name(filter) else { throw .otherAct }
    entries.remove(at: index)
    guard now < entry.expiresAt else { throw .expired }
    return entry.count
  }
}
