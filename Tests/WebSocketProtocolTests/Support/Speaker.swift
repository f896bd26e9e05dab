import Testing
import Vocabulary
import WebSocketProtocol

/// A conversation under test, and its peer, which reads what it sends.
struct Speaker: ~Copyable {
  var conversation: Conversation
  /// The time of whatever happens next.
  var now = Instant(nanoseconds: 1_000)
  /// What was reported, oldest first.
  var reported: [Received] = []
  /// The peer's end, which checks masks, lengths and order.
  var peer: Receiver
  private let isInPlace: Bool
  private var rest: [UInt8] = []

  /// - Parameter isInPlace: whether events are taken one by one in place, or as whole messages.
  init(
    _ role: Role, isInPlace: Bool = true, messageByteCount: Int = 1 << 16,
    outputByteCount: Int = 1 << 20, closeTimeout: Duration = .seconds(5),
    compression: DeflateParameters? = nil
  ) {
    self.isInPlace = isInPlace
    let limits = Conversation.Limits(
      messageByteCount: messageByteCount, outputByteCount: outputByteCount,
      closeTimeout: closeTimeout)
    conversation = Conversation(
      role == .server ? .server : .client(makeMaskingKey: Self.keys()), limits: limits,
      compression: compression.map { testCompression($0, of: role) })
    let far: Role = role == .server ? .client : .server
    peer = Receiver(role: far, compression: compression.map { testCompression($0, of: far) })
  }

  /// Masking keys that differ, the same ones each time.
  private static func keys() -> () -> UInt32 {
    var state: UInt32 = 2_463_534_242
    return {
      state ^= state << 13
      state ^= state >> 17
      state ^= state << 5
      return state
    }
  }

  /// What the peer has read.
  var sent: [Received] { peer.received }

  /// Gives received bytes, as the I/O layer does.
  mutating func receive(_ bytes: [UInt8]) {
    guard isInPlace else {
      let received = conversation.receive(bytes.span, now: now)
      reported += received.map {
        switch $0 {
        case .message(let kind, let payload): .message(kind, payload)
        case .close(let code, let reason): .close(code, reason)
        case .violation(let violation): .violation(violation)
        }
      }
      return
    }
    var bytes = rest + bytes
    let end = bytes.count
    var cursor = 0
    var span = bytes.mutableSpan
    while let event = conversation.next(in: &span, from: &cursor, upTo: end, now: now) {
      switch event {
      case .message(let kind, let range):
        reported.append(.message(kind, Array(copying: span.span.extracting(range))))
      case .assembledMessage(let kind):
        reported.append(.message(kind, array(of: conversation.takeMessage())))
      case .part(let part, _): Issue.record("a part of a \(part.kind) that nobody asked for")
      case .ping(let range):
        reported.append(.ping(Array(copying: span.span.extracting(range))))
      case .pong(let range):
        reported.append(.pong(Array(copying: span.span.extracting(range))))
      case .close(let code, let reason): reported.append(.close(code, reason))
      case .violation(let violation): reported.append(.violation(violation))
      }
    }
    rest = Array(bytes[cursor...])
  }

  /// Sends a message; false if it is refused.
  @discardableResult
  mutating func send(_ payload: [UInt8], as kind: MessageKind = .binary) -> Bool {
    conversation.send(payload.span, as: kind)
  }

  /// Sends a frame as it is given; false if it is refused.
  @discardableResult
  mutating func sendFrame(_ opcode: Opcode, isFinal: Bool, _ payload: [UInt8]) -> Bool {
    conversation.sendFrame(opcode, isFinal: isFinal, payload: payload.span)
  }

  mutating func close(_ code: CloseCode?, reason: String = "") {
    conversation.close(code, reason: reason, now: now)
  }

  mutating func tick() { conversation.tick(now: now) }

  /// Lets the peer take output, and read it: everything, or so many bytes.
  ///
  /// - Returns: what it took.
  @discardableResult
  mutating func flush(
    _ byteCount: Int = .max, sourceLocation: SourceLocation = #_sourceLocation
  ) -> [UInt8] {
    var room = byteCount
    var taken: [UInt8] = []
    conversation.flush(now: now) { bytes in
      let count = min(room, bytes.count)
      taken.append(copying: bytes.extracting(..<count))
      room -= count
      return count
    }
    read(taken, sourceLocation)
    return taken
  }

  /// Hands all output over at once, to the peer.
  mutating func flushByTaking(sourceLocation: SourceLocation = #_sourceLocation) {
    read(conversation.takeOutput(now: now), sourceLocation)
  }

  private mutating func read(_ taken: [UInt8], _ sourceLocation: SourceLocation) {
    peer.receive(taken)
    let byteCount = peer.byteCountBehindClose
    #expect(byteCount == 0, "sent behind the close frame", sourceLocation: sourceLocation)
  }

  /// Lets time pass.
  mutating func wait(_ duration: Duration) { now = now.advanced(by: duration) }
}

private func testCompression(_ parameters: DeflateParameters, of role: Role) -> MessageCompression {
  compression(parameters, of: role)
}
