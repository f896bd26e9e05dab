import EventLoop
import Glibc
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

/// A server that does what a test tells it, right or wrong, as a gateway's upstream.
final class FakeUpstream {
  private let listener: OwnedDescriptor
  let port: UInt16

  /// Listens on a port of its own.
  init() throws {
    let bound = try Socket.listen(
      on: .internet(host: "127.0.0.1", port: 0), sharesPort: false)
    listener = OwnedDescriptor(owning: bound.descriptor)
    guard case .internet(_, let port) = bound.address else { preconditionFailure("it is IPv4") }
    self.port = port
  }

  /// The next connection, of which nothing is read.
  func accept() async throws -> TestClient {
    while true {
      switch Socket.accept(from: listener.number) {
      case .connection(let descriptor, _): return TestClient(connected: descriptor, as: .server)
      case .exhausted(let error): throw error
      case .wouldBlock:
        guard await Waiting.shared.wait(for: listener.number, POLLIN) else {
          throw TestTimeout(what: "a connection of the gateway")
        }
      }
    }
  }

  /// The next connection and its request.
  func request() async throws -> (peer: TestClient, head: RequestHead) {
    let peer = try await accept()
    var parser = RequestHeadParser(maximumByteCount: 1 << 16)
    var bytes: [UInt8] = []
    while true {
      let (byte, end) = try await peer.read(atMost: 1)
      guard end == nil else { throw TestTimeout(what: "a request: the stream ended") }
      bytes += byte
      switch parser.parse(bytes.span) {
      case .incomplete: continue
      case .head(let head, _): return (peer, head)
      case .refused(let refusal): throw refusal
      }
    }
  }

  /// The next connection, whose opening handshake is answered.
  func open(
    subprotocol: String? = nil, headers: [(String, String)] = [], behind rest: [UInt8] = []
  ) async throws -> (peer: TestClient, head: RequestHead) {
    let (peer, head) = try await request()
    let response = try HandshakeResponse(
      to: UpgradeRequest(head), subprotocol: subprotocol,
      headers: Headers(headers.compactMap { HeaderField(name: $0.0, value: $0.1) }))
    try await peer.send(raw: response.bytes + rest)
    return (peer, head)
  }
}

extension Router {
  /// Relays a path to an upstream.
  mutating func relay(_ pattern: String, to targets: String) throws {
    try relay(pattern, through: Gateway(to: UpstreamURL.list(targets)))
  }
}

/// Runs a gateway before upstreams that tests play, for all paths.
func withGateway(
  _ settings: [String] = [], to ports: UInt16..., body: (ServerFixture) async throws -> Void
) async throws {
  let targets = ports.map { "ws://127.0.0.1:\($0)" }.joined(separator: ",")
  try await withServer(settings, routes: { try $0.relay("/*", to: targets) }, body)
}

/// Runs an upstream that tests play, a gateway before it, and a body with both and an open session.
func withRelay(
  _ settings: [String] = [],
  _ body: (ServerFixture, TestClient, TestClient) async throws -> Void
) async throws {
  let upstream = try FakeUpstream()
  try await withGateway(settings, to: upstream.port) { gateway in
    let client = try await gateway.client()
    let peer = try await client.open(through: upstream)
    try await body(gateway, client, peer)
  }
}

extension TestClient {
  /// Opens a session through a gateway, and gives the upstream's side of it.
  func open(_ target: String = "/any", through upstream: FakeUpstream) async throws -> TestClient {
    try await send(raw: Self.handshake(target).request)
    let (peer, _) = try await upstream.open()
    let head = try await responseHead()
    guard head.status == .switchingProtocols else { throw TestTimeout(what: "the gateway's 101") }
    return peer
  }
}
