import EventLoop
import Vocabulary
import WebSocketProtocol

/// The reactor's one output buffer, lent to one leg at a time, and that leg's counts for the turn.
///
/// Small messages are copied behind their headers; a large one goes out at once, as headers and
/// slices of the payload where it lies, together with the cork's content. The rest that the socket
/// does not take is copied into the session's backlog. Confined to its reactor.
final class Cork {
  /// Payloads up to this size are copied: below it a copy costs less than another system call.
  private static let maximumCopiedByteCount = 16 << 10
  /// `FrameEncoder.maximumHeaderByteCount`, as a constant that this module's compiler sees.
  private static var maximumHeaderByteCount: Int { 14 }
  /// The longest payload of a frame that is masked into the buffer, of which two must fit.
  private static let maximumMaskedByteCount = 64 << 10
  private static let maximumFragmentCount = Syscalls.maximumPieceCount / 2 - 1

  private let buffer = ReactorBuffer(byteCount: 256 << 10)
  private var pieces: [Syscalls.Piece] = []
  /// The leg that it is lent to.
  private(set) var owner: Leg?
  private let state = UncheckedConfined(State())

  /// The state that changes with every message.
  private struct State: BitwiseCopyable {
    /// How many bytes the buffer holds.
    var count = 0
    /// The identifier of the leg that the cork is lent to.
    var owner: ObjectIdentifier?
    /// Whether the owner is owed output, behind which everything more must queue.
    var ownerHasBacklog = false
    /// The owner's counts since it borrowed the cork.
    var delta = TurnDelta()
  }

  /// Lends the cork; the last owner's output was sent.
  func lend(to leg: Leg) {
    assert(owner == nil && count == 0)
    owner = leg
    state.change {
      $0 = State(
        owner: ObjectIdentifier(leg), ownerHasBacklog: leg.connection.hasBacklog)
    }
  }

  /// Takes the cork back; its output was sent.
  ///
  /// - Returns: the owner's counts, and whether it is owed output.
  func takeBack() -> (delta: TurnDelta, ownerHasBacklog: Bool) {
    assert(count == 0)
    owner = nil
    return state.change { state in
      state.owner = nil
      return (state.delta, state.ownerHasBacklog)
    }
  }

  /// Whether the cork is lent to a leg.
  @inline(__always)
  func isLent(to leg: Leg) -> Bool {
    state.value.owner == ObjectIdentifier(leg)
  }

  /// Whether a leg may add to the cork: it is lent to it, and nothing is queued before.
  @inline(__always)
  func isOpen(to leg: Leg) -> Bool {
    let state = state.value
    return state.owner == ObjectIdentifier(leg) && !state.ownerHasBacklog
  }

  /// Notes whether a leg is owed output, if the cork is lent to it.
  func noteBacklog(of leg: Leg) {
    guard isLent(to: leg) else { return }
    let hasBacklog = leg.connection.hasBacklog
    state.change { $0.ownerHasBacklog = hasBacklog }
  }

  /// The owner's counts since it borrowed the cork.
  var delta: TurnDelta { state.value.delta }

  /// Adds to the owner's counts.
  @inline(__always)
  func record(_ body: (inout TurnDelta) -> Void) { state.change { body(&$0.delta) } }

  private var count: Int {
    get { state.value.count }
    set { state.change { $0.count = newValue } }
  }

  /// Adds a message of the owner's, or a part of one.
  ///
  /// - Parameter isCompressed: whether deflate made the payload, which RSV1 says (RFC 7692 §6.1).
  /// - Returns: false if the owner has a backlog by now, so that all of it must queue behind it.
  @inline(__always)
  func append(
    _ payload: Span<UInt8>, as part: MessagePart, isCompressed: Bool = false,
    fragmentByteCount: Int, for owner: Leg
  ) -> Bool {
    if payload.count <= Self.maximumCopiedByteCount, payload.count <= fragmentByteCount {
      return appendCopy(
        of: payload, as: part.opcode, isFinal: part.isFinal, rsv1: isCompressed, for: owner)
    }
    if owner.isClient {
      return appendMasked(
        payload, as: part, isCompressed: isCompressed, fragmentByteCount: fragmentByteCount,
        for: owner)
    }
    return sendAtOnce(
      payload, as: part, isCompressed: isCompressed, fragmentByteCount: fragmentByteCount,
      for: owner)
  }

  /// Adds a whole frame of the owner's by copying it.
  ///
  /// - Returns: false if the owner has a backlog by now.
  @inline(__always)
  func appendCopy(
    of payload: Span<UInt8>, as opcode: Opcode, isFinal: Bool = true, rsv1: Bool = false,
    for owner: Leg
  ) -> Bool {
    if count &+ payload.count &+ Self.maximumHeaderByteCount > buffer.count {
      flush()
      guard isOpen(to: owner), !owner.connection.isClosed else { return false }
    }
    if owner.isClient {
      appendMaskedFrame(payload, as: opcode, isFinal: isFinal, rsv1: rsv1, owner.reactor.maskingKey)
      return true
    }
    let start = count
    let headerByteCount = buffer.withBytes { bytes in
      guard payload.count > 125 else {
        bytes[start] = (isFinal ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode.rawValue
        bytes[start &+ 1] = UInt8(truncatingIfNeeded: payload.count)
        return 2
      }
      return FrameEncoder.encodeHeader(
        opcode, isFinal: isFinal, rsv1: rsv1, payloadByteCount: payload.count, maskingKey: nil,
        into: &bytes, at: start)
    }
    buffer.copy(payload, to: start &+ headerByteCount)
    count = start &+ headerByteCount &+ payload.count
    return true
  }

  /// Adds a client's frame, which fits, by masking it while it is copied.
  private func appendMaskedFrame(
    _ payload: Span<UInt8>, as opcode: Opcode, isFinal: Bool, rsv1: Bool, _ key: UInt32
  ) {
    let start = count
    count = buffer.withBytes { bytes in
      let headerByteCount = FrameEncoder.encodeHeader(
        opcode, isFinal: isFinal, rsv1: rsv1, payloadByteCount: payload.count, maskingKey: key,
        into: &bytes, at: start)
      Masking.copy(payload, key: key, to: &bytes, at: start &+ headerByteCount)
      return start &+ headerByteCount &+ payload.count
    }
  }

  /// Adds a client's large message in fragments, masked while they are copied; the rest that the
  /// socket does not take becomes the owner's backlog.
  ///
  /// - Returns: false if the owner had a backlog before the first fragment.
  @inline(never)
  private func appendMasked(
    _ payload: Span<UInt8>, as part: MessagePart, isCompressed: Bool, fragmentByteCount: Int,
    for owner: Leg
  ) -> Bool {
    let most = min(fragmentByteCount, Self.maximumMaskedByteCount)
    var rest = part
    var covered = 0
    repeat {
      let length = min(most, payload.count - covered)
      rest.isFinal = part.isFinal && covered + length == payload.count
      let fragment = payload.extracting(covered..<(covered + length))
      guard
        appendCopy(
          of: fragment, as: rest.opcode, isFinal: rest.isFinal,
          rsv1: isCompressed && rest.isFirst, for: owner)
      else {
        guard covered > 0 else { return false }
        rest.isFinal = part.isFinal
        owner.hold(payload.extracting(covered..<payload.count), as: rest)
        return true
      }
      covered += length
      rest.isFirst = false
    } while covered < payload.count
    return true
  }

  /// Sends the cork's content; bytes that the socket does not take become the owner's backlog.
  func flush() {
    guard count > 0, let owner else { return }
    let end = count
    count = 0
    guard !owner.connection.isClosed else { return }
    let descriptor = owner.connection.descriptor
    let taken: Int?
    if owner.isSecure, let tls = owner.connection.tls {
      let sent = buffer.withSpan { tls.send($0.extracting(0..<end), to: descriptor) }
      taken = note(sent, through: tls, for: owner)
    } else {
      let result = buffer.withSpan { Syscalls.send(descriptor, $0.extracting(0..<end)) }
      taken = note(result, for: owner)
    }
    guard let sent = taken, sent < end else { return }
    queueRest(from: sent, upTo: end, for: owner)
  }

  private func sendAtOnce(
    _ payload: Span<UInt8>, as part: MessagePart, isCompressed: Bool, fragmentByteCount: Int,
    for owner: Leg
  ) -> Bool {
    let corked = count
    count = 0
    pieces.removeAll(keepingCapacity: true)
    if corked > 0 { pieces.append(Syscalls.Piece(isPayload: false, offset: 0, count: corked)) }
    var headEnd = corked
    if buffer.count - headEnd < Syscalls.maximumPieceCount * FrameEncoder.maximumHeaderByteCount {
      count = corked
      flush()
      guard isOpen(to: owner), !owner.connection.isClosed else { return false }
      return sendAtOnce(
        payload, as: part, isCompressed: isCompressed, fragmentByteCount: fragmentByteCount,
        for: owner)
    }
    var covered = 0
    var fragmentCount = 0
    while covered < payload.count, fragmentCount < Self.maximumFragmentCount {
      let length = min(fragmentByteCount, payload.count - covered)
      let start = headEnd
      headEnd += buffer.withBytes { bytes in
        FrameEncoder.encodeHeader(
          covered == 0 ? part.opcode : .continuation,
          isFinal: part.isFinal && covered + length == payload.count,
          rsv1: isCompressed && covered == 0, payloadByteCount: length, maskingKey: nil,
          into: &bytes, at: start)
      }
      pieces.append(Syscalls.Piece(isPayload: false, offset: start, count: headEnd - start))
      pieces.append(Syscalls.Piece(isPayload: true, offset: covered, count: length))
      covered += length
      fragmentCount += 1
    }
    let descriptor = owner.connection.descriptor
    let taken: Int?
    if owner.isSecure, let tls = owner.connection.tls {
      let pieces = pieces
      let sent = buffer.withSpan {
        tls.send(head: $0, payload: payload, pieces: pieces, to: descriptor)
      }
      taken = note(sent, through: tls, for: owner)
    } else {
      let result = buffer.withSpan {
        Syscalls.send(descriptor, head: $0, payload: payload, pieces: pieces)
      }
      taken = note(result, for: owner)
    }
    guard var left = taken else { return true }
    var unsent = 0
    while unsent < pieces.count, left >= pieces[unsent].count {
      left -= pieces[unsent].count
      unsent += 1
    }
    if unsent == pieces.count, covered == payload.count { return true }
    queueRest(
      of: payload, as: part, isCompressed: isCompressed, fragmentByteCount: fragmentByteCount,
      from: unsent, sentOfPiece: left, covered: covered, corked: corked, for: owner)
    return true
  }

  /// Puts the rest of a gathered write into the backlog: from a piece on, of which a part was sent.
  private func queueRest(
    of payload: Span<UInt8>, as part: MessagePart, isCompressed: Bool, fragmentByteCount: Int,
    from index: Int, sentOfPiece: Int, covered: Int, corked: Int, for owner: Leg
  ) {
    func rest(from offset: Int, leftOfFragment: Int) -> LongMessage {
      LongMessage(
        rest: SharedBytes(copying: payload.extracting(offset..<payload.count)), of: part,
        fragmentByteCount: fragmentByteCount, leftOfFragment: leftOfFragment)
    }
    func whole() -> LongMessage {
      LongMessage(
        SharedBytes(copying: payload), as: part, isCompressed: isCompressed,
        fragmentByteCount: fragmentByteCount)
    }
    var backlog = Backlog()
    defer { owner.setBacklog(backlog) }
    guard index < pieces.count else {
      backlog.append(rest(from: covered, leftOfFragment: 0))
      return
    }
    let piece = pieces[index]
    if index == 0, corked > 0 {
      queueRest(from: sentOfPiece, upTo: corked, into: &backlog)
      backlog.append(whole())
    } else if piece.isPayload {
      backlog.append(
        rest(from: piece.offset + sentOfPiece, leftOfFragment: piece.count - sentOfPiece))
    } else {
      let fragment = pieces[index + 1]
      if sentOfPiece == 0 {
        backlog.append(
          fragment.offset == 0 ? whole() : rest(from: fragment.offset, leftOfFragment: 0))
      } else {
        backlog.begin(
          withHead: buffer.array(
            of: (piece.offset + sentOfPiece)..<(piece.offset + piece.count)))
        backlog.append(rest(from: fragment.offset, leftOfFragment: fragment.count))
      }
    }
  }

  private func queueRest(from sent: Int, upTo end: Int, for owner: Leg) {
    var backlog = Backlog()
    queueRest(from: sent, upTo: end, into: &backlog)
    owner.setBacklog(backlog)
  }

  private func queueRest(from sent: Int, upTo end: Int, into backlog: inout Backlog) {
    buffer.withSpan { bytes in
      backlog.append(
        frames: SharedBytes(copying: bytes.extracting(sent..<end)),
        leftOfFirst: FrameWalk.leftOfFrame(in: bytes, from: 0, at: sent))
    }
  }

  /// Counts the bytes that a write took; nil if the connection failed.
  private func note(_ result: Syscalls.WriteResult, for owner: Leg) -> Int? {
    switch result {
    case .bytes(let sent):
      record { $0.wireOut &+= sent }
      return sent
    case .wouldBlock: return 0
    case .failed:
      owner.connectionFailed()
      return nil
    }
  }

  /// Counts the bytes that a write through TLS took; nil if the connection failed.
  ///
  /// Encrypted bytes that were not sent make the owner's backlog, though nothing is queued there
  /// yet.
  private func note(
    _ sent: TLSConnection.Sent, through tls: TLSConnection, for owner: Leg
  ) -> Int? {
    record { $0.wireOut &+= sent.wireOut }
    guard !sent.hasFailed else {
      owner.connectionFailed()
      return nil
    }
    if tls.hasUnsent { owner.setBacklog(Backlog()) }
    return sent.byteCount
  }
}

@available(*, unavailable)
extension Cork: Sendable {}
