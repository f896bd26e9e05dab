/// Input that was read and not consumed, gone on with where it lies.
struct KeptInput {
  /// All bytes that were kept.
  private(set) var bytes: [UInt8] = []
  /// The place at which the rest begins.
  private(set) var offset = 0

  /// No input.
  init() {}

  /// Bytes of which nothing is consumed.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The number of bytes left.
  var count: Int { bytes.count - offset }

  /// Whether nothing is left.
  var isEmpty: Bool { count == 0 }

  /// The memory that it takes, in bytes.
  var heldByteCount: Int { bytes.capacity }

  /// Lends the rest for reading.
  func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(bytes.span.extracting(offset..<bytes.count))
  }

  /// Lends all of it to be consumed from an offset on; `body` returns how far it came.
  mutating func consume(_ body: (inout MutableSpan<UInt8>, _ from: Int, _ end: Int) -> Int) {
    let (start, end) = (offset, bytes.count)
    var span = bytes.mutableSpan
    offset = body(&span, start, end)
  }
}
