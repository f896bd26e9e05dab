import EventLoop
import Logging
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

/// A server on a port of its own, and what a test asks of it.
struct ServerFixture: Sendable {
  let server: Server
  let port: UInt16
  let log: Recorder<String>
  /// The settings of its clients, if it speaks TLS.
  var clients: TLSContext?

  /// A client that is connected, over TLS if the server speaks it.
  func client(receiveBufferByteCount: Int32? = nil) async throws -> TestClient {
    let client = try await bareClient(receiveBufferByteCount: receiveBufferByteCount)
    if let clients { try await client.secure(clients) }
    return client
  }

  /// A client that is connected and has said nothing yet.
  func bareClient(receiveBufferByteCount: Int32? = nil) async throws -> TestClient {
    try await TestClient(port: port, receiveBufferByteCount: receiveBufferByteCount)
  }

  /// A client with an open session.
  func session(
    _ target: String = "/echo", offering extensions: String? = nil,
    receiveBufferByteCount: Int32? = nil
  ) async throws -> TestClient {
    let client = try await client(receiveBufferByteCount: receiveBufferByteCount)
    try await client.open(target, offering: extensions)
    return client
  }

  /// Waits for the end of every turn that has begun, with which a reactor publishes its counters
  /// and its part of the account: what a client has seen is in them then.
  func turnsEnd() async {
    for handle in server.reactors { await handle.run { _ in } }
  }

  /// The engine's one account of what it holds for others.
  var bufferedByteCount: Int {
    get async {
      await turnsEnd()
      return server.admission.buffered.byteCount
    }
  }

  func count(_ counter: ReactorCounters.Counter) async -> Int {
    await turnsEnd()
    return server.reactors.reduce(0) { $0 + $1.counters[counter] }
  }

  /// How many sessions ended with a code by a kind of initiator.
  func closes(_ code: UInt16, by kind: CloseInitiator.Kind) async -> Int {
    await turnsEnd()
    return server.ledger.snapshot().closes
      .first { $0.code.rawValue == code && $0.initiator == kind }?.count ?? 0
  }

  func refusals(_ reason: String, status: Int) async -> Int {
    await turnsEnd()
    return server.ledger.snapshot().refusals
      .first { $0.reason == reason && $0.status == status }?.count ?? 0
  }

  /// The records in use on all reactors.
  var samples: [SessionSample] {
    var samples: [SessionSample] = []
    for handle in server.reactors { handle.slab.forEachOpen { samples.append($1) } }
    return samples
  }

  /// The one session that is open.
  func onlySession() throws -> SessionSample {
    #expect(samples.count == 1)
    return try #require(samples.first)
  }

  /// Waits until no session and no handshake is left, nor anything that they held.
  func becomesEmpty() async throws {
    for counter in [ReactorCounters.Counter.openNow, .openingNow] {
      try await eventually("an empty server") { await count(counter) == 0 }
    }
    try await eventually("nothing held") { await bufferedByteCount == 0 }
  }

  /// A fresh client is served: whatever happened before harmed nobody else.
  func expectAlive(_ target: String = "/echo") async throws {
    let client = try await session(target)
    try await client.send("alive?")
    #expect(try await client.nextAnsweringPings() == .text("alive?"))
    try await client.sendClose(.normalClosure)
    _ = try await client.readToEnd()
  }
}

extension Router {
  /// `/echo` and `/echo-async`.
  mutating func addEchoes() throws(RouteError) {
    try route("/echo") { _ in ClosureHandler() }
    try webSocket("/echo-async", echo)
  }
}

/// The asynchronous echo.
@Sendable func echo(_ socket: WebSocket) async throws {
  try await socket.accept()
  for try await message in socket.messages {
    switch message {
    case .text(let text): try await socket.send(text)
    case .binary(let bytes): try await socket.send(bytes)
    case .close: return
    }
  }
}

/// Runs a server with the echo routes and others, and checks the books when it has stopped.
///
/// It pings nobody and waits long for handshakes and for the answer to a close unless the settings
/// say otherwise: on a busy machine a test's client may take longer than any server would wait.
///
/// - Parameter tls: the certificates of its listeners, if they speak TLS. With
///   `WSTOP_TESTS_OVER_TLS` in the environment they do so in every test that does not say.
func withServer(
  _ settings: [String] = [], reactors: Int = 1, origins: [String] = [], hosts: [String] = [],
  proxies: [String] = [], compression: CompressionMode = .shared,
  listeners: [String] = ["127.0.0.1:0"], tls: TLSSettings? = nil,
  shutdownTimeout: Duration = .seconds(10),
  routes: (inout Router) throws -> Void = { _ in },
  _ body: (ServerFixture) async throws -> Void
) async throws {
  var router = Router()
  try router.addEchoes()
  try routes(&router)
  let log = Recorder<String>()
  let certificates = tls == nil ? try TLSEverywhere.certificates : nil
  let secured = tls ?? certificates?.settings
  let server = try Server(
    ServerConfiguration(
      listeners: listeners.compactMap { SocketAddress($0) }.map { Listener($0, tls: secured) },
      reactorCount: reactors,
      settings: ["ping-interval=off", "handshake-timeout=10m", "close-timeout=30s"] + settings,
      allowedOrigins: origins, allowedHosts: hosts,
      compression: compression, trustedProxies: proxies,
      logger: Logger(label: "test") { _ in RecordingLog(recorder: log) }),
    routes: router)
  try server.start()
  var port: UInt16 = 0
  if case .internet(_, let number) = server.addresses.first { port = number }
  let fixture = ServerFixture(
    server: server, port: port, log: log,
    clients: try secured.map { _ in try TLSContext.client(verifying: .nothing) })
  do {
    try await body(fixture)
  } catch {
    await server.shutDown(timeout: .seconds(1))
    throw error
  }
  await server.shutDown(timeout: shutdownTimeout)
  #expect(await fixture.count(.openNow) == 0)
  #expect(await fixture.count(.openingNow) == 0)
  let openedCount = await fixture.count(.opened)
  #expect(await fixture.count(.closed) == openedCount)
  #expect(await fixture.bufferedByteCount == 0)
  #expect(server.admission.sessionCount == 0)
  #expect(server.admission.addressCount == 0)
  #expect(server.ledger.snapshot().closeCount == openedCount)
  #expect(fixture.samples.isEmpty)
  #expect(server.rooms.names.isEmpty)
}
