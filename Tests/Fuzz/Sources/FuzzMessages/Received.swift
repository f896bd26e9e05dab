import Vocabulary
import WebSocketProtocol

/// What an endpoint reported, its payloads copied.
struct Received: Equatable {
  enum Item: Equatable {
    case message(MessageKind, [UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(CloseCode?, String)
    case violation(ProtocolViolation)
  }

  var items: [Item] = []
  var end: EndOfStream = .betweenMessages

  mutating func add(_ event: Event, _ bytes: [UInt8], _ endpoint: inout Endpoint) {
    switch event {
    case .message(let kind, let range): items.append(.message(kind, Array(bytes[range])))
    case .assembledMessage(let kind):
      let message = endpoint.takeMessage()
      items.append(.message(kind, message.withSpan { span in span.indices.map { span[$0] } }))
    case .ping(let range): items.append(.ping(Array(bytes[range])))
    case .pong(let range): items.append(.pong(Array(bytes[range])))
    case .close(let code, let reason): items.append(.close(code, reason))
    case .violation(let violation): items.append(.violation(violation))
    }
  }
}
