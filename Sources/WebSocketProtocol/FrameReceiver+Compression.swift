// Compressed messages, RFC 7692 §6.2.

extension FrameReceiver {
  /// Inflates a compressed message that lies whole in the caller's bytes.
  @inline(never)
  mutating func compressedMessage(
    _ header: FrameHeader, in bytes: inout MutableSpan<UInt8>, payload: Range<Int>
  ) throws(ProtocolViolation) -> Event {
    guard let inflater = compression?.inflater else { throw .reservedBits }
    Masking.apply(key: header.maskingKey ?? 0, to: &bytes, in: payload)
    messageKind = header.opcode == .text ? .text : .binary
    isMessageCompressed = true
    try inflater.inflateMessage(
      bytes.span.extracting(payload), into: &assembly, limit: maximumMessageByteCount)
    try completeInflated(validatedByteCount: 0)
    return .assembledMessage(messageKind)
  }

  /// Takes the bytes received of a compressed payload: with a stream of the session's own they are
  /// inflated at once, else they are kept, as they came, until the message is whole.
  @inline(never)
  mutating func consumeCompressedPayload(
    of bytes: inout MutableSpan<UInt8>, from cursor: inout Int, upTo end: Int
  ) throws(ProtocolViolation) {
    guard let inflater = compression?.inflater else { throw .reservedBits }
    let payload = cursor..<(cursor &+ min(missingPayloadByteCount, end &- cursor))
    cursor = payload.upperBound
    Masking.apply(key: maskingKey, to: &bytes, in: payload)
    payloadConsumed(payload.count)
    let isComplete = missingPayloadByteCount == 0 && isFinalFrame
    if missingPayloadByteCount == 0 { state = .frameHeader }
    let start = assembly.count
    guard inflater.keepsContext else {
      assembly.append(copying: bytes.span.extracting(payload))
      guard isComplete else { return }
      let compressed = assembly.take()
      let limit = maximumMessageByteCount
      try compressed.withSpan { bytes throws(ProtocolViolation) in
        try inflater.inflateMessage(bytes, into: &assembly, limit: limit)
      }
      return try completeInflated(validatedByteCount: 0)
    }
    try inflater.inflate(
      bytes.span.extracting(payload), into: &assembly, limit: maximumMessageByteCount)
    guard isComplete else {
      if messageKind == .text && !isAppendedTextValid(from: start) { throw .textNotUTF8 }
      return
    }
    try inflater.endMessage(into: &assembly, limit: maximumMessageByteCount)
    try completeInflated(validatedByteCount: start)
  }

  /// Ends a message that was inflated as a whole: its text is validated from where it was not yet.
  private mutating func completeInflated(validatedByteCount: Int) throws(ProtocolViolation) {
    isReceivingMessage = false
    state = .assembled
    guard messageKind == .text else { return }
    guard isAppendedTextValid(from: validatedByteCount), validator.isComplete else {
      throw .textNotUTF8
    }
  }
}
