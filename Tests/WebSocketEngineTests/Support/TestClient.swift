import EventLoop
import Glibc
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

/// A client on the loopback that can do right and wrong: raw bytes, frames, messages.
final class TestClient {
  /// What came from the server.
  enum Received: Equatable, Sendable {
    case text(String)
    case binary([UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(UInt16?, String)
    case endOfStream
    case connectionReset
    case violation(String)
    case tlsFailure(String)
  }

  /// One frame as it stood on the wire.
  struct Frame: Equatable, Sendable {
    var opcode: UInt8
    var isFinal: Bool
    var rsv1 = false
    var payload: [UInt8]
  }

  private(set) var descriptor: Int32
  /// Bytes that came and were not looked at yet, from `cursor` on.
  private var buffer: [UInt8] = []
  private var cursor = 0
  private let scratch = ReactorBuffer(byteCount: 256 << 10)
  /// The side that it plays: the server's, if it was accepted.
  private let role: Role
  private var frames: FrameReceiver
  /// What compresses its messages, if that was negotiated.
  private(set) var compression: MessageCompression?
  private var generator = SystemRandomNumberGenerator()
  /// What secures the connection, once `secure` was called.
  private(set) var tls: TLSConnection?

  /// Connects to a port of 127.0.0.1.
  ///
  /// - Parameter receiveBufferByteCount: SO_RCVBUF, to make the server's writes short.
  convenience init(port: UInt16, receiveBufferByteCount: Int32? = nil) async throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(call: "socket", number: errno) }
    if var size = receiveBufferByteCount {
      _ = setsockopt(
        descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      let number = errno
      Glibc.close(descriptor)
      throw SystemError(call: "connect", number: number)
    }
    self.init(connected: descriptor)
  }

  /// Takes over a connected descriptor.
  init(connected descriptor: Int32, as role: Role = .client) {
    self.descriptor = descriptor
    self.role = role
    frames = FrameReceiver(role: role, maximumMessageByteCount: 1 << 30)
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    Socket.disableDelay(descriptor)
  }

  deinit { close() }

  // MARK: Bytes

  /// Makes the TLS handshake; from here on everything is encrypted.
  ///
  /// - Throws: `Failure` with the end of the stream if the server refuses.
  func secure(
    _ context: TLSContext, name: String? = "localhost", resuming session: TLSSession? = nil
  ) async throws {
    let tls = try TLSConnection(
      client: context, serverName: name, resuming: session, TLSBuffers())
    _ = try tls.beginHandshake(on: descriptor)
    self.tls = tls
    while !tls.isOpen {
      if let end = try await fill(timeout: Waiting.patience) { throw Failure(end: end) }
    }
  }

  /// The connection ended where it should not.
  struct Failure: Error {
    var end: Received
  }

  /// Sends all bytes, however long the server takes.
  func send(raw bytes: [UInt8]) async throws {
    if let tls { return try await send(raw: bytes, through: tls) }
    var sent = 0
    while sent < bytes.count {
      switch Syscalls.send(descriptor, bytes.span.extracting(sent..<bytes.count)) {
      case .bytes(let count): sent += count
      case .wouldBlock:
        guard await Waiting.shared.wait(for: descriptor, POLLOUT) else {
          throw TestTimeout(what: "room to send")
        }
      case .failed(let number): throw SystemError(call: "send", number: number)
      }
    }
  }

  private func send(raw bytes: [UInt8], through tls: TLSConnection) async throws {
    var sent = 0
    while sent < bytes.count || tls.hasUnsent {
      let result =
        sent < bytes.count
        ? tls.send(bytes.span.extracting(sent..<bytes.count), to: descriptor)
        : tls.flush(to: descriptor)
      guard !result.hasFailed else { throw SystemError(call: "send", number: EPIPE) }
      sent += result.byteCount
      guard tls.hasUnsent else { continue }
      guard await Waiting.shared.wait(for: descriptor, POLLOUT) else {
        throw TestTimeout(what: "room to send")
      }
    }
  }

  /// Sends what the kernel takes now, and says how much that was.
  func sendNow(raw bytes: [UInt8]) -> Int {
    if let tls { return tls.send(bytes.span, to: descriptor).byteCount }
    if case .bytes(let count) = Syscalls.send(descriptor, bytes.span) { return count }
    return 0
  }

  /// Ends the sending side (FIN).
  func finishSending() {
    _ = tls?.sendCloseNotify(to: descriptor)
    Syscalls.shutdownWriting(descriptor)
  }

  /// Ends the connection as an orderly close does.
  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Vanishes: the connection is reset (RST).
  func reset() {
    var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
    _ = setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    close()
  }

  /// Reads once more into the buffer; nil if bytes came, else how the stream ended.
  private func fill(timeout: Duration) async throws -> Received? {
    if cursor > 0 {
      buffer.removeFirst(cursor)
      cursor = 0
    }
    let descriptor = descriptor
    while let tls {
      let received = scratch.withBytes { tls.receive(from: descriptor, into: &$0, from: 0) }
      scratch.withSpan { buffer.append(copying: $0.extracting(0..<received.byteCount)) }
      if received.byteCount > 0 { return nil }
      switch received.end {
      case .endOfStream?: return .endOfStream
      case .failed(let error)?: return .tlsFailure(error.reason)
      case .lost?: return .connectionReset
      case nil: if received.wireIn > 0 { return nil }
      }
      guard await Waiting.shared.wait(for: descriptor, POLLIN, timeout: timeout) else {
        throw TestTimeout(what: "bytes from the server")
      }
    }
    while true {
      switch scratch.withBytes({ Syscalls.receive(descriptor, into: &$0, from: 0) }) {
      case .bytes(let count):
        scratch.withSpan { buffer.append(copying: $0.extracting(0..<count)) }
        return nil
      case .wouldBlock:
        guard await Waiting.shared.wait(for: descriptor, POLLIN, timeout: timeout) else {
          throw TestTimeout(what: "bytes from the server")
        }
      case .endOfStream: return .endOfStream
      case .failed: return .connectionReset
      }
    }
  }

  /// That many bytes, or fewer if the stream ends.
  func read(
    atMost count: Int, timeout: Duration = Waiting.patience
  ) async throws -> (bytes: [UInt8], end: Received?) {
    while buffer.count - cursor < count {
      if let end = try await fill(timeout: timeout) {
        let bytes = Array(buffer[cursor...])
        cursor = buffer.count
        return (bytes, end)
      }
    }
    let bytes = Array(buffer[cursor..<(cursor + count)])
    cursor += count
    return (bytes, nil)
  }

  /// Takes bytes that somebody else has read from the connection.
  func hold(_ bytes: [UInt8]) { buffer += bytes }

  /// Everything until the stream ends, and how it did.
  func readToEnd() async throws -> (bytes: [UInt8], end: Received) {
    let (bytes, end) = try await read(atMost: .max)
    return (bytes, end ?? .endOfStream)
  }

  // MARK: Frames and messages

  /// Takes compressed messages from here on, and may send them.
  func compress(_ parameters: DeflateParameters) {
    let compression = MessageCompression(parameters, role: .client, streams: DeflateStreams())
    frames = FrameReceiver(
      role: .client, maximumMessageByteCount: 1 << 30, compression: compression)
    self.compression = compression
  }

  /// A message compressed, if it becomes smaller by that.
  func compressedFrame(_ opcode: Opcode, _ message: [UInt8]) throws -> [UInt8] {
    guard let compression else { throw TestTimeout(what: "compression: none was negotiated") }
    return compression.deflate(message.span) { payload, isCompressed in
      frame(opcode, Array(copying: payload), rsv1: isCompressed)
    }
  }

  func sendCompressed(_ opcode: Opcode, _ message: [UInt8]) async throws {
    try await send(raw: compressedFrame(opcode, message))
  }

  /// One frame, masked with a random key if it plays the client.
  func frame(
    _ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true, rsv1: Bool = false
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    FrameEncoder.append(
      opcode, isFinal: isFinal, rsv1: rsv1, payload: payload.span, maskingKey: maskingKey,
      to: &bytes)
    return bytes
  }

  func send(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) async throws {
    try await send(raw: frame(opcode, payload, isFinal: isFinal))
  }

  func send(_ text: String) async throws {
    try await send(.text, Array(text.utf8))
  }

  func send(_ bytes: [UInt8]) async throws {
    try await send(.binary, bytes)
  }

  func sendClose(_ code: CloseCode?, _ reason: String = "") async throws {
    var bytes: [UInt8] = []
    FrameEncoder.appendClose(code, reason: reason, maskingKey: maskingKey, to: &bytes)
    try await send(raw: bytes)
  }

  private var maskingKey: UInt32? { role == .client ? generator.next() : nil }

  /// The next message, control frame or end.
  func next(timeout: Duration = Waiting.patience) async throws -> Received {
    while true {
      if let received = parse() { return received }
      if let end = try await fill(timeout: timeout) { return end }
    }
  }

  /// The next thing that is no ping, which is answered.
  func nextAnsweringPings(timeout: Duration = Waiting.patience) async throws -> Received {
    while true {
      let received = try await next(timeout: timeout)
      guard case .ping(let payload) = received else { return received }
      try await send(.pong, payload)
    }
  }

  private func parse() -> Received? {
    var span = buffer.mutableSpan
    guard let event = frames.next(in: &span, from: &cursor, upTo: span.count) else { return nil }
    switch event {
    case .message(let kind, let range): return message(kind, Array(buffer[range]))
    case .assembledMessage(let kind):
      let assembled = frames.takeMessage()
      return message(kind, assembled.withSpan { Array(copying: $0) })
    case .part(let part, _): return .violation("a part of a \(part.kind)")
    case .ping(let range): return .ping(Array(buffer[range]))
    case .pong(let range): return .pong(Array(buffer[range]))
    case .close(let code, let reason): return .close(code?.rawValue, reason)
    case .violation(let violation): return .violation(violation.name)
    }
  }

  private func message(_ kind: MessageKind, _ bytes: [UInt8]) -> Received {
    kind == .text ? .text(String(decoding: bytes, as: UTF8.self)) : .binary(bytes)
  }

  /// The next frame as it stands on the wire; not to be mixed with `next` inside a message.
  func nextFrame() async throws -> Frame {
    func bytes(_ count: Int) async throws -> [UInt8] {
      let (bytes, end) = try await read(atMost: count)
      guard end == nil else { throw TestTimeout(what: "a whole frame: the stream ended") }
      return bytes
    }
    let head = try await bytes(2)
    var length = Int(head[1])
    if length >= 126 {
      length = try await bytes(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
    }
    return Frame(
      opcode: head[0] & 0x0F, isFinal: head[0] & 0x80 != 0, rsv1: head[0] & 0x40 != 0,
      payload: try await bytes(length))
  }
}
