/// Reads the heads of the responses to one request, up to the final one's.
///
/// Interim responses, such as 100 and 103, are passed over (RFC 9110 §15.2); 101 is a final one.
package struct FinalHeadReader: Sendable {
  /// The most interim responses before the final one.
  static let maximumInterimCount = 32

  /// The state after some input.
  enum Outcome {
    /// More bytes are needed.
    case incomplete
    /// The final head; `byteCount` counts the interim ones too.
    case head(ResponseHead, byteCount: Int)
    /// There is no final head in the bytes, whatever comes behind them.
    case failed(Failure)
  }

  /// The reason why there is no final head.
  package enum Failure: Error, Hashable, Sendable {
    /// A head breaks the grammar.
    case malformed
    /// The heads together do not end within the limit.
    case tooLarge
    /// More interim responses than ``FinalHeadReader/maximumInterimCount``.
    case tooManyInterim
  }

  private let maximumByteCount: Int
  private var parser: ResponseHeadParser
  private var interimByteCount = 0
  private var interimCount = 0

  /// A reader for heads that have at most `maximumByteCount` bytes each, and as many together
  /// before the final one.
  init(maximumByteCount: Int, acceptsHTTP10: Bool = false) {
    self.maximumByteCount = maximumByteCount
    parser = ResponseHeadParser(maximumByteCount: maximumByteCount, acceptsHTTP10: acceptsHTTP10)
  }

  /// Looks at the input so far; `bytes` begins with the first byte of the first response, at each
  /// call.
  ///
  /// - Complexity: O(bytes not looked at before)
  mutating func read(_ bytes: Span<UInt8>) -> Outcome {
    while true {
      switch parser.parse(bytes.extracting(interimByteCount...)) {
      case .incomplete: return .incomplete
      case .malformed: return .failed(parser.failure == .tooLarge ? .tooLarge : .malformed)
      case .head(let head, let byteCount):
        guard head.status.rawValue < 200, head.status != .switchingProtocols else {
          return .head(head, byteCount: interimByteCount + byteCount)
        }
        interimByteCount += byteCount
        interimCount += 1
        guard interimByteCount <= maximumByteCount else { return .failed(.tooLarge) }
        guard interimCount <= Self.maximumInterimCount else { return .failed(.tooManyInterim) }
      }
    }
  }
}
