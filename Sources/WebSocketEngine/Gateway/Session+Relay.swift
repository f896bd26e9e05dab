import Vocabulary
import WebSocketProtocol

// A relayed session: what its client sends goes to the upstream's leg, and what the upstream sends
// comes here, whole or part by part.

extension Session {
  /// The upstream's leg of a relayed session, until either is closing.
  var upstream: UpstreamLeg? { extras?.upstream }

  /// Passes a message of the client's on, or a part of one.
  func passOn(_ payload: Span<UInt8>, as part: MessagePart) {
    let byteCount =
      part.isFinal && part.isFirst
      ? payload.count
      : receiver.change { $0.passedByteCount }
    if part.isFinal {
      reactor.relayed.change { $0.received(messageOf: byteCount) }
      route.sizesIn.record(byteCount)
    }
    upstream?.relay(payload, as: part, messageByteCount: byteCount)
  }

  /// Sends what the upstream sent.
  func relay(_ payload: Span<UInt8>, as part: MessagePart, messageByteCount: Int) {
    guard phase == .open else { return }
    if part.isFirst { settleBroadcasts() }
    guard phase == .open else { return }
    setMark(.midMessage, !part.isFinal)
    do throws(SendError) {
      let compressedByteCount = try transmit(
        payload, as: part, messageByteCount: messageByteCount)
      guard part.isFinal else { return }
      route.sizesOut.record(messageByteCount)
      if isTapped, part.isFirst {
        tap(.out, part.kind.tapKind, payload, compressedByteCount: compressedByteCount)
      }
    } catch {
      // A breach of `backlog-bytes` closes or drops by itself.
    }
    if part.isFinal, let extras, !extras.deferred.isEmpty { sendDeferred() }
  }

  /// Sends the messages that waited for the end of a relayed one.
  private func sendDeferred() {
    guard let waiting = extras?.deferred else { return }
    extras?.deferred = []
    for message in waiting {
      // One that is not sent is counted where it is refused.
      try? pushNext(message)
    }
  }
}
