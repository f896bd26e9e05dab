import Vocabulary
import WebSocketProtocol

extension Session {
  /// Begins or ends to offer its messages to taps.
  func setTapped(_ isTapped: Bool) {
    setInspection(.tapped, isTapped)
    reactor.slab.setFlag(.tapped, of: record, to: isTapped)
  }

  /// Inspects a message of the peer's: taps see it, and a rate takes it.
  ///
  /// - Returns: whether the handler gets it.
  // The function is kept out of the loop over messages, of which most are let through as they are.
  @inline(never)
  func inspect(_ message: Span<UInt8>, as kind: MessageKind) -> Bool {
    if isTapped {
      tap(
        .in, kind.tapKind, message, compressedByteCount: reactor.taps.takeCompressedByteCount())
    }
    guard isRated else { return true }
    return takeFromRate(messageOf: max(message.count, receiver.change { $0.compressedByteCount }))
  }

  /// Shows a message that other sessions are sent too.
  @inline(never)
  func tap(_ message: Outgoing, _ compression: MessageCompression?) {
    let compressedByteCount = compression.flatMap { message.compressedByteCount(by: $0) }
    message.withPayload { payload, kind in
      tap(.out, kind.tapKind, payload, compressedByteCount: compressedByteCount)
    }
  }
}

extension Leg {
  /// Notes the compressed size of the assembled message, for the taps that will see it.
  @inline(never)
  func noteCompressedByteCount() {
    let isCompressed = receiver.change { $0.isMessageCompressed }
    reactor.taps.note(
      compressedByteCount: isCompressed ? compression?.inflater.messageByteCount : nil)
  }
}

extension MessageKind {
  /// The kind for a tap.
  var tapKind: TapKind {
    switch self {
    case .text: .text
    case .binary: .binary
    }
  }
}
