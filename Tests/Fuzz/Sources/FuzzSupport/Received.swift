package import Vocabulary
package import WebSocketProtocol

/// What a receiver reported, its payloads copied.
package struct Received: Equatable {
  package enum Item: Equatable {
    case message(MessageKind, [UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(CloseCode?, String)
    case violation(ProtocolViolation)
  }

  package var items: [Item] = []
  package var end: EndOfStream = .betweenMessages

  package init(items: [Item] = [], end: EndOfStream = .betweenMessages) {
    self.items = items
    self.end = end
  }

  /// Feeds a receiver as the engine does: what it leaves is put in front of the next piece.
  ///
  /// - Parameter check: looks at the receiver after each event and each piece, and at how many
  ///   bytes it has been given.
  package init(
    _ pieces: [[UInt8]], by frames: inout FrameReceiver,
    check: (borrowing FrameReceiver, _ givenByteCount: Int) -> Void
  ) {
    self.init()
    var kept: [UInt8] = []
    var givenByteCount = 0
    for piece in pieces {
      var bytes = kept + piece
      givenByteCount += piece.count
      let end = bytes.count
      var cursor = 0
      while let event = Self.next(&frames, &bytes, &cursor, end) {
        add(event, bytes, &frames)
        check(frames, givenByteCount)
      }
      kept = Array(bytes[cursor...])
      promise(kept.count <= 139, "\(kept.count) bytes left to the caller")
      check(frames, givenByteCount)
    }
    end = frames.receiveEndOfStream(unconsumedByteCount: kept.count)
    promise(frames.bufferCapacity == 0, "memory held after the end")
  }

  private static func next(
    _ frames: inout FrameReceiver, _ bytes: inout [UInt8], _ cursor: inout Int, _ end: Int
  ) -> Event? {
    let start = cursor
    var span = bytes.mutableSpan
    let event = frames.next(in: &span, from: &cursor, upTo: end)
    promise(
      (start...end).contains(cursor), "the cursor moved from \(start) to \(cursor) of \(end)")
    return event
  }

  private mutating func add(_ event: Event, _ bytes: [UInt8], _ frames: inout FrameReceiver) {
    switch event {
    case .message(let kind, let range): items.append(.message(kind, Array(bytes[range])))
    case .assembledMessage(let kind):
      let message = frames.takeMessage()
      items.append(.message(kind, message.withSpan { span in span.indices.map { span[$0] } }))
    case .part(let part, _): preconditionFailure("a part of a \(part.kind) that nobody asked for")
    case .ping(let range): items.append(.ping(Array(bytes[range])))
    case .pong(let range): items.append(.pong(Array(bytes[range])))
    case .close(let code, let reason):
      promise(frames.bufferCapacity == 0, "memory held behind the end")
      items.append(.close(code, reason))
    case .violation(let violation):
      promise(frames.bufferCapacity == 0, "memory held behind the end")
      items.append(.violation(violation))
    }
  }
}
