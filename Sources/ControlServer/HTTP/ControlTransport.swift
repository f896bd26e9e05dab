internal import EventLoop
internal import WebSocketProtocol

/// The bytes of one connection of the control API: as they are, or through TLS.
///
/// Confined to the control reactor.
final class ControlTransport {
  /// The result of one read.
  struct Received {
    /// How many bytes; also 0, of a handshake or a part of a record.
    var byteCount = 0
    /// The end of the input; nil while more may come.
    var end: End?
  }

  /// The way in which the input ended.
  enum End {
    /// The client sends no more.
    case endOfStream
    /// The connection is broken, or is not of TLS where it should be.
    case failed
  }

  /// The descriptor; it stays the transport's own.
  let descriptor: Int32
  private var owned: OwnedDescriptor?
  private let tls: TLSConnection?

  /// The transport of a connection that was accepted, whose descriptor it owns.
  init(owning descriptor: Int32, tls: TLSConnection? = nil) {
    self.descriptor = descriptor
    self.tls = tls
    owned = OwnedDescriptor(owning: descriptor)
  }

  /// How many encrypted bytes the socket has yet to take.
  var unsentByteCount: Int { tls?.unsentByteCount ?? 0 }

  /// How many bytes the client has taken, counted from those that the socket holds.
  var takenByteCount: Int { -Socket.untakenByteCount(descriptor) }

  /// Reads once.
  func receive(into bytes: inout MutableSpan<UInt8>) -> Received {
    guard let tls else {
      return switch Syscalls.receive(descriptor, into: &bytes, from: 0) {
      case .bytes(let count): Received(byteCount: count)
      case .wouldBlock: Received()
      case .endOfStream: Received(end: .endOfStream)
      case .failed: Received(end: .failed)
      }
    }
    let received = tls.receive(from: descriptor, into: &bytes, from: 0)
    switch received.end {
    case nil: return Received(byteCount: received.byteCount)
    case .endOfStream?: return Received(byteCount: received.byteCount, end: .endOfStream)
    case .failed(let error)?:
      if error.kind == .plainHTTP {
        _ = Syscalls.send(descriptor, HandshakeRefusal.plainHTTPToTLS.response().span)
      }
      return Received(end: .failed)
    case .lost?: return Received(end: .failed)
    }
  }

  /// Sends what the socket takes.
  func send(_ bytes: Span<UInt8>) -> Syscalls.WriteResult {
    guard let tls else { return Syscalls.send(descriptor, bytes) }
    let sent = tls.send(bytes, to: descriptor)
    if sent.hasFailed { return .failed(0) }
    return sent.byteCount == 0 ? .wouldBlock : .bytes(sent.byteCount)
  }

  /// Sends encrypted bytes that wait.
  func flush() -> OutputQueue.Progress {
    guard let tls, tls.hasUnsent else { return .drained }
    let sent = tls.flush(to: descriptor)
    if sent.hasFailed { return .failed }
    return tls.hasUnsent ? .blocked(isMoving: sent.wireOut > 0) : .drained
  }

  /// Ends the sending side.
  func endWriting() {
    _ = tls?.sendCloseNotify(to: descriptor)
    Syscalls.shutdownWriting(descriptor)
  }

  /// Closes the connection.
  func close() { owned = nil }
}

@available(*, unavailable)
extension ControlTransport: Sendable {}
