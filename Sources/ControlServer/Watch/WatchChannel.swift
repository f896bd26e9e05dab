internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketProtocol

/// One side of the WebSocket of a watch or a tap: frames in, texts and frames out.
///
/// It does no I/O and reads no clock.
struct WatchChannel: ~Copyable {
  /// An action for the caller.
  enum Action {
    /// Send this.
    case send([UInt8])
    /// Take this text, which is to be JSON.
    case text([UInt8])
    /// End the connection once everything is sent.
    case end
  }

  /// The largest request, in bytes.
  static let maximumMessageByteCount = 64 << 10
  private static let closeTimeout = Duration.seconds(5)

  private var receiver = FrameReceiver(
    role: .server, maximumMessageByteCount: maximumMessageByteCount)
  private var closing = ClosingHandshake(closeTimeout: closeTimeout)
  /// The bytes that the receiver left of the last ones: an incomplete frame header or control
  /// frame.
  private var rest: [UInt8] = []

  /// Whether snapshots may still be sent.
  var isOpen: Bool { !closing.hasSentClose }

  /// The time at which `tick` is to be called.
  var deadline: Instant? { closing.deadline }

  /// Takes received bytes.
  mutating func receive(_ input: Span<UInt8>, now: Instant) -> [Action] {
    var bytes = rest
    bytes.append(copying: input)
    var actions: [Action] = []
    var cursor = 0
    while let event = next(in: &bytes, from: &cursor) {
      switch event {
      case .message(.text, let range) where isOpen: actions.append(.text(Array(bytes[range])))
      case .assembledMessage(.text):
        let message = receiver.takeMessage().withSpan { Array(copying: $0) }
        if isOpen { actions.append(.text(message)) }
      case .message(.text, _): break
      case .message(.binary, _), .assembledMessage(.binary):
        actions += close(.unsupportedData, reason: "what is asked for is JSON in a text", now: now)
      case .ping(let range) where isOpen:
        actions.append(.send(Self.frame(.pong, bytes[range])))
      case .ping, .pong: break
      case .close(let code, let reason): actions += peerCloses(code, reason, now: now)
      case .violation(let violation):
        actions += close(violation.closeCode, reason: violation.description, now: now)
        actions.append(.end)
      }
    }
    rest = Array(bytes[cursor...])
    return actions
  }

  /// Begins the closing handshake.
  mutating func close(_ code: CloseCode, reason: String, now: Instant) -> [Action] {
    guard case .sendClose(let code) = closing.closeRequested(code, now: now) else { return [] }
    return [.send(Self.closeFrame(code, reason: reason))]
  }

  /// Checks the time limit of the closing handshake.
  mutating func tick(now: Instant) -> [Action] {
    closing.tick(now: now) == .abandon ? [.end] : []
  }

  private mutating func peerCloses(_ code: CloseCode?, _ reason: String, now: Instant) -> [Action] {
    switch closing.closeReceived(code, now: now) {
    case .replyAndDisconnect(let code): [.send(Self.closeFrame(code, reason: reason)), .end]
    case .disconnect: [.end]
    case .none, .sendClose, .abandon: []
    }
  }

  private mutating func next(in bytes: inout [UInt8], from cursor: inout Int) -> Event? {
    let end = bytes.count
    var span = bytes.mutableSpan
    return receiver.next(in: &span, from: &cursor, upTo: end)
  }

  /// A frame with a whole payload.
  static func frame(_ opcode: Opcode, _ payload: some Collection<UInt8>) -> [UInt8] {
    var frame: [UInt8] = []
    FrameEncoder.append(opcode, payload: Array(payload).span, maskingKey: nil, to: &frame)
    return frame
  }

  private static func closeFrame(_ code: CloseCode?, reason: String) -> [UInt8] {
    var frame: [UInt8] = []
    FrameEncoder.appendClose(code, reason: reason, maskingKey: nil, to: &frame)
    return frame
  }
}
