import ControlProtocol
import EventLoop
import Vocabulary
import WebSocketProtocol

/// A WebSocket client for tests, of the engine or of a watch.
final class WebSocketPeer {
  enum Received: Equatable {
    case text(String)
    case binary([UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(CloseCode?, String)
  }

  struct Refused: Error {
    var status: Int
  }

  let stream: ByteStream

  convenience init(
    to address: SocketAddress, target: String, headers: [(String, String)] = [],
    subprotocols: [String] = []
  ) throws {
    try self.init(
      on: try ByteStream(to: address), target: target, headers: headers,
      subprotocols: subprotocols)
  }

  init(
    on stream: ByteStream, target: String, headers: [(String, String)] = [],
    subprotocols: [String] = []
  ) throws {
    self.stream = stream
    let fields = headers.compactMap { HeaderField(name: $0.0, value: $0.1) }
    let handshake = ClientHandshake(
      host: "localhost", target: target, key: Array(0..<16), subprotocols: subprotocols,
      headers: Headers(fields))
    try stream.send(handshake.request)
    let head: ResponseHead = try stream.take { input in
      var parser = ResponseHeadParser(maximumByteCount: 16 << 10)
      guard case .head(let head, let byteCount) = parser.parse(input.span) else { return nil }
      return (head, byteCount)
    }
    guard head.status == .switchingProtocols else { throw Refused(status: head.status.rawValue) }
    _ = try handshake.validate(head)
  }

  /// A watch of an engine.
  convenience init(watching path: ControlPath, _ request: WatchRequest? = nil) throws {
    try self.init(to: .unix(path: path.socket), target: ControlEndpoint.watchPath)
    if let request { try look(at: request) }
  }

  func send(_ opcode: Opcode, _ payload: [UInt8]) throws {
    var frame: [UInt8] = []
    FrameEncoder.append(opcode, payload: payload.span, maskingKey: 0x01020304, to: &frame)
    try stream.send(frame)
  }

  func send(_ text: String) throws {
    try send(.text, Array(text.utf8))
  }

  func close(_ code: CloseCode) throws {
    var frame: [UInt8] = []
    FrameEncoder.appendClose(code, maskingKey: 0x01020304, to: &frame)
    try stream.send(frame)
  }

  func look(at request: WatchRequest) throws {
    try send(.text, ControlJSON.encode(request))
  }

  /// Waits for the next whole frame; none of those that tests receive is fragmented.
  func receive() throws -> Received {
    try stream.take { input in
      var frames = FrameReceiver(role: .client, maximumMessageByteCount: 64 << 20)
      var bytes = input
      var cursor = 0
      let end = bytes.count
      // A message that has not come whole is taken from the start again.
      let event: Event? = {
        var span = bytes.mutableSpan
        return frames.next(in: &span, from: &cursor, upTo: end)
      }()
      switch event {
      case .message(.text, let range)?:
        return (.text(String(decoding: bytes[range], as: UTF8.self)), cursor)
      case .message(.binary, let range)?: return (.binary(Array(bytes[range])), cursor)
      case .ping(let range)?: return (.ping(Array(bytes[range])), cursor)
      case .pong(let range)?: return (.pong(Array(bytes[range])), cursor)
      case .close(let code, let reason)?: return (.close(code, reason), cursor)
      case .violation(let violation)?: throw violation
      case .assembledMessage?, .part?, nil: return nil
      }
    }
  }

  /// Waits for the next snapshot of a watch.
  func snapshot() throws -> Snapshot {
    while true {
      switch try receive() {
      case .text(let json): return try ControlJSON.decode(Snapshot.self, from: json.utf8)
      case .ping, .pong: continue
      case let other: throw Unexpected(other)
      }
    }
  }

  /// Waits for a snapshot for which something holds, for a minute at most.
  func snapshot(where isWanted: (Snapshot) -> Bool) throws -> Snapshot {
    let end = SystemClock.monotonic().advanced(by: .seconds(60))
    while true {
      let snapshot = try snapshot()
      if isWanted(snapshot) { return snapshot }
      guard SystemClock.monotonic() < end else { throw Unwanted(last: snapshot) }
    }
  }

  struct Unwanted: Error {
    var last: Snapshot
  }

  struct Unexpected: Error {
    var received: Received

    init(_ received: Received) {
      self.received = received
    }
  }
}
