/// Bytes as their difference from other bytes, made of literals and copies from either.
///
/// It is meant for successive JSON texts of one table, of which few numbers differ: a text takes a
/// tenth of its length or less. Without others to differ from, a text is made of copies of itself.
///
///     difference := ( literal count, literals, copy count, copy position )*
///
/// Numbers are written in base 128, the least significant digit first (LEB128). A position counts
/// from the start of the base, behind whose end the text itself begins.
enum BytesDelta {
  /// The shortest copy; a shorter one takes as much as its literals.
  private static let shortestCopy = 8
  /// The bits of an index into the tables of places.
  private static let indexBits = 15

  /// The difference of a text from a base.
  ///
  /// - Complexity: O(*n*) in both lengths, for texts that copy long runs.
  static func encode(_ text: [UInt8], from base: [UInt8]) -> [UInt8] {
    let source = base + text
    var basePlaces = [Int32](repeating: -1, count: 1 << indexBits)
    var textPlaces = basePlaces
    for place in stride(from: 0, to: base.count - shortestCopy, by: 2) {
      basePlaces[index(of: place, in: source)] = Int32(truncatingIfNeeded: place)
    }
    var result: [UInt8] = []
    var literals = base.count..<base.count
    // `aligned` is where the base goes on after the last copy from it, if only numbers differ.
    var aligned = 0
    var at = base.count
    while at < source.count {
      let copy = longestCopy(
        at: at, aligned: aligned, in: source, base.count, basePlaces, textPlaces)
      guard let copy else {
        if at + shortestCopy <= source.count {
          textPlaces[index(of: at, in: source)] = Int32(truncatingIfNeeded: at)
        }
        at += 1
        aligned += 1
        literals = literals.lowerBound..<at
        continue
      }
      append(literals.count, to: &result)
      result += source[literals]
      append(copy.count, to: &result)
      append(copy.lowerBound, to: &result)
      let end = at + copy.count
      for place in stride(from: at, to: min(end, source.count - shortestCopy), by: 4) {
        textPlaces[index(of: place, in: source)] = Int32(truncatingIfNeeded: place)
      }
      at = end
      literals = end..<end
      if copy.lowerBound < base.count { aligned = copy.upperBound } else { aligned += copy.count }
    }
    append(literals.count, to: &result)
    result += source[literals]
    return result
  }

  /// The text of a difference; nil if that is not one from this base, or the text would be longer
  /// than a limit.
  static func decode(_ difference: [UInt8], from base: [UInt8], upTo limit: Int) -> [UInt8]? {
    var source = base
    var at = 0
    while at < difference.count {
      guard let literalCount = number(in: difference, &at), literalCount <= difference.count - at,
        literalCount <= base.count + limit - source.count
      else { return nil }
      source += difference[at..<(at + literalCount)]
      at += literalCount
      guard at < difference.count else { break }
      guard let count = number(in: difference, &at), let place = number(in: difference, &at),
        place < source.count, count <= base.count + limit - source.count
      else { return nil }
      // A copy may go on into what it makes.
      for offset in 0..<count { source.append(source[place + offset]) }
    }
    return Array(source[base.count...])
  }

  private static func longestCopy(
    at: Int, aligned: Int, in source: [UInt8], _ baseCount: Int, _ basePlaces: [Int32],
    _ textPlaces: [Int32]
  ) -> Range<Int>? {
    guard at + shortestCopy <= source.count else { return nil }
    let index = index(of: at, in: source)
    var best: Range<Int>?
    func look(_ place: Int) {
      guard place >= 0, place < at else { return }
      var count = 0
      while at + count < source.count, source[place + count] == source[at + count] { count += 1 }
      if count >= shortestCopy, count > best?.count ?? 0 { best = place..<(place + count) }
    }
    for shift in -2...2 where aligned + shift < baseCount { look(aligned + shift) }
    look(Int(basePlaces[index]))
    look(Int(textPlaces[index]))
    return best
  }

  /// The index of the bytes at a place into the tables: their hash.
  private static func index(of place: Int, in source: [UInt8]) -> Int {
    var word: UInt64 = 0
    for offset in 0..<shortestCopy { word = word << 8 | UInt64(source[place + offset]) }
    return Int((word &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - indexBits))
  }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    var rest = UInt(number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private static func number(in bytes: [UInt8], _ at: inout Int) -> Int? {
    var number: UInt = 0
    var shift: UInt = 0
    while at < bytes.count, shift < 56 {
      let byte = bytes[at]
      at += 1
      number |= UInt(byte & 0x7F) << shift
      if byte < 0x80 { return Int(number) }
      shift += 7
    }
    return nil
  }
}
