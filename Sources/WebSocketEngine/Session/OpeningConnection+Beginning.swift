import EventLoop
import Vocabulary
import WebSocketProtocol

// A connection that sends little, or much that never becomes a request, is held cheaply: a thousand
// bytes are taken from the socket, the rest stays in the kernel's buffer, where it is peeked at,
// until the first line of the request is whole, or the ClientHello.

extension OpeningConnection {
  /// The most bytes held of a connection's beginning.
  static let maximumHeldBeginning = 1024
  /// The most bytes that stay in the kernel; a first line that is longer still, where
  /// `header-bytes` allows it, is held as well.
  static let maximumPeekedByteCount = 16 << 10

  /// The verdict on a connection's bytes so far.
  private enum Beginning {
    /// More are needed.
    case incomplete
    /// A trusted proxy's header stands in front.
    case proxyHeader(byteCount: Int)
    /// The first line of a request has come, or the ClientHello.
    case begun
    /// A request's whole head.
    case request(RequestHead, byteCount: Int)
    /// The connection was refused.
    case refused
  }

  /// Reads the beginning of a connection.
  ///
  /// - Parameter isEnd: whether nothing more will come than is in the kernel.
  func receiveBeginning(isEnd: Bool) {
    let input = sessions.input
    let descriptor = connection.descriptor
    input.copy(head.span, to: 0)
    var held = head.count
    let isWatchingChanges = held == Self.maximumHeldBeginning
    if held < Self.maximumHeldBeginning {
      let room = Self.maximumHeldBeginning - held
      switch input.withBytes({
        Syscalls.receive(descriptor, into: &$0, from: held, atMost: room)
      }) {
      case .bytes(let count): held += count
      case .wouldBlock: guard held > 0 else { return }
      case .endOfStream, .failed: return endEarly()
      }
    }
    var count = held
    var beginning = look(at: count)
    if case .incomplete = beginning, held == Self.maximumHeldBeginning {
      switch input.withBytes({
        Syscalls.peek(descriptor, into: &$0, from: held, atMost: Self.maximumPeekedByteCount)
      }) {
      case .bytes(let peeked):
        count += peeked
        beginning = look(at: count)
      case .wouldBlock: break
      case .endOfStream, .failed: return endEarly()
      }
    }
    if case .incomplete = beginning {
      // A peek does not tell the end.
      if isEnd, count > held { return endEarly() }
    } else if isWatchingChanges, phase != .refused {
      connection.watchLevel(sessions.reactor)
    }
    act(on: beginning, held, count, isEnd: isEnd)
    // Peeked bytes would be reported again and again: edge-triggered they are reported once more,
    // along with bytes that have come meanwhile.
    if !isWatchingChanges, head.count == Self.maximumHeldBeginning, !hasBegun {
      connection.watchChanges(sessions.reactor)
    }
    account()
  }

  private func act(on beginning: Beginning, _ held: Int, _ count: Int, isEnd: Bool) {
    let input = sessions.input
    switch beginning {
    case .refused: break
    case .incomplete:
      if count - held == Self.maximumPeekedByteCount {
        guard take(held..<count) else { return }
        head = input.array(of: 0..<count)
        hasBegun = true
        return connection.watchLevel(sessions.reactor)
      }
      head = input.array(of: 0..<held)
    case .proxyHeader(let byteCount):
      guard byteCount <= held || take(held..<byteCount) else { return }
      head = byteCount < held ? input.array(of: byteCount..<held) : []
      receiveBeginning(isEnd: isEnd)
    case .begun where phase == .securing:
      // The bytes in the kernel are read behind it when the handshake's turn comes.
      head = input.array(of: 0..<held)
      hasBegun = true
      waitForTurn()
    case .begun:
      hasBegun = true
      head = input.array(of: 0..<held)
      if held == Self.maximumHeldBeginning { receive() }
    case .request(let request, let byteCount):
      guard take(held..<count) else { return }
      connection.unconsumed = KeptInput(input.array(of: byteCount..<count))
      head = []
      decide(request)
    }
  }

  private func look(at count: Int) -> Beginning {
    if mayBeginWithProxyHeader {
      switch sessions.input.withSpan({ ProxyHeaderParser.parse($0.extracting(0..<count)) }) {
      case .incomplete: return .incomplete
      case .absent: mayBeginWithProxyHeader = false
      case .header(let header, let byteCount):
        mayBeginWithProxyHeader = false
        proxyHeader = header
        return .proxyHeader(byteCount: byteCount)
      case .malformed:
        refuseProxyHeader()
        return .refused
      }
    }
    return sessions.input.withSpan { bytes in
      let bytes = bytes.extracting(0..<count)
      return phase == .securing ? lookForHandshake(in: bytes) : lookForRequest(in: bytes)
    }
  }

  private func lookForRequest(in bytes: Span<UInt8>) -> Beginning {
    switch parser.parse(bytes) {
    case .incomplete: return parser.hasRequestLine ? .begun : .incomplete
    case .head(let request, let byteCount): return .request(request, byteCount: byteCount)
    case .refused(let refusal):
      refuse(refusal)
      return .refused
    }
  }

  private func lookForHandshake(in bytes: Span<UInt8>) -> Beginning {
    switch ClientHello.look(at: bytes) {
    case .incomplete: return .incomplete
    case .whole: return .begun
    case .malformed:
      // Five bytes are awaited, by which HEAD is known.
      let isHTTP = Self.beginsAsHTTP(bytes)
      if isHTTP, bytes.count < 5 { return .incomplete }
      refuseHandshake(isHTTP: isHTTP, isHEAD: RequestHeadParser.isHEAD(bytes))
      return .refused
    }
  }

  /// Whether bytes can begin a request: a method in capitals, as all known ones are.
  private static func beginsAsHTTP(_ bytes: Span<UInt8>) -> Bool {
    for index in 0..<min(4, bytes.count) {
      let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[index])
      guard isCapital || index > 0 && bytes[index] == UInt8(ascii: " ") else { return false }
    }
    return true
  }

  /// Takes peeked bytes from the kernel; false, and the connection closed, if that cannot be.
  private func take(_ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return true }
    let descriptor = connection.descriptor
    let result = sessions.input.withBytes {
      Syscalls.receive(descriptor, into: &$0, from: range.lowerBound, atMost: range.count)
    }
    guard result == .bytes(range.count) else {
      close()
      return false
    }
    return true
  }

  /// Closes a connection whose stream ended before it could be answered.
  private func endEarly() {
    if mayBeginWithProxyHeader, !head.isEmpty { countRefusal(.malformedProxyHeader) }
    close()
  }

  private func refuseProxyHeader() {
    if phase == .reading { return refuse(.malformedProxyHeader) }
    countRefusal(.malformedProxyHeader)
    discardRest()
  }

  /// Refuses bytes that are no TLS, without the help of OpenSSL.
  private func refuseHandshake(isHTTP: Bool, isHEAD: Bool) {
    let descriptor = connection.descriptor
    if isHTTP {
      countRefusal(.plainHTTPToTLS)
      let response = HandshakeRefusal.plainHTTPToTLS.response(isForHEAD: isHEAD)
      _ = Syscalls.send(descriptor, response.span)
    } else {
      sessions.server.ledger.recordRefusal("tls-handshake-failed", status: 0)
      let alert = ClientHello.alert
      _ = Syscalls.send(descriptor, alert.span)
    }
    discardRest()
  }
}
