/// The streams that all sessions of a thread share, and the buffers for their output.
///
/// A deflater is made for a window when a message first needs it; all of them together, from 2^9
/// to 2^15, take less than 600 KiB.
package final class DeflateStreams {
  /// zlib's level for messages that are compressed each for itself: the fastest one.
  ///
  /// JSON of 64 KiB comes out 15 % smaller with level 6, for three times the time.
  static let sharedLevel = 1
  /// The level where a session has a stream of its own, for which ratio was chosen over cost.
  static let dedicatedLevel = 6

  /// The inflater without context.
  package let inflater: Inflater
  /// The buffer for inflated messages.
  package let spare = SpareBuffer()
  private let output = SpareBuffer()
  private var deflaters: [Deflater?]

  /// Streams that have no memory yet but for the inflater's.
  package init() {
    inflater = Inflater(
      windowBits: DeflateParameters.greatestWindowBits, keepsContext: false, spare: spare)
    deflaters = Array(repeating: nil, count: DeflateParameters.greatestWindowBits + 1)
  }

  /// The deflater without context for a window, 2^9 to 2^15.
  func deflater(windowBits: Int) -> Deflater {
    if let deflater = deflaters[windowBits] { return deflater }
    let deflater = Deflater(
      windowBits: windowBits, level: Self.sharedLevel, keepsContext: false)
    deflaters[windowBits] = deflater
    return deflater
  }

  /// Compresses a message and lends the output; nil if it does not become smaller.
  func deflate<Result>(
    _ message: Span<UInt8>, with deflater: Deflater, _ body: (Span<UInt8>) -> Result
  ) -> Result? {
    var compressed = output.take()
    let isSmaller = deflater.deflate(message, into: &compressed)
    let result = isSmaller ? compressed.withSpan { body($0) } : nil
    output.give(compressed)
    return result
  }
}

@available(*, unavailable)
extension DeflateStreams: Sendable {}
