import Vocabulary

extension TLSConnection {
  /// The result of one read of the socket.
  package struct Received {
    /// Bytes of plaintext; also 0, of a handshake or a part of a record.
    package var byteCount = 0
    /// Encrypted bytes that the socket gave.
    package var wireIn = 0
    /// Encrypted bytes that the socket took, in answer.
    package var wireOut = 0
    /// The reason why nothing more will come; nil while more may.
    package var end: StreamEnd?
  }

  /// The way in which the peer's stream ended.
  package enum StreamEnd: Hashable, Sendable {
    /// The peer sends no more: it has said so, or has closed the connection without a word.
    case endOfStream
    /// TLS failed; an alert was sent if there is one for it.
    case failed(TLSError)
    /// The connection failed, with this errno.
    case lost(Int32)
  }

  /// The result of a write to the socket.
  package struct Sent {
    /// Plaintext bytes that are on their way: the rest of their records goes before the next.
    package var byteCount = 0
    /// Encrypted bytes that the socket took.
    package var wireOut = 0
    /// Whether the connection failed.
    package var hasFailed = false
  }

  /// The most encrypted bytes that wait for a socket which takes none.
  ///
  /// Sent plaintext stays far below: only answers that the peer asks for, and does not read, come
  /// close.
  package static let maximumUnsentByteCount = 256 << 10

  /// Pieces up to this size are copied together into one record.
  private static let maximumStagedByteCount = 4 << 10

  /// Whether encrypted bytes wait for the socket, so that it is to be watched for room.
  package var hasUnsent: Bool { !unsent.isEmpty }

  /// How many encrypted bytes wait for the socket.
  package var unsentByteCount: Int { unsent.count }

  // MARK: Reading

  /// Reads once, no more than `maximumByteCount` encrypted bytes, and decrypts all that came;
  /// answers of the protocol's own are sent.
  ///
  /// - Parameter taken: encrypted bytes that were taken from the socket before, less than 16 KiB.
  /// - Precondition: behind the offset there is room for 48 KiB at least; with less than 272 KiB
  ///   less is read.
  package func receive(
    from descriptor: Int32, behind taken: [UInt8] = [], into plaintext: inout MutableSpan<UInt8>,
    from offset: Int, atMost maximumByteCount: Int = .max
  ) -> Received {
    var received = Received()
    if hasReceivedCloseNotify {
      received.end = .endOfStream
      return received
    }
    let room = min(buffers.received.count, plaintext.count - offset - Self.spareByteCount)
    precondition(room - taken.count >= Self.spareByteCount, "too little room")
    buffers.received.copy(taken.span, to: 0)
    let result = buffers.received.withBytes {
      Syscalls.receive(
        descriptor, into: &$0, from: taken.count,
        atMost: min(room - taken.count, maximumByteCount))
    }
    switch result {
    case .bytes(let count):
      received.wireIn = count
      open(taken.count + count, into: &plaintext, from: offset, on: descriptor, &received)
    case .wouldBlock:
      open(taken.count, into: &plaintext, from: offset, on: descriptor, &received)
    case .endOfStream:
      open(taken.count, into: &plaintext, from: offset, on: descriptor, &received)
      received.end = received.end ?? .endOfStream
    case .failed(let number): received.end = .lost(number)
    }
    return received
  }

  private func open(
    _ count: Int, into plaintext: inout MutableSpan<UInt8>, from offset: Int,
    on descriptor: Int32, _ received: inout Received
  ) {
    guard count > 0 else { return }
    let opened = open(0..<count, into: &plaintext, from: offset)
    received.byteCount = opened.byteCount
    switch opened.end {
    case nil: break
    case .closeNotify?: received.end = .endOfStream
    case .failed(let error)?: received.end = .failed(error)
    }
    sendAnswers(to: descriptor, &received)
  }

  /// Sends the answers that opening records left in the buffers.
  private func sendAnswers(to descriptor: Int32, _ received: inout Received) {
    guard buffers.sealedByteCount > 0 else { return }
    var sent = Sent()
    // Answers wait behind unsent bytes, so that nothing overtakes them.
    if hasUnsent { keepSealed(from: 0) } else { push(to: descriptor, &sent) }
    received.wireOut = sent.wireOut
    guard received.end == nil else { return }
    if sent.hasFailed { received.end = .lost(0) }
    if unsent.count > Self.maximumUnsentByteCount {
      let error = TLSError(.tooMuchOutput, reason: "the peer asks for more than it takes")
      fail(error)
      received.end = .failed(error)
    }
  }

  // MARK: Writing

  /// Sends unsent bytes, if there are any.
  package func flush(to descriptor: Int32) -> Sent {
    var sent = Sent()
    _ = flush(to: descriptor, &sent)
    return sent
  }

  /// Begins the handshake as a client, or sends, as either side, what is ready in the buffers.
  ///
  /// - Throws: `TLSError` if the handshake cannot begin.
  package func beginHandshake(on descriptor: Int32) throws(TLSError) -> Sent {
    var sent = Sent()
    guard flush(to: descriptor, &sent) else { return sent }
    try handshake()
    push(to: descriptor, &sent)
    return sent
  }

  /// Sends plaintext.
  ///
  /// - Precondition: the connection is open.
  /// - Returns: how much is on its way; less than all of it if the socket has no room.
  package func send(_ plaintext: Span<UInt8>, to descriptor: Int32) -> Sent {
    var sent = Sent()
    guard flush(to: descriptor, &sent), add(plaintext, to: descriptor, &sent) else { return sent }
    push(to: descriptor, &sent)
    return sent
  }

  /// Sends pieces of a head and a payload in their order, as `Syscalls.send` does.
  package func send(
    head: Span<UInt8>, payload: Span<UInt8>, pieces: [Syscalls.Piece], to descriptor: Int32
  ) -> Sent {
    var sent = Sent()
    guard flush(to: descriptor, &sent) else { return sent }
    var staged = 0
    for piece in pieces {
      let source = piece.isPayload ? payload : head
      let bytes = source.extracting(piece.offset..<(piece.offset + piece.count))
      guard stage(bytes, &staged, to: descriptor, &sent) else { return sent }
    }
    finish(&staged, to: descriptor, &sent)
    return sent
  }

  /// Sends a head and shared slices behind it in their order, as `Syscalls.send` does.
  package func send(
    head: Span<UInt8>, slices: [SharedSlice], to descriptor: Int32
  ) -> Sent {
    var sent = Sent()
    guard flush(to: descriptor, &sent) else { return sent }
    var staged = 0
    guard stage(head, &staged, to: descriptor, &sent) else { return sent }
    for slice in slices {
      let isTaken = slice.bytes.withSpan {
        stage($0.extracting(slice.range), &staged, to: descriptor, &sent)
      }
      guard isTaken else { return sent }
    }
    finish(&staged, to: descriptor, &sent)
    return sent
  }

  /// Tells the peer that this side sends no more (close_notify), once.
  package func sendCloseNotify(to descriptor: Int32) -> Sent {
    var sent = Sent()
    sealCloseNotify()
    if hasUnsent {
      keepSealed(from: 0)
      _ = flush(to: descriptor, &sent)
    } else {
      push(to: descriptor, &sent)
    }
    return sent
  }

  // MARK: Parts

  /// Sends unsent bytes; false if some still wait, or the connection failed.
  private func flush(to descriptor: Int32, _ sent: inout Sent) -> Bool {
    guard hasUnsent else { return true }
    switch Syscalls.send(descriptor, unsent.span) {
    case .bytes(let count):
      sent.wireOut += count
      if count == unsent.count { unsent = [] } else { unsent.removeFirst(count) }
    case .wouldBlock: break
    case .failed: sent.hasFailed = true
    }
    return unsent.isEmpty && !sent.hasFailed
  }

  /// Adds a piece: a small one to the staged bytes, a large one as it is, behind those.
  private func stage(
    _ bytes: Span<UInt8>, _ staged: inout Int, to descriptor: Int32, _ sent: inout Sent
  ) -> Bool {
    let isSmall = bytes.count <= Self.maximumStagedByteCount
    if !isSmall || buffers.staging.count - staged < bytes.count {
      guard addStaged(&staged, to: descriptor, &sent) else { return false }
    }
    guard isSmall else { return add(bytes, to: descriptor, &sent) }
    buffers.staging.copy(bytes, to: staged)
    staged += bytes.count
    return true
  }

  private func addStaged(_ staged: inout Int, to descriptor: Int32, _ sent: inout Sent) -> Bool {
    let count = staged
    staged = 0
    return buffers.staging.withSpan { add($0.extracting(0..<count), to: descriptor, &sent) }
  }

  private func finish(_ staged: inout Int, to descriptor: Int32, _ sent: inout Sent) {
    if addStaged(&staged, to: descriptor, &sent) { push(to: descriptor, &sent) }
  }

  /// Encrypts bytes, and sends whenever the buffer is full; false if the socket has no more room.
  private func add(_ bytes: Span<UInt8>, to descriptor: Int32, _ sent: inout Sent) -> Bool {
    var offset = 0
    while offset < bytes.count {
      if !buffers.hasRoomForRecord {
        push(to: descriptor, &sent)
        guard !hasUnsent, !sent.hasFailed else { return false }
      }
      let end = min(offset + TLSBuffers.maximumRecordByteCount, bytes.count)
      do throws(TLSError) {
        try seal(bytes.extracting(offset..<end))
      } catch {
        buffers.removeSealed()
        sent.hasFailed = true
        return false
      }
      sent.byteCount += end - offset
      offset = end
    }
    return true
  }

  /// Sends the sealed bytes; the rest waits if the socket does not take all.
  private func push(to descriptor: Int32, _ sent: inout Sent) {
    let count = buffers.sealedByteCount
    guard count > 0 else { return }
    switch buffers.sealed.withSpan({ Syscalls.send(descriptor, $0.extracting(0..<count)) }) {
    case .bytes(let taken):
      sent.wireOut += taken
      keepSealed(from: taken)
    case .wouldBlock: keepSealed(from: 0)
    case .failed:
      buffers.removeSealed()
      sent.hasFailed = true
    }
  }

  private func keepSealed(from offset: Int) {
    let count = buffers.sealedByteCount
    if offset < count {
      buffers.sealed.withSpan { unsent.append(copying: $0.extracting(offset..<count)) }
    }
    buffers.removeSealed()
  }
}
