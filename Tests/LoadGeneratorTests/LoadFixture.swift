import EventLoop
import Vocabulary
import WebSocketProtocol

@testable import LoadGenerator

/// What the tests of a load begin with.
enum LoadFixture {
  static func plan(_ change: (inout LoadPlan) -> Void = { _ in }) throws -> LoadPlan {
    let url = try WebSocketURL("ws://127.0.0.1:9/ws/echo")
    var plan = LoadPlan(
      url: url, address: try ResolvedAddress(.internet(host: "127.0.0.1", port: 9)))
    change(&plan)
    return plan
  }

  static func at(_ milliseconds: Int) -> Instant {
    Instant(nanoseconds: Int64(milliseconds) * 1_000_000)
  }

  /// What a stream sends of its first messages, taken in pieces of a size.
  static func bytes(
    of stream: FrameStream, messages: Int, from payload: LoadPayload, pieceByteCount: Int = 1 << 20
  ) -> [UInt8] {
    var stream = stream
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: pieceByteCount)
    while true {
      var span = buffer.mutableSpan
      let (count, position) = stream.fill(&span, until: messages, from: payload)
      guard count > 0 else { return all }
      all += buffer[..<count]
      stream.advance(to: position)
    }
  }

  /// The messages that a server reads from a client's bytes.
  static func messages(
    in bytes: [UInt8], compression: MessageCompression? = nil
  ) -> [[UInt8]] {
    var frames = FrameReceiver(
      role: .server, maximumMessageByteCount: 1 << 30, compression: compression)
    var bytes = bytes
    var cursor = 0
    var messages: [[UInt8]] = []
    let end = bytes.count
    var span = bytes.mutableSpan
    while let event = frames.next(in: &span, from: &cursor, upTo: end) {
      switch event {
      case .message(_, let range): messages.append(Array(copying: span.span.extracting(range)))
      case .assembledMessage:
        let message = frames.takeMessage()
        messages.append(message.withSpan { Array(copying: $0) })
      default: return []
      }
    }
    return cursor == end ? messages : []
  }
}

extension LoadPayload {
  /// The comparison in a form that an expectation can show.
  func matches(_ bytes: some Collection<UInt8>, at offset: Int, of message: Message) -> Bool {
    let piece = Array(bytes)
    return matches(piece.span, at: offset, of: message)
  }
}
