import Testing
import Vocabulary
import WebSocketProtocol

/// What the receiver reported, with the payload copied out of the bytes or the buffer.
enum Received: Hashable, Sendable {
  case message(MessageKind, [UInt8])
  case ping([UInt8])
  case pong([UInt8])
  case close(CloseCode?, String)
  case violation(ProtocolViolation)
}

/// A receiver fed as the engine feeds it: what `next` leaves is put in front of the next bytes.
struct Receiver: ~Copyable {
  var frames: FrameReceiver
  var kept: [UInt8] = []
  var received: [Received] = []

  /// How often a message was reported in place, and how often it had to be put together.
  var inPlaceCount = 0
  var assembledCount = 0

  /// The bytes behind a close frame, where there should be none (RFC 6455 §5.5.1).
  var byteCountBehindClose = 0
  private var hasClosed = false

  /// How often a part of a message was reported, and the payload of those of the message under way.
  var partCount = 0
  private var parts: [UInt8] = []

  init(
    role: Role, maximumMessageByteCount: Int = 1 << 20, compression: MessageCompression? = nil,
    passesParts: Bool = false
  ) {
    frames = FrameReceiver(
      role: role, maximumMessageByteCount: maximumMessageByteCount, compression: compression)
    frames.passesParts = passesParts
  }

  mutating func receive(_ piece: some Sequence<UInt8>) {
    var bytes = kept + Array(piece)
    let end = bytes.count
    var cursor = 0
    if hasClosed { byteCountBehindClose += end }
    while let event = next(in: &bytes, from: &cursor, upTo: end) {
      switch event {
      case .message(let kind, let range):
        inPlaceCount += 1
        received.append(.message(kind, Array(bytes[range])))
      case .assembledMessage(let kind):
        assembledCount += 1
        received.append(.message(kind, array(of: frames.takeMessage())))
      case .part(let part, let range):
        partCount += 1
        #expect(part.isFirst == (partCount == 1))
        parts += bytes[range]
        guard part.isFinal else { break }
        #expect(frames.passedByteCount == parts.count)
        received.append(.message(part.kind, parts))
        parts = []
        partCount = 0
      case .ping(let range): received.append(.ping(Array(bytes[range])))
      case .pong(let range): received.append(.pong(Array(bytes[range])))
      case .close(let code, let reason):
        received.append(.close(code, reason))
        hasClosed = true
        byteCountBehindClose += end - cursor
      case .violation(let violation): received.append(.violation(violation))
      }
    }
    kept = Array(bytes[cursor...])
    #expect(kept.count <= 139, "only a header or a control frame may be left")
  }

  private mutating func next(in bytes: inout [UInt8], from cursor: inout Int, upTo end: Int)
    -> Event?
  {
    var span = bytes.mutableSpan
    return frames.next(in: &span, from: &cursor, upTo: end)
  }
}

func array(of span: Span<UInt8>) -> [UInt8] {
  span.withUnsafeBufferPointer { Array($0) }
}

func array(of buffer: consuming ByteBuffer) -> [UInt8] {
  buffer.withSpan { array(of: $0) }
}

/// Offsets to split at: all of them, or for long input those near the ends and some between.
func splitOffsets(of byteCount: Int) -> [Int] {
  guard byteCount > 700 else { return Array(0...byteCount) }
  return Array(0...20) + [byteCount / 3, byteCount / 2] + Array((byteCount - 6)...byteCount)
}

/// Expects the same reports from bytes that come at once, in two pieces cut anywhere, and singly.
func expectReceived(
  _ expected: [Received], by role: Role, from bytes: [UInt8], limit: Int = 1 << 20,
  inflating makeCompression: () -> MessageCompression? = { nil },
  sourceLocation: SourceLocation = #_sourceLocation
) {
  // The same is expected of a receiver that passes messages on in parts.
  for passesParts in [false, true] {
    func receiver() -> Receiver {
      Receiver(
        role: role, maximumMessageByteCount: limit, compression: makeCompression(),
        passesParts: passesParts)
    }
    for offset in splitOffsets(of: bytes.count) {
      var receiver = receiver()
      receiver.receive(bytes[..<offset])
      receiver.receive(bytes[offset...])
      let received = receiver.received
      guard received != expected else { continue }
      Issue.record(
        "split at \(offset)\(passesParts ? ", in parts" : ""): \(received) instead of \(expected)",
        sourceLocation: sourceLocation)
      return
    }
    guard bytes.count <= 700 else { continue }
    var single = receiver()
    for byte in bytes { single.receive([byte]) }
    let received = single.received
    #expect(received == expected, "byte by byte", sourceLocation: sourceLocation)
  }
}

/// A frame as the peer of a receiver of `role` sends it: masked if that receiver is the server.
func frame(
  _ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true, rsv1: Bool = false, to role: Role,
  key: UInt32 = 0x37fa_213d
) -> [UInt8] {
  var bytes: [UInt8] = []
  FrameEncoder.append(
    opcode, isFinal: isFinal, rsv1: rsv1, payload: payload.span,
    maskingKey: role == .server ? key : nil,
    to: &bytes)
  return bytes
}

/// A frame whose payload is text.
func frame(_ opcode: Opcode, _ text: String, isFinal: Bool = true, to role: Role) -> [UInt8] {
  frame(opcode, Array(text.utf8), isFinal: isFinal, to: role)
}

/// A close frame as the peer of a side of `role` sends it.
func closeFrame(_ code: CloseCode?, reason: String = "", to role: Role) -> [UInt8] {
  var bytes: [UInt8] = []
  FrameEncoder.appendClose(
    code, reason: reason, maskingKey: role == .server ? 0x37fa_213d : nil, to: &bytes)
  return bytes
}

/// Bytes that differ from their neighbours, so that a shifted copy is not mistaken for a right one.
func pattern(_ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ $0 >> 8) }
}

/// Both sides of a connection.
let bothRoles: [Role] = [.server, .client]
