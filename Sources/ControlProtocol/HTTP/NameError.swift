internal import Vocabulary

/// An unknown name in a request, with the nearest known one.
///
/// Requests that act refuse unknown names: a misspelt `dryRun` would otherwise be an act.
package struct NameError {
  /// The kind of the name.
  enum Kind: String {
    /// A field of a body.
    case field
    /// A parameter of a query.
    case parameter
  }

  /// The longest name that is compared with known ones, in bytes.
  private static let maximumByteCount = 64

  private let name: String
  private let known: [String]

  /// The error of an unknown name.
  package init(_ name: String, among known: [String]) {
    self.name = name
    self.known = known
  }

  /// The most similar known name; nil if none is similar.
  package var nearest: String? {
    guard name.utf8.count <= Self.maximumByteCount else { return nil }
    let letters = Self.letters(name)
    let tolerance = max(1, letters.count / 3)
    let candidates = known.map { ($0, Self.distance(letters, Self.letters($0))) }
    let best = candidates.min { $0.1 < $1.1 }
    guard let best, best.1 <= tolerance else {
      guard letters.count > 1 else { return nil }
      return known.first { Self.letters($0).starts(with: letters) }
    }
    return best.0
  }

  /// The refusal.
  func error(_ kind: Kind) -> ControlError {
    let shown = UntrustedText.escaped(name, limit: 64)
    let advice =
      if let nearest {
        "the nearest is \(nearest)"
      } else if known.isEmpty {
        "the request takes none"
      } else {
        "the \(kind.rawValue)s are \(known.joined(separator: " "))"
      }
    return ControlError(
      code: "unknown-\(kind.rawValue)",
      message: "no \(kind.rawValue) is called \"\(shown)\"; \(advice)")
  }

  /// The letters that are compared, without case and marks between words.
  private static func letters(_ name: String) -> [UInt8] {
    name.utf8.compactMap { byte in
      switch byte {
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: " "): nil
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      default: byte
      }
    }
  }

  /// The number of letters to insert, delete or replace, and of neighbours to swap.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var cost = min(
          last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
