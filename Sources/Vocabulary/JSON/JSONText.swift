/// Checks that a text is JSON (RFC 8259), and says where it is not.
///
/// It reads the bytes once, decodes nothing and does not recurse, so that a text from anybody costs
/// time and memory in proportion to its length, whatever the stack. A decoder that would do worse
/// is called only for a text that has passed.
public enum JSONText {
  /// The first fault in a text: its place, and the expectation that is not met there.
  public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The column from 1, counted in characters of Unicode over the whole text.
    public var column: Int
    /// The expectation, as a clause such as `a value is wanted`.
    public var expectation: String

    /// The sentence for a person.
    public var description: String { "no JSON at column \(column): \(expectation)" }
  }

  /// How deep arrays and objects may lie in each other in a text that is only passed on.
  public static let maximumDepth = 512

  /// How deep they may lie in each other in a text that is decoded: decoders recurse, and the work
  /// of some grows with the depth.
  public static let maximumDecodedDepth = 64

  /// Checks a text.
  ///
  /// - Complexity: O(*n*) in its bytes.
  /// - Throws: `Fault` for the first thing that is wrong.
  public static func check(
    _ text: String, maximumDepth: Int = maximumDepth
  ) throws(Fault) {
    var text = text
    text.makeContiguousUTF8()
    try checkText(text.utf8Span.span, maximumDepth: maximumDepth)
  }

  /// Checks bytes, which have to be UTF-8 too.
  ///
  /// - Complexity: O(*n*)
  /// - Throws: `Fault` for the first thing that is wrong.
  public static func check(
    _ bytes: Span<UInt8>, maximumDepth: Int = maximumDepth
  ) throws(Fault) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes)
    } catch {
      throw Fault(at: error.byteOffsets.lowerBound, in: bytes, "it is not UTF-8")
    }
    try checkText(bytes, maximumDepth: maximumDepth)
  }

  private static func checkText(_ bytes: Span<UInt8>, maximumDepth: Int) throws(Fault) {
    var scanner = JSONScanner(maximumDepth: maximumDepth)
    scanner.skipSpace(bytes)
    try scanner.value(bytes)
    scanner.skipSpace(bytes)
    guard scanner.cursor == bytes.count else {
      throw scanner.fault("nothing may follow the value", in: bytes)
    }
  }
}

extension JSONText.Fault {
  /// A fault at a byte.
  init(at offset: Int, in bytes: Span<UInt8>, _ expectation: String) {
    var scalarCount = 0
    // Continuation bytes of UTF-8 begin no scalar.
    for index in 0..<min(offset, bytes.count) where bytes[index] & 0xC0 != 0x80 { scalarCount += 1 }
    self.init(column: scalarCount + 1, expectation: expectation)
  }
}
