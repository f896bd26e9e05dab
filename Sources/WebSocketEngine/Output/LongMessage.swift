import EventLoop
import WebSocketProtocol

/// A message, or a part of one, that leaves in fragments, each framed when its turn comes; a
/// server's, which masks nothing.
///
/// The payload is held once; text stays text, cut anywhere (RFC 6455 §5.4).
struct LongMessage {
  private let payload: SharedBytes
  private let part: MessagePart
  private let isCompressed: Bool
  private let fragmentByteCount: Int
  /// The payload's first byte that is not sent.
  private var offset = 0
  /// Whether the first fragment's header has been written, or the message's first was before.
  private var isStarted: Bool
  /// How much is left of the fragment whose header has been written.
  private var leftOfFragment = 0
  private var isWhole = false

  /// A message of which nothing has been sent.
  ///
  /// - Parameter isCompressed: whether its first fragment is marked as compressed, which stands for
  ///   all of it (RFC 7692 §6.1).
  init(
    _ payload: SharedBytes, as part: MessagePart, isCompressed: Bool = false,
    fragmentByteCount: Int
  ) {
    self.payload = payload
    self.part = part
    isStarted = !part.isFirst
    self.isCompressed = isCompressed
    self.fragmentByteCount = fragmentByteCount
  }

  /// The rest of a message: its first fragments are sent, and the header of the one in flight too.
  ///
  /// - Parameter leftOfFragment: how much of the fragment in flight `payload` begins with.
  init(
    rest payload: SharedBytes, of part: MessagePart, fragmentByteCount: Int, leftOfFragment: Int
  ) {
    self.init(payload, as: part, fragmentByteCount: fragmentByteCount)
    isStarted = true
    self.leftOfFragment = leftOfFragment
    isWhole = leftOfFragment == payload.count
  }

  /// Payload bytes not sent yet.
  var byteCount: Int { isWhole ? leftOfFragment : payload.count - offset }

  /// The bytes held for it, however much of it is sent.
  var heldByteCount: Int { payload.heldByteCount }

  /// Whether the next byte would be a frame's header.
  var isAtBoundary: Bool { leftOfFragment == 0 && !isFinished }

  /// Whether its last fragment is sent.
  var isFinished: Bool { isWhole && leftOfFragment == 0 }

  /// The part of the fragment in flight that can be sent.
  var fragmentSlice: SharedSlice? {
    leftOfFragment > 0 ? SharedSlice(payload, offset..<(offset + leftOfFragment)) : nil
  }

  /// The message cut off after the fragment in flight; nil between two fragments.
  var restOfFragment: LongMessage? {
    guard leftOfFragment > 0 else { return nil }
    var rest = self
    rest.isWhole = true
    return rest
  }

  /// Cuts the next fragment and gives its header.
  mutating func beginFragment() -> [UInt8] {
    leftOfFragment = min(fragmentByteCount, payload.count - offset)
    isWhole = offset + leftOfFragment == payload.count
    let header = FrameEncoder.header(
      isStarted ? .continuation : part.kind.opcode, isFinal: isWhole && part.isFinal,
      rsv1: isCompressed && !isStarted, payloadByteCount: leftOfFragment)
    isStarted = true
    return header
  }

  /// Notes that bytes of the fragment in flight are sent, and says how many of `count` were its.
  mutating func advance(by count: Int) -> Int {
    let taken = min(count, leftOfFragment)
    leftOfFragment -= taken
    offset += taken
    return taken
  }
}

extension FrameEncoder {
  /// A server's header, unmasked, as an array.
  static func header(
    _ opcode: Opcode, isFinal: Bool, rsv1: Bool = false, payloadByteCount: Int
  ) -> [UInt8] {
    var bytes = [UInt8](
      repeating: 0,
      count: headerByteCount(payloadByteCount: payloadByteCount, isMasked: false))
    var span = bytes.mutableSpan
    _ = encodeHeader(
      opcode, isFinal: isFinal, rsv1: rsv1, payloadByteCount: payloadByteCount, maskingKey: nil,
      into: &span, at: 0)
    return bytes
  }

  /// A server's whole frame.
  static func frame(
    _ opcode: Opcode, isFinal: Bool = true, rsv1: Bool, payload: Span<UInt8>,
    account: ByteAccount?
  ) -> SharedBytes {
    SharedBytes(
      head: header(opcode, isFinal: isFinal, rsv1: rsv1, payloadByteCount: payload.count),
      copying: payload, account: account)
  }
}
