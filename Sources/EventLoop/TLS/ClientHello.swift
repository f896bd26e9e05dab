/// The first message of a TLS connection, of which as much is read as must be known before memory
/// is spent on it.
///
/// OpenSSL holds tens of kilobytes for a connection from its first byte on. A peer that begins and
/// stops is held cheaper: its bytes stay in the socket until the message is whole (RFC 8446 §4.1.2,
/// §5.1). Its content is OpenSSL's to judge.
package enum ClientHello {
  /// The verdict on a connection's first bytes.
  package enum Outcome: Hashable, Sendable {
    /// More bytes are needed.
    case incomplete
    /// The message is whole; more may stand behind it.
    case whole
    /// No handshake of TLS begins so, or it is longer than a handshake may be.
    case malformed
  }

  /// The longest message, and the longest record: those of clients have one or two kilobytes.
  package static let maximumByteCount = 16 << 10
  /// A fatal alert for bytes that are no ClientHello: `decode_error` (RFC 8446 §6.2).
  package static let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 50]

  private static let recordHeaderByteCount = 5
  private static let messageHeaderByteCount = 4
  private static let handshake: UInt8 = 22
  private static let clientHello: UInt8 = 1

  /// Looks at all bytes that have come.
  ///
  /// - Complexity: O(number of records)
  package static func look(at bytes: Span<UInt8>) -> Outcome {
    var header: [UInt8] = []
    var payloadByteCount = 0
    var start = 0
    while true {
      guard start < bytes.count else { return .incomplete }
      guard bytes[start] == handshake else { return .malformed }
      guard bytes.count - start >= recordHeaderByteCount else { return .incomplete }
      let length = Int(bytes[start + 3]) << 8 | Int(bytes[start + 4])
      guard bytes[start + 1] == 3, (1...maximumByteCount).contains(length) else {
        return .malformed
      }
      let payload = start + recordHeaderByteCount
      let end = min(payload + length, bytes.count)
      // The message's own header may be cut in two by records.
      var index = payload
      while header.count < messageHeaderByteCount, index < end {
        header.append(bytes[index])
        index += 1
      }
      if let type = header.first, type != clientHello { return .malformed }
      payloadByteCount += end - payload
      if header.count == messageHeaderByteCount {
        let byteCount = Int(header[1]) << 16 | Int(header[2]) << 8 | Int(header[3])
        guard byteCount <= maximumByteCount - messageHeaderByteCount else { return .malformed }
        if payloadByteCount >= messageHeaderByteCount + byteCount { return .whole }
      }
      guard payload + length <= bytes.count else { return .incomplete }
      start = payload + length
    }
  }
}
