import ControlProtocol
import EventLoop
import Testing
import Vocabulary
@testable import WebSocketProtocol

/// The far end of a connection, driven by hand.
final class FakeEngine {
  private var descriptor: Int32?
  private var frames = FrameReceiver(role: .server, maximumMessageByteCount: 1 << 20)

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit { stop() }

  /// An engine and the descriptor of the client's end.
  static func pair() throws -> (FakeEngine, Int32) {
    let (near, far) = try Socket.pair()
    return (FakeEngine(far), near)
  }

  func stop() {
    if let descriptor { Syscalls.close(descriptor) }
    descriptor = nil
  }

  /// What the client has sent since the last call.
  func receive() -> [UInt8] {
    guard let descriptor else { return [] }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var span = buffer.mutableSpan
      guard case .bytes(let count) = Syscalls.receive(descriptor, into: &span, from: 0) else {
        return received
      }
      received += buffer[..<count]
    }
  }

  func receiveText() -> String { String(decoding: receive(), as: UTF8.self) }

  /// Sends bytes and says how many the socket took.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Int {
    guard let descriptor, !bytes.isEmpty,
      case .bytes(let count) = Syscalls.send(descriptor, bytes.span)
    else { return 0 }
    return count
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  /// Answers a request.
  func answer(_ reply: ControlReply) { send(Self.answer(reply)) }

  static func answer(_ reply: ControlReply) -> [UInt8] {
    Array("HTTP/1.1 \(reply.status) X\r\nContent-Length: \(reply.body.count)\r\n\r\n".utf8)
      + reply.body
  }

  /// Answers the opening handshake of a watch that was just received.
  func acceptWatch() throws {
    let request = receiveText()
    #expect(request.hasPrefix("GET /v1/watch HTTP/1.1\r\nHost: wstop\r\n"))
    let line = try #require(
      request.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") })
    send(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: \(AcceptKey.make(for: String(line.dropFirst(19))))\r\n\r\n")
  }

  static func frame(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
    var frame: [UInt8] = []
    FrameEncoder.append(
      opcode, isFinal: isFinal, payload: payload.span, maskingKey: nil, to: &frame)
    return frame
  }

  /// The client's next messages and control frames, unmasked; the receiver checks the masking.
  func receiveEvents() -> [(Event, [UInt8])] {
    var bytes = receive()
    var cursor = 0
    var events: [(Event, [UInt8])] = []
    while let event = next(in: &bytes, from: &cursor) {
      switch event {
      case .message(_, let range), .ping(let range), .pong(let range):
        events.append((event, Array(bytes[range])))
      default: events.append((event, []))
      }
    }
    return events
  }

  private func next(in bytes: inout [UInt8], from cursor: inout Int) -> Event? {
    let end = bytes.count
    var span = bytes.mutableSpan
    return frames.next(in: &span, from: &cursor, upTo: end)
  }

  static let statistics = EngineStatistics(
    engine: EngineIdentity(
      run: "r1", name: "default", version: "1.0.0", processID: 42, startedAt: 0,
      listeners: ["127.0.0.1:8080"], routes: []),
    now: 10, uptimeSeconds: 10)
}
