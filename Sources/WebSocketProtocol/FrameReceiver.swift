/// The receiving half of one side of a connection: bytes in, events out, RFC 6455 §5–§7.
///
/// It does no I/O and reads no clock. A message that lies whole in the caller's bytes is unmasked
/// there and reported as a range of them: no copy, no allocation. Only a message that is
/// fragmented, or that straddles two reads, is put together in a buffer of the receiver's own,
/// which grows with the bytes that came, and so is one that was compressed (RFC 7692). One thread
/// uses a receiver: its session's.
package struct FrameReceiver: ~Copyable {
  /// The place of the parser.
  enum State: UInt8 {
    /// At the start of a frame.
    case frameHeader
    /// Inside a data frame whose payload has not all come.
    case payload
    /// A message waits to be taken.
    case assembled
    /// The peer closed; later input is discarded (§5.5.1).
    case closed
    /// Input is no longer wanted; later input is discarded (§7.1.7).
    case discarding
  }

  /// The side this receiver stands on.
  package let role: Role

  // Small properties stand together, to save padding: each idle session has one of these.
  var state: State = .frameHeader
  var messageKind: MessageKind = .binary
  /// Whether the first frame of a message has been seen and its last byte has not.
  package internal(set) var isReceivingMessage = false
  var isFinalFrame = false
  /// Whether the message under way, or the one that was assembled last, is compressed.
  package internal(set) var isMessageCompressed = false
  /// The validator is complete whenever a text message begins: the one before ended complete, or
  /// input is discarded.
  var validator = UTF8Validator()
  /// Whether messages that do not lie whole in the bytes are reported in parts as they come, unless
  /// they are compressed; it holds from the next message on.
  package var passesParts = false
  private var isPassingParts = false
  /// Whether a part of the message under way was reported.
  private var hasPassedPart = false
  /// The key for the next payload byte, 0 for a frame that is not masked.
  var maskingKey: UInt32 = 0

  /// The most bytes a message may have, over all its fragments.
  ///
  /// It may be set at any time and holds from the next frame header on, also for the message
  /// under way.
  package var maximumMessageByteCount: Int

  var missingPayloadByteCount = 0
  /// The number of bytes of the message under way, or of the last one, that were reported in parts.
  package private(set) var passedByteCount = 0
  var assembly = ByteBuffer()
  /// The session's permessage-deflate; nil if it was not negotiated, or input is no longer wanted.
  package private(set) var compression: MessageCompression?

  /// A receiver after the opening handshake.
  ///
  /// - Parameter compression: nil if permessage-deflate was not negotiated. It is let go of when
  ///   input is no longer wanted.
  package init(
    role: Role, maximumMessageByteCount: Int, compression: MessageCompression? = nil
  ) {
    self.role = role
    self.maximumMessageByteCount = maximumMessageByteCount
    self.compression = compression
  }

  /// The bytes held of a message that is not complete or not taken yet.
  package var bufferedByteCount: Int {
    assembly.count
  }

  /// The number of bytes of the message under way: as it is held, or as it was compressed.
  ///
  /// The larger of the two counts for limits and rates, since bytes that inflate to nothing use the
  /// connection, too.
  package var receivedByteCount: Int {
    guard isMessageCompressed, isReceivingMessage, let inflater = compression?.inflater,
      inflater.keepsContext
    else { return assembly.count &+ (isReceivingMessage ? passedByteCount : 0) }
    return max(assembly.count, inflater.receivedByteCount)
  }

  /// The number of compressed bytes of the message that was assembled last; 0 if it had none.
  package var compressedByteCount: Int {
    isMessageCompressed ? compression?.inflater.messageByteCount ?? 0 : 0
  }

  /// The size of the allocation behind the bytes held.
  package var bufferCapacity: Int {
    assembly.capacity
  }

  /// Parses and unmasks in place the next event at `cursor`, reading no further than `end`.
  ///
  /// Nil means that more bytes are needed: the caller keeps those from `cursor` to `end`, which are
  /// an incomplete header or control frame of at most 139 bytes, and presents them again in front
  /// of the next ones. Payload of a data frame is always consumed. After a close frame or a
  /// violation everything is consumed and nothing reported.
  ///
  /// - Precondition: `0 <= cursor <= end <= bytes.count`.
  /// - Complexity: O(bytes consumed)
  package mutating func next(
    in bytes: inout MutableSpan<UInt8>, from cursor: inout Int, upTo end: Int
  ) -> Event? {
    precondition(cursor >= 0 && cursor <= end && end <= bytes.count)
    while true {
      switch state {
      case .frameHeader:
        do throws(ProtocolViolation) {
          if let message = try shortMessage(in: &bytes, at: &cursor, upTo: end) { return message }
          let expectation = FrameHeader.Expectation(
            role: role, isReceivingMessage: isReceivingMessage,
            permitsCompression: compression != nil, isMessageCompressed: isMessageCompressed,
            receivedByteCount: receivedByteCount,
            maximumMessageByteCount: maximumMessageByteCount)
          guard
            let header = try FrameHeader.decode(
              from: bytes.span, at: cursor, upTo: end, expecting: expectation)
          else { return nil }
          let payloadStart = cursor &+ header.byteCount
          let isWhole = header.payloadByteCount <= end &- payloadStart
          if header.opcode.isControl {
            guard isWhole else { return nil }
            cursor = payloadStart &+ header.payloadByteCount
            return try controlFrame(header, in: &bytes, payload: payloadStart..<cursor)
          }
          if isWhole && header.isFinal && header.opcode != .continuation {
            cursor = payloadStart &+ header.payloadByteCount
            if header.rsv1 {
              return try compressedMessage(header, in: &bytes, payload: payloadStart..<cursor)
            }
            return try wholeMessage(header, in: &bytes, payload: payloadStart..<cursor)
          }
          beginDataFrame(header)
          cursor = payloadStart
        } catch {
          return fail(error, at: &cursor, end)
        }
      case .payload:
        do throws(ProtocolViolation) {
          if isPassingParts {
            if let part = try partOfPayload(of: &bytes, from: &cursor, upTo: end) { return part }
          } else if isMessageCompressed {
            try consumeCompressedPayload(of: &bytes, from: &cursor, upTo: end)
          } else {
            try consumePayload(of: bytes.span, from: &cursor, upTo: end)
          }
        } catch {
          return fail(error, at: &cursor, end)
        }
        if state == .assembled { return .assembledMessage(messageKind) }
        if state == .payload { return nil }
      case .assembled:
        assembly = ByteBuffer()
        state = .frameHeader
      case .closed, .discarding:
        cursor = end
        return nil
      }
    }
  }

  /// Hands over the message that ``Event/assembledMessage(_:)`` announced.
  ///
  /// A message that is not taken before the next call of ``next(in:from:upTo:)`` is dropped.
  ///
  /// - Precondition: a message was announced and has not been taken.
  package mutating func takeMessage() -> ByteBuffer {
    precondition(state == .assembled, "no assembled message waits to be taken")
    state = .frameHeader
    return assembly.take()
  }

  /// Consumes and ignores all later input, and frees the bytes held of a message.
  ///
  /// Called when this side fails the connection or gives up waiting for the peer.
  package mutating func discardInput() {
    discard(as: state == .closed ? .closed : .discarding)
  }

  /// Gives the place at which the peer's stream ended; later input is discarded.
  ///
  /// `unconsumedByteCount` is the number of bytes that the caller kept because
  /// ``next(in:from:upTo:)`` had not consumed them.
  package mutating func receiveEndOfStream(unconsumedByteCount: Int = 0) -> EndOfStream {
    let end: EndOfStream =
      switch state {
      case .closed: .afterCloseFrame
      case .discarding: .afterDiscard
      case .payload: .insideFrame
      case .frameHeader where unconsumedByteCount > 0: .insideFrame
      case .frameHeader where isReceivingMessage: .insideMessage
      case .frameHeader, .assembled: .betweenMessages
      }
    discardInput()
    return end
  }

  // MARK: Frames

  /// A whole masked message of at most 125 bytes, recognised by its first two bytes alone.
  ///
  /// Nil leaves everything to the general path, which alone decides what is a violation. It
  /// halves the instructions that a small message costs.
  @inline(__always)
  private func shortMessage(
    in bytes: inout MutableSpan<UInt8>, at cursor: inout Int, upTo end: Int
  ) throws(ProtocolViolation) -> Event? {
    let payloadStart = cursor &+ 6
    guard role == .server, !isReceivingMessage, payloadStart <= end else { return nil }
    // FIN without reserved bits and text or binary; then the mask bit and the length itself.
    let opcode = bytes[cursor] ^ 0x80
    let byteCount = Int(bytes[cursor &+ 1] ^ 0x80)
    guard opcode == 1 || opcode == 2, byteCount <= 125, byteCount <= end &- payloadStart,
      byteCount <= maximumMessageByteCount
    else { return nil }
    let key =
      UInt32(bytes[cursor &+ 2]) << 24 | UInt32(bytes[cursor &+ 3]) << 16
      | UInt32(bytes[cursor &+ 4]) << 8 | UInt32(bytes[cursor &+ 5])
    cursor = payloadStart &+ byteCount
    let payload = payloadStart..<cursor
    Masking.apply(key: key, to: &bytes, in: payload)
    guard opcode == 1 else { return .message(.binary, payload) }
    guard UTF8Validator.isValid(bytes.span.extracting(payload)) else { throw .textNotUTF8 }
    return .message(.text, payload)
  }

  /// Reports a whole message in place: the path nearly every frame takes.
  @inline(__always)
  private func wholeMessage(
    _ header: FrameHeader, in bytes: inout MutableSpan<UInt8>, payload: Range<Int>
  ) throws(ProtocolViolation) -> Event {
    if let key = header.maskingKey {
      Masking.apply(key: key, to: &bytes, in: payload)
    }
    guard header.opcode == .text else { return .message(.binary, payload) }
    guard UTF8Validator.isValid(bytes.span.extracting(payload)) else { throw .textNotUTF8 }
    return .message(.text, payload)
  }

  private mutating func controlFrame(
    _ header: FrameHeader, in bytes: inout MutableSpan<UInt8>, payload: Range<Int>
  ) throws(ProtocolViolation) -> Event {
    if let key = header.maskingKey {
      Masking.apply(key: key, to: &bytes, in: payload)
    }
    switch header.opcode {
    case .ping: return .ping(payload)
    case .pong: return .pong(payload)
    default:
      let closePayload = try ClosePayload(bytes.span.extracting(payload))
      discard(as: .closed)
      return .close(closePayload.code, reason: closePayload.reason)
    }
  }

  private mutating func beginDataFrame(_ header: FrameHeader) {
    if header.opcode != .continuation {
      messageKind = header.opcode == .text ? .text : .binary
      isReceivingMessage = true
      isMessageCompressed = header.rsv1
      isPassingParts = passesParts && !header.rsv1
      hasPassedPart = false
      passedByteCount = 0
    }
    isFinalFrame = header.isFinal
    missingPayloadByteCount = header.payloadByteCount
    maskingKey = header.maskingKey ?? 0
    state = .payload
  }

  /// Takes the bytes received of the frame's payload into the buffer, unmasking them on the way.
  private mutating func consumePayload(
    of bytes: Span<UInt8>, from cursor: inout Int, upTo end: Int
  ) throws(ProtocolViolation) {
    let byteCount = min(missingPayloadByteCount, end &- cursor)
    let start = assembly.count
    // The final frame alone tells how long the message will be.
    let finalByteCount = isFinalFrame ? start &+ missingPayloadByteCount : .max
    assembly.append(
      unmasking: bytes.extracting(cursor..<(cursor &+ byteCount)), key: maskingKey,
      finalByteCount: finalByteCount)
    cursor &+= byteCount
    payloadConsumed(byteCount)
    if messageKind == .text && !isAppendedTextValid(from: start) { throw .textNotUTF8 }
    guard missingPayloadByteCount == 0 else { return }
    guard isFinalFrame else {
      state = .frameHeader
      return
    }
    isReceivingMessage = false
    state = .assembled
    if messageKind == .text && !validator.isComplete { throw .textNotUTF8 }
  }

  /// Reports the bytes received of the frame's payload, in place; nil if there is nothing to say.
  @inline(never)
  private mutating func partOfPayload(
    of bytes: inout MutableSpan<UInt8>, from cursor: inout Int, upTo end: Int
  ) throws(ProtocolViolation) -> Event? {
    let payload = cursor..<(cursor &+ min(missingPayloadByteCount, end &- cursor))
    cursor = payload.upperBound
    Masking.apply(key: maskingKey, to: &bytes, in: payload)
    payloadConsumed(payload.count)
    passedByteCount &+= payload.count
    let isFinal = missingPayloadByteCount == 0 && isFinalFrame
    if missingPayloadByteCount == 0 { state = .frameHeader }
    if isFinal { isReceivingMessage = false }
    if messageKind == .text {
      guard validator.consume(bytes.span.extracting(payload)), !isFinal || validator.isComplete
      else { throw .textNotUTF8 }
    }
    guard isFinal || !payload.isEmpty else { return nil }
    let part = MessagePart(of: messageKind, isFirst: !hasPassedPart, isFinal: isFinal)
    hasPassedPart = true
    return .part(part, payload)
  }

  mutating func payloadConsumed(_ byteCount: Int) {
    maskingKey = Masking.rotated(maskingKey, by: byteCount)
    missingPayloadByteCount &-= byteCount
  }

  mutating func isAppendedTextValid(from start: Int) -> Bool {
    var validator = validator
    let isValid = assembly.withSpan { validator.consume($0.extracting(start..<$0.count)) }
    self.validator = validator
    return isValid
  }

  private mutating func fail(
    _ violation: ProtocolViolation, at cursor: inout Int, _ end: Int
  ) -> Event {
    cursor = end
    discard(as: .discarding)
    return .violation(violation)
  }

  private mutating func discard(as state: State) {
    self.state = state
    isReceivingMessage = false
    assembly = ByteBuffer()
    compression = nil
  }
}

/// A receiver is not Sendable: it belongs to the thread of its session.
@available(*, unavailable)
extension FrameReceiver: Sendable {}
