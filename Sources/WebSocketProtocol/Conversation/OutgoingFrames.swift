import Vocabulary

/// The frames of one side that have yet to be sent, as bytes in their order.
///
/// Pongs that the peer has not taken are bounded: from a limit on, only the ping that came last is
/// answered, once those before are gone (RFC 6455 §5.5.3).
struct OutgoingFrames {
  /// The most bytes of pongs that wait to be sent.
  static let maximumPongByteCount = 4096

  /// The source of masking keys; nil for a server, whose frames are not masked.
  private let makeMaskingKey: (() -> UInt32)?
  private var bytes: [UInt8] = []
  private var sentByteCount = 0
  /// The bytes of pongs that may not have been sent, and the place in `bytes` behind the last one.
  private var pongByteCount = 0
  private var pongEnd = 0
  /// The payload of the ping that came last, if there was no room to answer it.
  private var unansweredPing: [UInt8]?

  init(maskedWith makeMaskingKey: (() -> UInt32)?) {
    self.makeMaskingKey = makeMaskingKey
  }

  /// The bytes that wait.
  var byteCount: Int { bytes.count - sentByteCount }

  /// Adds a data frame.
  mutating func append(
    _ opcode: Opcode, isFinal: Bool = true, rsv1: Bool = false, _ payload: Span<UInt8>
  ) {
    FrameEncoder.append(
      opcode, isFinal: isFinal, rsv1: rsv1, payload: payload, maskingKey: makeMaskingKey?(),
      to: &bytes)
  }

  /// Adds the close frame; a ping that waits for its answer gets it before.
  mutating func appendClose(_ code: CloseCode?, reason: String) {
    answerLatePing()
    FrameEncoder.appendClose(code, reason: reason, maskingKey: makeMaskingKey?(), to: &bytes)
  }

  /// Answers a ping, or keeps it until there is room for the answer; either answers for all before.
  mutating func answer(ping payload: Span<UInt8>) {
    let frameByteCount =
      payload.count
      + FrameEncoder.headerByteCount(
        payloadByteCount: payload.count, isMasked: makeMaskingKey != nil)
    guard pongByteCount + frameByteCount <= Self.maximumPongByteCount else {
      unansweredPing = Array(copying: payload)
      return
    }
    unansweredPing = nil
    appendPong(payload)
  }

  private mutating func appendPong(_ payload: Span<UInt8>) {
    let start = bytes.count
    append(.pong, payload)
    pongByteCount += bytes.count - start
    pongEnd = bytes.count
  }

  private mutating func answerLatePing() {
    guard let payload = unansweredPing.take() else { return }
    appendPong(payload.span)
  }

  /// Passes the bytes to `write`, which returns how many of them it took, until it takes no more.
  ///
  /// - Returns: whether it took any.
  mutating func flush<Failure: Error>(
    _ write: (Span<UInt8>) throws(Failure) -> Int
  ) throws(Failure) -> Bool {
    var isMoving = false
    while byteCount > 0 {
      let count = try write(bytes.span.extracting(sentByteCount...))
      precondition(count >= 0 && count <= byteCount, "more was sent than there is")
      guard count > 0 else { break }
      isMoving = true
      sentByteCount += count
      if pongByteCount > 0, sentByteCount >= pongEnd {
        pongByteCount = 0
        answerLatePing()
      }
    }
    forgetSent()
    return isMoving
  }

  /// Hands all bytes over.
  mutating func take() -> [UInt8] {
    answerLatePing()
    bytes.removeFirst(sentByteCount)
    let taken = bytes
    removeAll()
    return taken
  }

  /// Forgets everything.
  mutating func removeAll() {
    self = OutgoingFrames(maskedWith: makeMaskingKey)
  }

  /// Frees what was sent, once it is half of the bytes: each byte is moved about once.
  private mutating func forgetSent() {
    guard sentByteCount * 2 >= bytes.count else { return }
    bytes.removeFirst(sentByteCount)
    if bytes.isEmpty { bytes = [] }
    pongEnd = max(0, pongEnd - sentByteCount)
    sentByteCount = 0
  }
}
