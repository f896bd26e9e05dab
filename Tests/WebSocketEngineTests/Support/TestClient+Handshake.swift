import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

extension TestClient {
  /// A response that is no session.
  struct Response: Sendable {
    var status: Int
    var headers: Headers
    var body: String
    var end: Received
  }

  static let key = Array("the sample nonce".utf8)

  /// The client's request for a target.
  static func handshake(
    _ target: String, subprotocols: [String] = [], extensions: [Extension] = [],
    headers: [(String, String)] = []
  ) -> ClientHandshake {
    ClientHandshake(
      host: "127.0.0.1", target: target, key: key, subprotocols: subprotocols,
      extensions: extensions,
      headers: Headers(headers.compactMap { HeaderField(name: $0.0, value: $0.1) }))
  }

  /// Opens a session, and compresses if what is offered is accepted.
  @discardableResult
  func open(
    _ target: String = "/echo", subprotocols: [String] = [], offering extensions: String? = nil,
    headers: [(String, String)] = []
  ) async throws -> (head: ResponseHead, subprotocol: String?) {
    let handshake = Self.handshake(
      target, subprotocols: subprotocols,
      extensions: extensions.flatMap { Extension.parse([$0]) } ?? [], headers: headers)
    try await send(raw: handshake.request)
    let head = try await responseHead()
    let agreement = try handshake.validate(head)
    if let parameters = agreement.deflate { compress(parameters) }
    return (head, agreement.subprotocol)
  }

  /// The head of the response to a handshake.
  func responseHead() async throws -> ResponseHead {
    var parser = ResponseHeadParser(maximumByteCount: 1 << 16)
    var bytes: [UInt8] = []
    while true {
      let (byte, end) = try await read(atMost: 1)
      guard end == nil else { throw TestTimeout(what: "a response: the stream ended") }
      bytes += byte
      switch parser.parse(bytes.span) {
      case .incomplete: continue
      case .head(let head, _): return head
      case .malformed: throw TestTimeout(what: "a well-formed response")
      }
    }
  }

  /// Sends a request of any kind and reads the answer to the end of the stream.
  func exchange(_ request: [UInt8]) async throws -> Response {
    try await send(raw: request)
    return try await response()
  }

  /// The refusal of a handshake, read to the end of the stream.
  func response() async throws -> Response {
    let head = try await responseHead()
    let (body, end) = try await readToEnd()
    return Response(
      status: head.status.rawValue, headers: head.headers,
      body: String(decoding: body, as: UTF8.self), end: end)
  }
}
