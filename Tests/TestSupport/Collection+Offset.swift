extension Collection {
  /// The element at a number of places behind the first.
  ///
  /// For what a program said: a subscript beyond the end would end all tests.
  ///
  /// - Throws: `NoElement`, with all that is there.
  package func at(_ offset: Int) throws -> Element {
    guard offset >= 0, let index = index(startIndex, offsetBy: offset, limitedBy: endIndex),
      index < endIndex
    else { throw NoElement(description: "no element \(offset) of \(count): \(self)") }
    return self[index]
  }

  /// The elements at some places behind the first.
  ///
  /// - Throws: `NoElement`, with all that is there, unless it has all of them.
  package func at(_ offsets: Range<Int>) throws -> SubSequence {
    guard offsets.lowerBound >= 0, offsets.upperBound <= count else {
      throw NoElement(description: "no elements \(offsets) of \(count): \(self)")
    }
    return dropFirst(offsets.lowerBound).prefix(offsets.count)
  }
}

/// A collection is shorter than a test wants.
package struct NoElement: Error, CustomStringConvertible {
  package var description: String
}
