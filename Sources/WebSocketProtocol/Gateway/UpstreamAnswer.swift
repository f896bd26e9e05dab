/// The upstream's answer to an ``UpstreamRequest``, as it comes.
package struct UpstreamAnswer: Sendable {
  /// The most bytes that the head of an answer may have, and all interim answers before it.
  package static let maximumHeadByteCount = 64 << 10

  /// The state of the answer after some input.
  package enum Outcome: Hashable, Sendable {
    /// More bytes are needed; those that came are to be presented again, in front of the next ones.
    case incomplete
    /// The upstream's side is open; the bytes behind the first `byteCount` are frames. `headers` are
    /// the fields that the client's 101 gets besides its own.
    case open(ClientHandshake.Agreement, headers: Headers, byteCount: Int)
    /// The upstream refuses: the client gets its answer. The body is behind the first `byteCount`.
    case refusal(UpstreamRefusal, byteCount: Int)
    /// The answer is none to an upgrade, for a reason for the log: the client gets a 502.
    case invalid(Fault)
  }

  private let handshake: ClientHandshake
  private var reader = FinalHeadReader(
    maximumByteCount: Self.maximumHeadByteCount, acceptsHTTP10: true)

  /// The answer to a request, before its first byte.
  package init(to request: UpstreamRequest) {
    handshake = request.handshake
  }

  /// Looks at the input so far; `bytes` begins with the first byte of the answer, at each call.
  ///
  /// Interim answers, such as 100 and 103, are passed over.
  package mutating func receive(_ bytes: Span<UInt8>) -> Outcome {
    switch reader.read(bytes) {
    case .incomplete: return .incomplete
    case .failed(let failure): return .invalid(.head(failure))
    case .head(let head, let byteCount):
      do throws(Fault) {
        return try outcome(of: head, byteCount: byteCount)
      } catch {
        return .invalid(error)
      }
    }
  }

  private func outcome(of head: ResponseHead, byteCount: Int) throws(Fault) -> Outcome {
    switch head.status.rawValue {
    case 300...:
      do throws(BodyReader.Fault) {
        return .refusal(try UpstreamRefusal(head), byteCount: byteCount)
      } catch {
        throw .body(error)
      }
    case 101:
      // "a server MUST ignore an Upgrade header field that is received in an HTTP/1.0 request"
      // (RFC 9110 §7.8), and has nothing to switch from.
      guard !head.isHTTP10 else { throw .oldVersion }
      do throws(ClientHandshake.Failure) {
        let agreement = try handshake.validate(head)
        let headers = head.headers.endToEnd(without: HandshakeResponse.reservedNames)
        return .open(agreement, headers: headers, byteCount: byteCount)
      } catch {
        throw .handshake(error)
      }
    default: throw .status(head.status)
    }
  }
}
