import EventLoop
import Vocabulary

/// A connection for tests: bytes out, bytes in, with a deadline on every wait.
final class ByteStream {
  enum Failure: Error {
    case timedOut(soFar: String)
    case ended(soFar: String)
    case broken(Int32)
  }

  static let patience = Duration.seconds(120)

  private let owned: OwnedDescriptor
  /// What has come and was not taken.
  private(set) var input: [UInt8] = []
  private(set) var isAtEnd = false
  private var tls: TLSConnection?

  init(to address: SocketAddress) throws {
    owned = OwnedDescriptor(owning: try Socket.connect(to: address))
    _ = Poll.wait(for: owned.number, .writable, milliseconds: 10_000)
  }

  /// A connection that is secured, whoever the server is.
  convenience init(securelyTo address: SocketAddress) throws {
    try self.init(to: address)
    let tls = try TLSConnection(
      client: try TLSContext.client(verifying: .nothing), serverName: nil, TLSBuffers())
    self.tls = tls
    _ = try tls.beginHandshake(on: owned.number)
    let deadline = deadline
    while !tls.isOpen {
      guard !isAtEnd else { throw Failure.ended(soFar: text) }
      try wait(for: .readable, until: deadline)
      receive()
    }
  }

  var descriptor: Int32 { owned.number }

  func send(_ text: String) throws {
    try send(Array(text.utf8))
  }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      switch write(bytes.span.extracting(sent..<bytes.count)) {
      case .bytes(let count): sent += count
      case .wouldBlock: try wait(for: .writable, until: deadline)
      case .failed(let number): throw Failure.broken(number)
      }
    }
  }

  private func write(_ bytes: Span<UInt8>) -> Syscalls.WriteResult {
    guard let tls else { return Syscalls.send(owned.number, bytes) }
    let sent = tls.send(bytes, to: owned.number)
    if sent.hasFailed { return .failed(0) }
    return sent.byteCount > 0 ? .bytes(sent.byteCount) : .wouldBlock
  }

  func shutDownWriting() {
    Syscalls.shutdownWriting(owned.number)
  }

  /// Waits until `take` finds what it looks for and says how many bytes that were.
  func take<Value>(_ find: ([UInt8]) throws -> (Value, Int)?) throws -> Value {
    let deadline = deadline
    while true {
      if let (value, byteCount) = try find(input) {
        input.removeFirst(byteCount)
        return value
      }
      guard !isAtEnd else { throw Failure.ended(soFar: text) }
      try wait(for: .readable, until: deadline)
      receive()
    }
  }

  /// Waits until the other side has ended the connection; false if it does not.
  func waitForEnd() -> Bool {
    let deadline = deadline
    while !isAtEnd {
      guard (try? wait(for: .readable, until: deadline)) != nil else { return false }
      receive()
    }
    return true
  }

  /// Reads what is there without waiting.
  private func receive() {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var span = buffer.mutableSpan
    if let tls {
      let received = tls.receive(from: owned.number, into: &span, from: 0)
      input += buffer[..<received.byteCount]
      if received.end != nil { isAtEnd = true }
      return
    }
    switch Syscalls.receive(owned.number, into: &span, from: 0) {
    case .bytes(let count): input += buffer[..<count]
    case .wouldBlock: break
    case .endOfStream, .failed: isAtEnd = true
    }
  }

  private var text: String { String(decoding: input.prefix(4096), as: UTF8.self) }

  private var deadline: Instant { SystemClock.monotonic().advanced(by: Self.patience) }

  private func wait(for interest: Interest, until deadline: Instant) throws {
    while true {
      let left = SystemClock.monotonic().duration(to: deadline)
      guard left > .zero else { throw Failure.timedOut(soFar: text) }
      let milliseconds = Int32(clamping: left.wholeNanoseconds / 1_000_000 + 1)
      if !Poll.wait(for: owned.number, interest, milliseconds: milliseconds).isEmpty { return }
    }
  }
}
