internal import ControlProtocol
internal import EventLoop
internal import Vocabulary

/// A connected control socket with what is still to be read and to be sent.
///
/// Both kinds of connection keep their bytes here; neither blocks.
struct ControlSocket: ~Copyable {
  /// The most bytes that may wait to be sent: more than any request has.
  static let maximumOutputByteCount = 128 << 20
  /// How many times one call reads, so that an engine that floods does not keep its caller.
  private static let maximumReadCount = 64

  private let owned: OwnedDescriptor
  private let buffer = ReactorBuffer(byteCount: 64 << 10)
  private var output: [UInt8] = []
  private var sentByteCount = 0
  /// Whether the engine has finished sending.
  private(set) var isAtEnd = false

  init(owning descriptor: consuming OwnedDescriptor) {
    owned = descriptor
  }

  /// Connects to the engine at a path, after checking that it is ours.
  ///
  /// - Throws: `ControlClientError`.
  static func connect(to path: ControlPath) throws(ControlClientError) -> ControlSocket {
    if let directory = path.ownDirectory {
      do throws(PrivateDirectory.Failure) {
        try PrivateDirectory.check(directory)
      } catch {
        if case .missing = error { throw .noEngine(path: path.socket) }
        throw .notPermitted(path: path.socket, reason: error.description)
      }
    }
    do throws(SystemError) {
      let number = try Socket.connect(to: .unix(path: path.socket))
      return ControlSocket(owning: OwnedDescriptor(owning: number))
    } catch {
      if error.isNobodyThere { throw .noEngine(path: path.socket) }
      if error.isForbidden { throw .notPermitted(path: path.socket, reason: error.reason) }
      throw .system(error)
    }
  }

  var descriptor: Int32 { owned.number }

  var hasOutput: Bool { sentByteCount < output.count }

  /// Queues bytes; `flush` sends them.
  mutating func write(_ bytes: some Collection<UInt8>) throws(ControlClientError) {
    if !hasOutput {
      output.removeAll()
      sentByteCount = 0
    }
    guard output.count - sentByteCount + bytes.count <= Self.maximumOutputByteCount else {
      throw .tooManyRequests
    }
    output.append(contentsOf: bytes)
  }

  /// Sends what the socket takes.
  mutating func flush() throws(ControlClientError) {
    while hasOutput {
      switch Syscalls.send(descriptor, output.span.extracting(sentByteCount...)) {
      case .bytes(let count): sentByteCount += count
      case .wouldBlock: return
      case .failed(let number):
        throw ControlClientError(connectionFailed: number, call: "send")
      }
    }
  }

  /// Passes on what has come, until there is no more for now.
  mutating func read(
    _ body: (Span<UInt8>) throws(ControlClientError) -> Void
  ) throws(ControlClientError) {
    for _ in 0..<Self.maximumReadCount where !isAtEnd {
      let number = descriptor
      let result = buffer.withBytes { Syscalls.receive(number, into: &$0, from: 0) }
      switch result {
      case .bytes(let count):
        try buffer.withSpan { (bytes) throws(ControlClientError) in
          try body(bytes.extracting(..<count))
        }
      case .wouldBlock: return
      case .endOfStream: isAtEnd = true
      case .failed(let number):
        // An engine that dies with input unread resets the connection; what it said still counts.
        let error = ControlClientError(connectionFailed: number, call: "recv")
        guard error == .connectionLost else { throw error }
        isAtEnd = true
      }
    }
  }
}

@available(*, unavailable)
extension ControlSocket: Sendable {}
