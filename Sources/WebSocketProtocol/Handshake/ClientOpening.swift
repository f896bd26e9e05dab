/// A client's opening handshake while it is under way: the request to send, and the answer as it
/// comes (RFC 6455 §4.1).
package struct ClientOpening: Sendable {
  /// The most bytes the head of an answer may have, and all interim answers before it.
  package static let maximumHeadByteCount = 16 << 10

  /// The state of the handshake after some input.
  package enum Outcome {
    /// More bytes are needed; those that came are to be presented again, in front of the next ones.
    case incomplete
    /// The connection is open; the bytes behind the first `byteCount` are frames.
    case open(ClientHandshake.Agreement, byteCount: Int)
    /// The server answers, but not with a handshake: most often it refuses.
    case refused(ClientHandshake.Failure)
    /// The bytes are no head of an HTTP/1.1 response, or a too long one.
    case malformed
  }

  private let handshake: ClientHandshake
  private var parser = ResponseHeadParser(maximumByteCount: Self.maximumHeadByteCount)
  /// The number of bytes of interim answers before the final one.
  private var interimByteCount = 0

  /// A handshake with a fresh nonce.
  ///
  /// - Precondition: that of `ClientHandshake`.
  package init(
    host: String, target: String, subprotocols: [String] = [], extensions: [Extension] = [],
    headers: Headers = Headers()
  ) {
    // The key is not made by a generator that is passed in: an `inout` of that empty type has no
    // address, and ThreadSanitizer's instrumentation reads it (Swift 6.3.1).
    let key = (0..<16).map { _ in UInt8.random(in: 0...255) }
    handshake = ClientHandshake(
      host: host, target: target, key: key, subprotocols: subprotocols, extensions: extensions,
      headers: headers)
  }

  /// The request, ready to be sent.
  package var request: [UInt8] { handshake.request }

  /// Looks at the input so far; `bytes` begins with the first byte of the answer, at each call.
  ///
  /// Interim answers, such as 100 and 103, are passed over (RFC 9110 §15.2); 101 is the answer.
  package mutating func receive(_ bytes: Span<UInt8>) -> Outcome {
    while true {
      switch parser.parse(bytes.extracting(interimByteCount...)) {
      case .incomplete: return .incomplete
      case .malformed: return .malformed
      case .head(let head, let byteCount):
        if head.status.rawValue < 200, head.status != .switchingProtocols {
          interimByteCount += byteCount
          guard interimByteCount <= Self.maximumHeadByteCount else { return .malformed }
          continue
        }
        do throws(ClientHandshake.Failure) {
          return .open(try handshake.validate(head), byteCount: interimByteCount + byteCount)
        } catch {
          return .refused(error)
        }
      }
    }
  }
}
