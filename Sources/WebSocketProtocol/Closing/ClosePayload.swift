package import Vocabulary

/// The payload of a close frame, RFC 6455 §5.5.1: a code and a reason, or nothing.
package struct ClosePayload: Hashable, Sendable {
  /// The code, or nil for an empty payload.
  package let code: CloseCode?

  /// The reason; empty if there is none.
  package let reason: String

  /// Reads the unmasked payload of a close frame.
  ///
  /// - Throws: a `ProtocolViolation` for a payload of one byte, a code that must not be sent
  ///   (§7.4) or a reason that is not UTF-8.
  package init(_ payload: Span<UInt8>) throws(ProtocolViolation) {
    guard payload.count > 0 else {
      code = nil
      reason = ""
      return
    }
    guard payload.count >= 2 else { throw .closePayloadOneByte }
    let code = CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
    guard code.mayBeSent else { throw .closeCodeInvalid(code.rawValue) }
    do {
      reason = String(copying: try UTF8Span(validating: payload.extracting(2..<payload.count)))
    } catch {
      throw .closeReasonNotUTF8
    }
    self.code = code
  }
}
