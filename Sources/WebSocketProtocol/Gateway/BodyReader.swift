/// Reads the body of a message, a piece at a time, and finds its end (RFC 9112 §6.3, §7.1).
///
/// The payload is handed out as ranges of what was presented: nothing is copied or kept. Extensions
/// of chunks and trailers are dropped.
package struct BodyReader: Sendable {
  /// The most bytes of a chunk's first line, its CRLF included.
  package static let maximumChunkLineByteCount = 256
  /// The most bytes of all trailers, their last CRLF included.
  package static let maximumTrailerByteCount = 16 << 10
  /// The most digits of a chunk's size.
  private static let maximumSizeDigitCount = 16

  /// A piece of a body.
  package enum Event: Hashable, Sendable {
    /// Payload, at a range of the bytes.
    case payload(Range<Int>)
    /// The end of the body; bytes behind it are none of it.
    case end
  }

  private enum State: Hashable {
    case counted(remaining: Int)
    case untilEnd
    // The first line of a chunk.
    case size(Int, digitCount: Int)
    case whitespaceBehindSize(Int)
    case chunkExtension(Int)
    case sizeLineFeed(Int)
    // Its payload, and the CRLF behind that.
    case chunk(remaining: Int)
    case chunkReturn
    case chunkLineFeed
    // The trailers, and the empty line behind them.
    case trailerStart
    case trailerName
    case trailerValue
    case trailerLineFeed
    case lastLineFeed
    case ended
    case failed(Fault)
  }

  private var state: State
  /// The bytes of the line of a chunk, or of the trailers, so far.
  private var lineByteCount = 0
  /// The bytes of payload so far.
  package private(set) var payloadByteCount = 0

  /// A reader for a body that begins with the next byte.
  package init(_ framing: Framing) {
    state =
      switch framing {
      case .byteCount(let count): .counted(remaining: count)
      case .chunked: .size(0, digitCount: 0)
      case .untilEnd: .untilEnd
      }
  }

  /// Whether the end of the body was reported.
  package var isAtEnd: Bool { state == .ended }

  /// The next piece in the bytes from `cursor` on, which moves behind it; nil if more are needed.
  ///
  /// With nil all bytes were taken. An empty body ends without any byte, and a body's end is reported
  /// once: behind it, the result is nil and `cursor` stays.
  ///
  /// - Throws: the `Fault` of the body, and again at each call behind it.
  package mutating func next(
    in bytes: Span<UInt8>, from cursor: inout Int
  ) throws(Fault) -> Event? {
    if case .failed(let fault) = state { throw fault }
    do throws(Fault) {
      return try event(in: bytes, from: &cursor)
    } catch {
      state = .failed(error)
      throw error
    }
  }

  /// Says that no more bytes come: the end of a body that has no other end.
  ///
  /// - Throws: the `Fault` of a body that is cut.
  package mutating func receiveEndOfStream() throws(Fault) {
    switch state {
    case .ended: break
    case .untilEnd, .counted(remaining: 0): state = .ended
    case .failed(let fault): throw fault
    default:
      state = .failed(.cut)
      throw .cut
    }
  }

  private mutating func event(
    in bytes: Span<UInt8>, from cursor: inout Int
  ) throws(Fault) -> Event? {
    while true {
      switch state {
      case .ended, .failed: return nil
      case .counted(let remaining):
        guard remaining > 0 else {
          state = .ended
          return .end
        }
        guard let range = take(remaining, of: bytes, from: &cursor) else { return nil }
        state = .counted(remaining: remaining - range.count)
        return .payload(range)
      case .untilEnd:
        return take(.max, of: bytes, from: &cursor).map { .payload($0) }
      case .chunk(let remaining):
        guard remaining > 0 else {
          state = .chunkReturn
          continue
        }
        guard let range = take(remaining, of: bytes, from: &cursor) else { return nil }
        state = .chunk(remaining: remaining - range.count)
        return .payload(range)
      default:
        guard cursor < bytes.count else { return nil }
        state = try state(behind: bytes[cursor])
        cursor += 1
        if state == .ended { return .end }
      }
    }
  }

  private mutating func take(
    _ count: Int, of bytes: Span<UInt8>, from cursor: inout Int
  ) -> Range<Int>? {
    let start = cursor
    guard start < bytes.count else { return nil }
    cursor = start + min(count, bytes.count - start)
    payloadByteCount += cursor - start
    return start..<cursor
  }

  /// The state behind a byte of the coding itself.
  private mutating func state(behind byte: UInt8) throws(Fault) -> State {
    lineByteCount += 1
    switch state {
    case .size, .whitespaceBehindSize, .chunkExtension, .sizeLineFeed:
      guard lineByteCount <= Self.maximumChunkLineByteCount else { throw .chunkLineTooLong }
      return try stateInSizeLine(behind: byte)
    case .chunkReturn:
      guard byte == HTTPGrammar.carriageReturn else { throw .malformedChunk }
      return .chunkLineFeed
    case .chunkLineFeed:
      guard byte == HTTPGrammar.lineFeed else { throw .malformedChunk }
      lineByteCount = 0
      return .size(0, digitCount: 0)
    default:
      guard lineByteCount <= Self.maximumTrailerByteCount else { throw .trailersTooLarge }
      return try stateInTrailers(behind: byte)
    }
  }

  /// `1*HEXDIG [ chunk-ext ] CRLF`; the extensions are let pass as any bytes that a field may have.
  private mutating func stateInSizeLine(behind byte: UInt8) throws(Fault) -> State {
    switch state {
    case .size(let size, let digitCount):
      if let digit = HTTPGrammar.hexadecimalValue(byte) {
        guard digitCount < Self.maximumSizeDigitCount, size <= Int.max >> 4 else {
          throw .chunkTooLarge
        }
        return .size(size << 4 | Int(digit), digitCount: digitCount + 1)
      }
      guard digitCount > 0 else { throw .malformedChunk }
      return try stateBehindSize(size, byte)
    case .whitespaceBehindSize(let size):
      guard byte != HTTPGrammar.carriageReturn else { throw .malformedChunk }
      return try stateBehindSize(size, byte)
    case .chunkExtension(let size):
      if byte == HTTPGrammar.carriageReturn { return .sizeLineFeed(size) }
      guard HTTPGrammar.isFieldValueByte(byte) else { throw .malformedChunk }
      return .chunkExtension(size)
    case .sizeLineFeed(let size):
      guard byte == HTTPGrammar.lineFeed else { throw .malformedChunk }
      lineByteCount = 0
      return size == 0 ? .trailerStart : .chunk(remaining: size)
    default: return state
    }
  }

  /// Whitespace may stand in front of an extension alone (RFC 9112 §7.1.1).
  private func stateBehindSize(_ size: Int, _ byte: UInt8) throws(Fault) -> State {
    switch byte {
    case HTTPGrammar.carriageReturn: return .sizeLineFeed(size)
    case UInt8(ascii: ";"): return .chunkExtension(size)
    case HTTPGrammar.space, HTTPGrammar.horizontalTab: return .whitespaceBehindSize(size)
    default: throw .malformedChunk
    }
  }

  private func stateInTrailers(behind byte: UInt8) throws(Fault) -> State {
    switch state {
    case .trailerStart:
      if byte == HTTPGrammar.carriageReturn { return .lastLineFeed }
      guard HTTPGrammar.isTokenByte(byte) else { throw .malformedTrailer }
      return .trailerName
    case .trailerName:
      if byte == UInt8(ascii: ":") { return .trailerValue }
      guard HTTPGrammar.isTokenByte(byte) else { throw .malformedTrailer }
      return .trailerName
    case .trailerValue:
      if byte == HTTPGrammar.carriageReturn { return .trailerLineFeed }
      guard HTTPGrammar.isFieldValueByte(byte) else { throw .malformedTrailer }
      return .trailerValue
    case .trailerLineFeed:
      guard byte == HTTPGrammar.lineFeed else { throw .malformedTrailer }
      return .trailerStart
    case .lastLineFeed:
      guard byte == HTTPGrammar.lineFeed else { throw .malformedTrailer }
      return .ended
    default: return state
    }
  }
}
