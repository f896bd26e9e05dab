/// The known name that a misspelt one was most likely meant to be.
public enum NearestName {
  /// The longest name that is compared with known ones, in bytes.
  private static let maximumByteCount = 64

  /// The most similar of some names; nil if none is similar.
  ///
  /// Case and the marks between words do not count; of equally similar names it is the first.
  public static func of(_ name: String, among known: [String]) -> String? {
    guard name.utf8.count <= maximumByteCount else { return nil }
    let letters = letters(name)
    let tolerance = max(1, letters.count / 3)
    let candidates = known.map { ($0, distance(letters, Self.letters($0))) }
    let best = candidates.min { $0.1 < $1.1 }
    guard let best, best.1 <= tolerance, best.1 < max(letters.count, 1) else {
      guard letters.count > 1 else { return nil }
      return known.first { Self.letters($0).starts(with: letters) }
    }
    return best.0
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
