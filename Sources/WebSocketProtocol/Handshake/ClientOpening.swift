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
  private var reader = FinalHeadReader(maximumByteCount: Self.maximumHeadByteCount)

  /// A handshake with a fresh nonce.
  ///
  /// - Precondition: that of `ClientHandshake`.
  package init(
    host: String, target: String, subprotocols: [String] = [], extensions: [Extension] = [],
    headers: Headers = Headers()
  ) {
    handshake = ClientHandshake(
      host: host, target: target, key: ClientHandshake.makeKey(), subprotocols: subprotocols,
      extensions: extensions, headers: headers)
  }

  /// The request, ready to be sent.
  package var request: [UInt8] { handshake.request }

  /// Looks at the input so far; `bytes` begins with the first byte of the answer, at each call.
  ///
  /// Interim answers, such as 100 and 103, are passed over (RFC 9110 §15.2); 101 is the answer.
  package mutating func receive(_ bytes: Span<UInt8>) -> Outcome {
    switch reader.read(bytes) {
    case .incomplete: return .incomplete
    case .failed: return .malformed
    case .head(let head, let byteCount):
      do throws(ClientHandshake.Failure) {
        return .open(try handshake.validate(head), byteCount: byteCount)
      } catch {
        return .refused(error)
      }
    }
  }
}
