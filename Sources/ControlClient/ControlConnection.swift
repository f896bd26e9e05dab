package import ControlProtocol
package import EventLoop
internal import WebSocketProtocol

/// One connection to an engine for requests, answered in their order; it never blocks.
///
/// The caller watches ``descriptor`` for ``interest`` and calls ``flush()`` and ``receive()`` when
/// it is ready; after an error the connection is of no more use. One request at a time is on its
/// way, so that the requests behind it are known not to have been carried out when the engine dies.
/// One thread uses a connection.
package final class ControlConnection {
  /// An answer, with the tag its request was given.
  package struct TaggedReply: Equatable, Sendable {
    /// The request's tag.
    package var tag: Int
    /// The answer.
    package var reply: ControlReply
  }

  /// The most requests that may wait.
  package static let maximumRequestCount = 64

  private var socket: ControlSocket
  private var reader = ReplyReader()
  private var requests: [(tag: Int, request: ControlRequest)] = []
  /// Whether the first request has been handed to the socket.
  private var isFirstSent = false

  /// A connection on a socket that is connected to an engine and does not block.
  package init(owning descriptor: consuming OwnedDescriptor) {
    socket = ControlSocket(owning: descriptor)
  }

  /// Connects to an engine.
  ///
  /// - Throws: `ControlClientError`, such as `noEngine`.
  package init(to target: ControlTarget) throws(ControlClientError) {
    socket = try ControlSocket.connect(to: target)
  }

  /// The descriptor to wait for; it stays the connection's own.
  package var descriptor: Int32 { socket.descriptor }

  /// The events that the descriptor is to be watched for now.
  package var interest: Interest { socket.interest }

  /// Requests that have not been answered.
  package var waitingRequestCount: Int { requests.count }

  /// Queues a request and sends what can be sent at once.
  ///
  /// - Throws: `ControlClientError`, such as `tooManyRequests`.
  package func send(_ request: ControlRequest, tag: Int = 0) throws(ControlClientError) {
    guard requests.count < Self.maximumRequestCount else { throw .tooManyRequests }
    requests.append((tag, request))
    try flush()
  }

  /// Sends what the socket takes.
  ///
  /// - Throws: `ControlClientError`.
  package func flush() throws(ControlClientError) {
    if !isFirstSent, let first = requests.first {
      isFirstSent = true
      try socket.write(bytes(of: first.request.http))
    }
    try socket.flush()
  }

  /// Takes the received bytes, and the answers in them.
  ///
  /// Answers that came before the connection ended are returned first; the next call throws.
  ///
  /// - Throws: `ControlClientError`: `connectionLost` once the engine has ended the connection.
  package func receive() throws(ControlClientError) -> [TaggedReply] {
    try receive { (tag, request, reply) throws(ControlClientError) in
      TaggedReply(tag: tag, reply: try Self.decode(reply, to: request))
    }
  }

  /// Takes the received bytes like `receive`, with the JSON of each answer as it came.
  ///
  /// - Throws: `ControlClientError`; a refusal is one.
  package func receiveBodies() throws(ControlClientError) -> [[UInt8]] {
    try receive { (_, request, reply) throws(ControlClientError) in
      guard reply.head.status.rawValue >= 300 else { return reply.body }
      guard case .refused(let status, let error) = try Self.decode(reply, to: request) else {
        throw .malformed("unexpected HTTP status \(reply.head.status.rawValue)")
      }
      throw .refused(status: status, error)
    }
  }

  private func receive<Answer>(
    _ read: (Int, ControlRequest, ReplyReader.Reply) throws(ControlClientError) -> Answer
  ) throws(ControlClientError) -> [Answer] {
    guard !socket.isAtEnd else { throw .connectionLost }
    try socket.read { reader.append($0) }
    var answers: [Answer] = []
    while let reply = try reader.next() {
      guard let first = requests.first, isFirstSent else {
        throw .malformed("an answer came that nobody asked for")
      }
      requests.removeFirst()
      isFirstSent = false
      answers.append(try read(first.tag, first.request, reply))
      // An engine that has ended the connection after an answer takes no more requests.
      if !socket.isAtEnd { try flush() }
    }
    if socket.isAtEnd, answers.isEmpty { throw .connectionLost }
    return answers
  }

  private static func decode(
    _ reply: ReplyReader.Reply, to request: ControlRequest
  ) throws(ControlClientError) -> ControlReply {
    do {
      return try ControlReply(to: request, status: reply.head.status.rawValue, body: reply.body)
    } catch {
      throw .malformed(error.error.message)
    }
  }

  private func bytes(of request: ControlHTTPRequest) -> [UInt8] {
    var head = "\(request.method.rawValue) \(request.target) HTTP/1.1\r\nHost: \(socket.host)\r\n"
    if let token = socket.token { head += "Authorization: Bearer \(token)\r\n" }
    if request.method != .get {
      head += "Content-Type: application/json\r\nContent-Length: \(request.body.count)\r\n"
    }
    return Array((head + "\r\n").utf8) + request.body
  }
}

@available(*, unavailable)
extension ControlConnection: Sendable {}
