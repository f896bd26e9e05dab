internal import EventLoop
internal import Vocabulary
internal import WebSocketProtocol

/// Reads the answers on an HTTP connection, RFC 9112 §6.
///
/// The engine frames its bodies by Content-Length alone; anything else is not the control API.
struct ReplyReader {
  /// An answer.
  struct Reply {
    var head: ResponseHead
    var body: [UInt8]
  }

  static let maximumBodyByteCount = 64 << 20
  private static let maximumHeadByteCount = 16 << 10

  private var input: [UInt8] = []
  private var parser = ResponseHeadParser(maximumByteCount: maximumHeadByteCount)
  private var head: ResponseHead?
  private var missingByteCount = 0

  /// Takes received bytes.
  mutating func append(_ bytes: Span<UInt8>) {
    input.append(copying: bytes)
  }

  /// Takes the bytes behind the last answer, for another protocol.
  mutating func takeRest() -> [UInt8] {
    defer { input = [] }
    return input
  }

  /// The next whole answer, or nil if more bytes are needed.
  ///
  /// Interim answers are passed over, but for 101, behind which another protocol begins.
  mutating func next() throws(ControlClientError) -> Reply? {
    while true {
      if let head {
        guard input.count >= missingByteCount else { return nil }
        let body = Array(input.prefix(missingByteCount))
        input.removeFirst(missingByteCount)
        self.head = nil
        if head.status.rawValue < 200, head.status != .switchingProtocols { continue }
        return Reply(head: head, body: body)
      }
      // The parser is copied, since it cannot be changed while the input beside it is lent.
      var parser = parser
      let outcome = parser.parse(input.span)
      self.parser = parser
      switch outcome {
      case .incomplete: return nil
      case .malformed: throw .malformed("this is no HTTP response")
      case .head(let head, let byteCount):
        input.removeFirst(byteCount)
        missingByteCount = try Self.bodyByteCount(of: head)
        self.head = head
      }
    }
  }

  private static func bodyByteCount(
    of head: ResponseHead
  ) throws(ControlClientError) -> Int {
    switch head.status.rawValue {
    case 100..<200, 204, 304: return 0
    default: break
    }
    guard head.headers.values(of: "Transfer-Encoding").isEmpty else {
      throw .malformed("the body has a transfer encoding")
    }
    let lengths = head.headers.values(of: "Content-Length")
    guard let text = lengths.first, lengths.count == 1,
      text.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int(text)
    else { throw .malformed("the body has no length") }
    guard count <= maximumBodyByteCount else {
      throw .malformed("the body of \(count) bytes is too large")
    }
    return count
  }
}
