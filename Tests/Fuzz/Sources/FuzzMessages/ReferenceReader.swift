import FuzzSupport
import Vocabulary
import WebSocketProtocol

/// RFC 6455 §5 read plainly, byte by byte and with everything at hand: slow, and the oracle.
struct ReferenceReader {
  let role: Role
  let limit: Int

  private var items: [Received.Item] = []
  private var kind: MessageKind?
  private var message: [UInt8] = []
  /// Where the last character of a text begins that may not be complete.
  private var textStart = 0

  init(role: Role, limit: Int) {
    self.role = role
    self.limit = limit
  }

  /// What a whole stream amounts to.
  func read(_ bytes: [UInt8]) -> Received {
    var reader = self
    let end = reader.end(of: bytes)
    return Received(items: reader.items, end: end)
  }

  private mutating func end(of bytes: [UInt8]) -> EndOfStream {
    var rest = bytes[...]
    do {
      while !rest.isEmpty {
        guard let frame = try frame(at: &rest) else { return .insideFrame }
        if try take(frame) { return .afterCloseFrame }
        if frame.isCut { return .insideFrame }
      }
    } catch let violation as ProtocolViolation {
      items.append(.violation(violation))
      return .afterDiscard
    } catch {
      fatalError("\(error)")
    }
    return kind == nil ? .betweenMessages : .insideMessage
  }

  private struct Frame {
    var opcode: UInt8
    var isFinal: Bool
    /// Unmasked, as far as it has come.
    var payload: [UInt8]
    var isCut: Bool
  }

  /// Takes a frame; nil if its header, or a control frame, is not complete.
  private func frame(at rest: inout ArraySlice<UInt8>) throws -> Frame? {
    // No header, and no control frame, is longer.
    let bytes = Array(rest.prefix(139))
    let opcode = bytes[0] & 15
    if bytes[0] & 0x70 != 0 { throw ProtocolViolation.reservedBits }
    if ![0, 1, 2, 8, 9, 10].contains(opcode) { throw ProtocolViolation.reservedOpcode(opcode) }
    let isFinal = bytes[0] >= 0x80
    let isControl = opcode >= 8
    if isControl && !isFinal { throw ProtocolViolation.controlFrameFragmented }
    if opcode == 0 && kind == nil { throw ProtocolViolation.unexpectedContinuation }
    if !isControl && opcode != 0 && kind != nil { throw ProtocolViolation.expectedContinuation }

    guard bytes.count > 1 else { return nil }
    let isMasked = bytes[1] >= 0x80
    if role == .server && !isMasked { throw ProtocolViolation.unmaskedFrame }
    if role == .client && isMasked { throw ProtocolViolation.maskedFrame }
    let length7 = Int(bytes[1] % 128)
    if isControl && length7 > 125 { throw ProtocolViolation.controlFrameTooLong(length7) }
    let extended = length7 < 126 ? 0 : length7 == 126 ? 2 : 8
    guard bytes.count >= 2 + extended else { return nil }
    var length = UInt64(length7)
    if extended > 0 {
      length = bytes[2..<(2 + extended)].reduce(0) { $0 * 256 + UInt64($1) }
      if length >= 1 << 63 { throw ProtocolViolation.lengthTopBitSet }
      if length < (extended == 2 ? 126 : 65_536) { throw ProtocolViolation.nonMinimalLength }
    }
    if !isControl && length > UInt64(limit - message.count) {
      let sum = length.addingReportingOverflow(UInt64(message.count)).partialValue
      throw ProtocolViolation.messageTooBig(limit: limit, byteCount: Int(min(sum, UInt64(Int.max))))
    }
    let payloadStart = 2 + extended + (isMasked ? 4 : 0)
    guard bytes.count >= payloadStart else { return nil }
    let key = isMasked ? Array(bytes[(payloadStart - 4)..<payloadStart]) : [0, 0, 0, 0]
    let available = rest.count - payloadStart
    let isCut = UInt64(available) < length
    if isCut && isControl { return nil }
    let masked = rest.dropFirst(payloadStart).prefix(isCut ? available : Int(length))
    rest = rest.dropFirst(payloadStart + masked.count)
    return Frame(
      opcode: opcode, isFinal: isFinal,
      payload: masked.enumerated().map { $0.element ^ key[$0.offset % 4] }, isCut: isCut)
  }

  /// Does what a frame asks; true: it closes.
  private mutating func take(_ frame: Frame) throws -> Bool {
    switch frame.opcode {
    case 9: items.append(.ping(frame.payload))
    case 10: items.append(.pong(frame.payload))
    case 8:
      try takeClose(frame.payload)
      return true
    default:
      if frame.opcode > 0 { kind = frame.opcode == 1 ? .text : .binary }
      message += frame.payload
      guard let kind else { fatalError("a data frame without a message") }
      let isWhole = frame.isFinal && !frame.isCut
      if kind == .text { try checkText(isWhole: isWhole) }
      guard isWhole else { return false }
      items.append(.message(kind, message))
      self.kind = nil
      message = []
      textStart = 0
    }
    return false
  }

  private mutating func takeClose(_ payload: [UInt8]) throws {
    guard !payload.isEmpty else { return items.append(.close(nil, "")) }
    guard payload.count > 1 else { throw ProtocolViolation.closePayloadOneByte }
    let code = UInt16(payload[0]) * 256 + UInt16(payload[1])
    // RFC 6455 §7.4 and the registry: 1004 has no meaning, 1005, 1006 and 1015 are never sent.
    guard [1000...1003, 1007...1014, 3000...4999].contains(where: { $0.contains(code) }) else {
      throw ProtocolViolation.closeCodeInvalid(code)
    }
    guard let reason = String(validating: payload[2...], as: UTF8.self) else {
      throw ProtocolViolation.closeReasonNotUTF8
    }
    items.append(.close(CloseCode(rawValue: code), reason))
  }

  private mutating func checkText(isWhole: Bool) throws {
    let text = message[textStart...]
    guard isWhole ? isUTF8(text) : mayBecomeUTF8(text) else {
      throw ProtocolViolation.textNotUTF8
    }
    // What is complete need not be looked at again.
    let complete = (0...3).first { isUTF8(text.dropLast($0)) } ?? 0
    textStart = message.count - complete
  }

  private func isUTF8(_ bytes: ArraySlice<UInt8>) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
  }

  /// Whether some bytes behind these would make it UTF-8: one of these does if any does.
  private func mayBecomeUTF8(_ bytes: ArraySlice<UInt8>) -> Bool {
    let completions: [[UInt8]] = [
      [], [0x80], [0x80, 0x80], [0x80, 0x80, 0x80], [0xA0, 0x80], [0x90, 0x80, 0x80],
    ]
    return completions.contains { isUTF8(bytes + $0) }
  }
}
