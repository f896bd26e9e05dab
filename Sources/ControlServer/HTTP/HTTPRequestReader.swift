internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketProtocol

/// Reads the requests of one connection from the bytes as they come, RFC 9112.
///
/// It does no I/O. A refusal ends the connection, since it is not known where the next request
/// begins.
struct HTTPRequestReader {
  /// The outcome of reading the bytes so far.
  enum Outcome {
    /// More bytes are needed.
    case incomplete
    /// More bytes are needed, and the client waits for `100 Continue` before it sends them.
    case expectsContinue
    /// A whole request.
    case request(HTTPRequest)
    /// No request that is answered.
    case refused(ControlRefusal)
  }

  /// The largest head, in bytes.
  static let maximumHeadByteCount = 16 << 10
  /// The largest body, in bytes.
  static let maximumBodyByteCount = 1 << 20

  private var input: [UInt8] = []
  private var parser = RequestHeadParser(maximumByteCount: maximumHeadByteCount)
  private var head: RequestHead?
  private var bodyByteCount = 0
  private var saidContinue = false

  /// The most bytes that wait to be read, which is more than a request has.
  static let maximumByteCount = maximumHeadByteCount + maximumBodyByteCount

  /// How many bytes wait to be read.
  var byteCount: Int { input.count }

  /// Whether a request has begun and is not complete.
  var isInsideRequest: Bool { head != nil || !input.isEmpty }

  /// Takes received bytes.
  mutating func append(_ bytes: Span<UInt8>) {
    input.append(copying: bytes)
  }

  /// Takes the bytes behind the last request, for another protocol.
  mutating func takeRest() -> [UInt8] {
    defer { input = [] }
    return input
  }

  /// Forgets the bytes received.
  mutating func discard() {
    self = HTTPRequestReader()
  }

  /// The next request, if it is complete.
  ///
  /// - Parameter admit: checks a head before anything of its body is awaited, once.
  mutating func next(
    admitting admit: (RequestHead) throws(ControlRefusal) -> Void = { _ in }
  ) -> Outcome {
    do throws(ControlRefusal) {
      if head == nil { head = try nextHead(admit) }
      guard let head else { return .incomplete }
      guard input.count >= bodyByteCount else {
        guard expectsContinue(head) else { return .incomplete }
        saidContinue = true
        return .expectsContinue
      }
      let body = Array(input.prefix(bodyByteCount))
      input.removeFirst(bodyByteCount)
      self.head = nil
      saidContinue = false
      return .request(HTTPRequest(head: head, body: body))
    } catch {
      return .refused(error)
    }
  }

  private func expectsContinue(_ head: RequestHead) -> Bool {
    !saidContinue && input.isEmpty && head.headers["Expect"] != nil
  }

  private mutating func nextHead(
    _ admit: (RequestHead) throws(ControlRefusal) -> Void
  ) throws(ControlRefusal) -> RequestHead? {
    // The parser is copied, since it cannot be changed while the input beside it is lent.
    var parser = parser
    let outcome = parser.parse(input.span)
    self.parser = parser
    switch outcome {
    case .incomplete: return nil
    case .refused(let refusal): throw ControlRefusal(refusal)
    case .head(let head, let byteCount):
      input.removeFirst(byteCount)
      try admit(head)
      bodyByteCount = try Self.bodyByteCount(of: head)
      return head
    }
  }

  /// Checks what is decided by the head alone, and gives the size of the body.
  private static func bodyByteCount(of head: RequestHead) throws(ControlRefusal) -> Int {
    // A browser sends `Origin` with all that a page of another origin makes it send.
    guard head.headers["Origin"] == nil else {
      throw ControlRefusal(
        status: 403, code: "origin-not-allowed", "pages of browsers may not use the control API")
    }
    let framing: BodyFraming
    do { framing = try head.bodyFraming() } catch { throw ControlRefusal(error) }
    guard case .byteCount(let count) = framing else {
      throw ControlRefusal(
        status: 411, code: "length-required", "the length of the body is to be given, not coded")
    }
    guard count <= maximumBodyByteCount else {
      throw ControlRefusal(
        status: 413, code: "body-too-large",
        "the body has \(count) bytes, of which \(maximumBodyByteCount) are taken")
    }
    let expectations = head.headers.listElements(of: "Expect")
    guard expectations.allSatisfy({ $0.lowercased() == "100-continue" }) else {
      throw ControlRefusal(
        status: 417, code: "expectation-failed", "the only expectation met is 100-continue")
    }
    return count
  }
}

extension ControlRefusal {
  /// A refusal in a line.
  init(status: Int, code: String, _ message: String, allowedMethods: [ControlMethod] = []) {
    self.init(
      status: status, ControlError(code: code, message: message), allowedMethods: allowedMethods)
  }

  /// The refusal of a head or of an opening handshake.
  init(_ refusal: HandshakeRefusal) {
    self.init(status: refusal.status.rawValue, code: refusal.name, refusal.text)
  }
}
