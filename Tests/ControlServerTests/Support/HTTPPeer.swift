import ControlProtocol
import EventLoop
import WebSocketProtocol

/// A client of the control API that speaks HTTP by hand.
final class HTTPPeer {
  struct Reply {
    var status: Int
    var headers: Headers
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
      try ControlJSON.decode(Value.self, from: body)
    }

    /// The term of the error that the body is.
    var errorCode: String? { (try? decode(ControlError.self))?.error.code }
  }

  let stream: ByteStream

  init(_ path: ControlPath) throws {
    stream = try ByteStream(to: .unix(path: path.socket))
  }

  /// A client from elsewhere.
  init(securelyTo address: SocketAddress) throws {
    stream = try ByteStream(securelyTo: address)
  }

  /// Sends a request without waiting for the answer.
  func send(
    _ method: String, _ target: String, _ body: String? = nil, headers: [String] = []
  ) throws {
    try stream.send(Self.request(method, target, body, headers: headers))
  }

  /// Sends a request and waits for the answer.
  func request(
    _ method: String, _ target: String, _ body: String? = nil, headers: [String] = []
  ) throws -> Reply {
    try send(method, target, body, headers: headers)
    return try reply()
  }

  func get(_ target: String) throws -> Reply { try request("GET", target) }

  func post(_ target: String, _ body: String) throws -> Reply {
    try request("POST", target, body)
  }

  /// The bytes of a request.
  static func request(
    _ method: String, _ target: String, _ body: String? = nil, headers: [String] = []
  ) -> String {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost"] + headers
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
  }

  /// Waits for the next answer, with its body where it has a length.
  func reply(hasBody: Bool = true) throws -> Reply {
    let head = try head()
    let count = hasBody ? head.headers["Content-Length"].flatMap { Int($0) } ?? 0 : 0
    let body = try stream.take { input in
      input.count >= count ? (Array(input.prefix(count)), count) : nil
    }
    return Reply(status: head.status.rawValue, headers: head.headers, body: body)
  }

  /// Waits for the head of an answer.
  func head() throws -> ResponseHead {
    try stream.take { input in
      var parser = ResponseHeadParser(maximumByteCount: 16 << 10)
      guard case .head(let head, let byteCount) = parser.parse(input.span) else { return nil }
      return (head, byteCount)
    }
  }

  /// Waits for the next line of a stream.
  func line() throws -> [UInt8] {
    try stream.take { input in
      input.firstIndex(of: UInt8(ascii: "\n")).map { (Array(input[..<$0]), $0 + 1) }
    }
  }
}
