internal import COpenSSL

/// The memory through which all TLS connections of one thread pass their records.
///
/// A connection owns no buffer: the bytes of one `recv` are decrypted at once, and encrypted bytes
/// are sent at once; only an incomplete record and bytes that the socket does not take stay with
/// the connection. Not Sendable: it belongs to one thread.
@safe
package final class TLSBuffers {
  /// The most plaintext in one record, RFC 8446 §5.1.
  package static let maximumRecordByteCount = 16 << 10
  /// The most bytes beside its plaintext in a record: more than any version adds.
  static let maximumRecordOverhead = 512

  /// The records that come in, as the socket gives them.
  let received = ReactorBuffer(byteCount: 256 << 10)
  /// The records that go out.
  let sealed = ReactorBuffer(byteCount: 128 << 10)
  /// Small pieces on their way into one record.
  let staging = ReactorBuffer(byteCount: maximumRecordByteCount)
  /// The channel through which the connection under way reads and writes.
  let channel = RecordChannel()

  /// Buffers for one thread.
  package init() {
    unsafe channel.state.pointee.output = sealed.storage.baseAddress
    unsafe channel.state.pointee.outputCapacity = sealed.count
  }

  /// The buffer into which the caller may put records that it received itself.
  package var input: ReactorBuffer { received }

  /// How many encrypted bytes are ready to be sent.
  package var sealedByteCount: Int { unsafe channel.state.pointee.outputCount }

  /// Whether another record fits behind the sealed bytes.
  var hasRoomForRecord: Bool {
    sealed.count - sealedByteCount >= Self.maximumRecordByteCount + Self.maximumRecordOverhead
  }

  /// Forgets the sealed bytes: they are sent, or kept elsewhere.
  func removeSealed() { unsafe channel.state.pointee.outputCount = 0 }

  /// Takes the sealed bytes.
  package func takeSealed() -> [UInt8] {
    let bytes = sealed.array(of: 0..<sealedByteCount)
    removeSealed()
    return bytes
  }

  /// Lends a range of the received bytes to OpenSSL, for the duration of a call.
  func withInput<Result>(_ range: Range<Int>, _ body: () -> Result) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= received.count)
    unsafe channel.state.pointee.input = received.storage.baseAddress
    unsafe channel.state.pointee.inputCursor = range.lowerBound
    unsafe channel.state.pointee.inputEnd = range.upperBound
    defer { unsafe channel.state.pointee.inputEnd = channel.state.pointee.inputCursor }
    return body()
  }

  /// How much of the input OpenSSL has yet to take.
  var inputByteCount: Int {
    unsafe channel.state.pointee.inputEnd - channel.state.pointee.inputCursor
  }
}

@available(*, unavailable)
extension TLSBuffers: Sendable {}
