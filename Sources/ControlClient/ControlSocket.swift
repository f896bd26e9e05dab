internal import ControlProtocol
internal import EventLoop
internal import Vocabulary

/// A control socket with its input and output: a Unix socket on this machine, TLS elsewhere.
///
/// Both kinds of connection keep their bytes here; neither blocks. Nothing is sent before the
/// engine's certificate has been verified.
struct ControlSocket: ~Copyable {
  /// How far the connection has come.
  private enum Stage {
    /// TCP connects.
    case connecting
    /// The TLS handshake is under way.
    case securing
    /// Bytes go both ways.
    case open
  }

  /// The most bytes that may wait to be sent: more than any request has.
  static let maximumOutputByteCount = 128 << 20
  /// How many times one call reads, so that an engine that floods does not keep its caller.
  private static let maximumReadCount = 64

  private let owned: OwnedDescriptor
  private let buffer = ReactorBuffer(byteCount: 64 << 10)
  private let remote: (target: RemoteTarget, tls: TLSConnection)?
  private var stage: Stage
  private var output: [UInt8] = []
  private var sentByteCount = 0
  /// Whether the engine has finished sending.
  private(set) var isAtEnd = false

  init(owning descriptor: consuming OwnedDescriptor) {
    owned = descriptor
    remote = nil
    stage = .open
  }

  private init(
    owning descriptor: consuming OwnedDescriptor, to target: RemoteTarget
  ) throws(TLSError) {
    owned = descriptor
    remote = (
      target,
      try TLSConnection(
        client: target.context, serverName: target.fingerprint == nil ? target.host : nil,
        TLSBuffers())
    )
    stage = .connecting
  }

  /// Connects to an engine; on this machine after checking that it is ours.
  ///
  /// - Throws: `ControlClientError`.
  static func connect(to target: ControlTarget) throws(ControlClientError) -> ControlSocket {
    switch target {
    case .local(let path): try connect(to: path)
    case .remote(let target): try connect(to: target)
    }
  }

  private static func connect(to path: ControlPath) throws(ControlClientError) -> ControlSocket {
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

  private static func connect(
    to target: RemoteTarget
  ) throws(ControlClientError) -> ControlSocket {
    let number: Int32
    do throws(SystemError) {
      number = try Socket.connect(to: target.address)
    } catch {
      throw ControlClientError(connecting: error, to: target)
    }
    Socket.keepAlive(number)
    do throws(TLSError) {
      return try ControlSocket(owning: OwnedDescriptor(owning: number), to: target)
    } catch {
      throw .notSecured(path: target.text, reason: error.reason)
    }
  }

  var descriptor: Int32 { owned.number }

  /// The value of the Host field.
  var host: String { remote?.target.authority ?? "wstop" }

  /// The token that each request shows; nil on this machine.
  var token: String? { remote?.target.token }

  var hasOutput: Bool { sentByteCount < output.count }

  /// The events that the descriptor is to be watched for now.
  var interest: Interest {
    let waits =
      switch stage {
      case .connecting: true
      case .securing: remote?.tls.hasUnsent ?? false
      case .open: hasOutput || remote?.tls.hasUnsent ?? false
      }
    return waits ? [.readable, .writable] : .readable
  }

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
    guard try goOn() else { return }
    while hasOutput {
      switch send(output.span.extracting(sentByteCount...)) {
      case .bytes(let count): sentByteCount += count
      case .wouldBlock: return
      case .failed(let number):
        throw ControlClientError(connectionFailed: number, call: "send")
      }
    }
  }

  private func send(_ bytes: Span<UInt8>) -> Syscalls.WriteResult {
    guard let tls = remote?.tls else { return Syscalls.send(descriptor, bytes) }
    let sent = tls.send(bytes, to: descriptor)
    if sent.hasFailed { return .failed(Self.lost) }
    return sent.byteCount == 0 ? .wouldBlock : .bytes(sent.byteCount)
  }

  /// Passes on received bytes, until there are no more for now.
  mutating func read(
    _ body: (Span<UInt8>) throws(ControlClientError) -> Void
  ) throws(ControlClientError) {
    guard try goOn() || stage == .securing else { return }
    for _ in 0..<Self.maximumReadCount where !isAtEnd {
      let number = descriptor
      if let tls = remote?.tls {
        guard try read(through: tls, body) else { return }
        continue
      }
      let result = buffer.withBytes { Syscalls.receive(number, into: &$0, from: 0) }
      switch result {
      case .bytes(let count): try pass(count, to: body)
      case .wouldBlock: return
      case .endOfStream: isAtEnd = true
      case .failed(let number): try end(number)
      }
    }
  }

  private func pass(
    _ count: Int, to body: (Span<UInt8>) throws(ControlClientError) -> Void
  ) throws(ControlClientError) {
    try buffer.withSpan { (bytes) throws(ControlClientError) in
      try body(bytes.extracting(..<count))
    }
  }

  /// Ends the input of a lost connection: an engine that dies with input unread resets it, and the
  /// bytes before that still count.
  private mutating func end(_ number: Int32) throws(ControlClientError) {
    let error = ControlClientError(connectionFailed: number, call: "recv")
    guard error == .connectionLost else { throw error }
    isAtEnd = true
  }

  // MARK: TLS

  private static let lost = SystemError.connectionReset.number

  /// Takes connecting and securing a step further; false while bytes cannot go both ways.
  private mutating func goOn() throws(ControlClientError) -> Bool {
    guard let (target, tls) = remote else { return true }
    if stage == .connecting {
      guard !Poll.wait(for: descriptor, .writable, milliseconds: 0).isEmpty else { return false }
      if let error = Socket.connectError(descriptor) {
        throw ControlClientError(connecting: error, to: target)
      }
      stage = .securing
      let sent: TLSConnection.Sent
      do throws(TLSError) {
        sent = try tls.beginHandshake(on: descriptor)
      } catch {
        throw .notSecured(path: target.text, reason: error.reason)
      }
      guard !sent.hasFailed else { throw .connectionLost }
    }
    if tls.hasUnsent, tls.flush(to: descriptor).hasFailed { throw .connectionLost }
    return stage == .open
  }

  /// Reads once; false if there is no more for now.
  private mutating func read(
    through tls: TLSConnection, _ body: (Span<UInt8>) throws(ControlClientError) -> Void
  ) throws(ControlClientError) -> Bool {
    let number = descriptor
    let received = buffer.withBytes { tls.receive(from: number, into: &$0, from: 0) }
    if stage == .securing, tls.isOpen {
      try check(tls)
      stage = .open
      try flush()
    }
    if received.byteCount > 0 { try pass(received.byteCount, to: body) }
    switch received.end {
    case nil: return received.wireIn > 0
    case .endOfStream?: isAtEnd = true
    case .failed(let error)?:
      guard let target = remote?.target, stage != .open else { throw .connectionLost }
      throw .notSecured(path: target.text, reason: error.reason)
    case .lost(let number)?: try end(number == 0 ? Self.lost : number)
    }
    return true
  }

  /// Checks the engine's certificate by its fingerprint, where that is known.
  private func check(_ tls: TLSConnection) throws(ControlClientError) {
    guard let target = remote?.target, let wanted = target.fingerprint else { return }
    let found = tls.peerFingerprint
    guard let found, found.matches(wanted) else {
      throw .notSecured(
        path: target.text,
        reason: "the engine shows another certificate, with the SHA-256 "
          + (found?.description ?? "of none"))
    }
  }
}

@available(*, unavailable)
extension ControlSocket: Sendable {}
