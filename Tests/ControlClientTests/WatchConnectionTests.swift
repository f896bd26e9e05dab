import ControlClient
import ControlProtocol
import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@Suite("A watch of an engine", .limited)
struct WatchConnectionTests {
  static func pair(
    _ request: WatchRequest = WatchRequest()
  ) throws -> (FakeEngine, WatchConnection) {
    let (engine, descriptor) = try FakeEngine.pair()
    return (
      engine, try WatchConnection(owning: OwnedDescriptor(owning: descriptor), watching: request)
    )
  }

  /// A watch whose handshake is done and whose first request the engine has read.
  static func open() throws -> (FakeEngine, WatchConnection) {
    let (engine, connection) = try pair()
    try engine.acceptWatch()
    #expect(try connection.receive() == [])
    #expect(try requests(engine) == [WatchRequest()])
    return (engine, connection)
  }

  static func requests(_ engine: FakeEngine) throws -> [WatchRequest] {
    try engine.receiveEvents().map { event, payload in
      guard case .message(.text, _) = event else {
        throw ControlClientError.malformed("\(event)")
      }
      return try ControlJSON.decode(WatchRequest.self, from: payload)
    }
  }

  static func snapshot(_ sequence: Int) -> Snapshot {
    Snapshot(sequence: sequence, statistics: FakeEngine.statistics)
  }

  static func frame(_ sequence: Int) -> [UInt8] {
    FakeEngine.frame(.text, ControlJSON.encode(snapshot(sequence)))
  }

  @Test("The handshake is answered, then what is watched is said")
  func handshake() throws {
    let (engine, connection) = try Self.pair(WatchRequest(historySeconds: 60))
    // A wish from before the handshake has ended replaces the first.
    try connection.say(WatchRequest(wantsLimits: true))
    try engine.acceptWatch()
    #expect(try connection.receive() == [])
    #expect(try Self.requests(engine) == [WatchRequest(wantsLimits: true)])
    try connection.say(WatchRequest(eventsAfter: 3))
    #expect(try Self.requests(engine) == [WatchRequest(eventsAfter: 3)])
  }

  @Test("The handshake and the first snapshots may come at once")
  func atOnce() throws {
    let (engine, connection) = try Self.pair()
    try engine.acceptWatch()
    engine.send(Self.frame(1) + Self.frame(2))
    #expect(try connection.receive() == [Self.snapshot(1), Self.snapshot(2)])
  }

  @Test("Snapshots may come in pieces and in fragments", arguments: [1, 2, 7, 100])
  func pieces(size: Int) throws {
    let (engine, connection) = try Self.open()
    let json = ControlJSON.encode(Self.snapshot(3))
    let bytes =
      Self.frame(1) + FakeEngine.frame(.ping, [9]) + Self.frame(2)
      + FakeEngine.frame(.text, Array(json.prefix(50)), isFinal: false)
      + FakeEngine.frame(.pong, [])
      + FakeEngine.frame(.continuation, Array(json.dropFirst(50)))
    var snapshots: [Snapshot] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      engine.send(Array(bytes[start..<min(start + size, bytes.count)]))
      snapshots += try connection.receive()
    }
    #expect(snapshots == [1, 2, 3].map(Self.snapshot))
    let events = engine.receiveEvents()
    #expect(events.count == 1)
    #expect(events.first?.1 == [9])
  }

  @Test("The engine's goodbye is answered and reported after the last snapshot")
  func close() throws {
    let (engine, connection) = try Self.open()
    var frame = Self.frame(1)
    FrameEncoder.appendClose(.goingAway, reason: "drain", maskingKey: nil, to: &frame)
    engine.send(frame)
    #expect(try connection.receive() == [Self.snapshot(1)])
    #expect(throws: ControlClientError.closed(.goingAway, reason: "drain")) {
      try connection.receive()
    }
    #expect(engine.receiveEvents().map(\.0) == [.close(.goingAway, reason: "drain")])
  }

  @Test("The goodbye of an engine that is gone at once is no loss of what came before it")
  func closeAndGone() throws {
    let (engine, connection) = try Self.open()
    var frame = Self.frame(1)
    FrameEncoder.appendClose(.goingAway, reason: "drain", maskingKey: nil, to: &frame)
    engine.send(frame)
    engine.stop()
    #expect(try connection.receive() == [Self.snapshot(1)])
    #expect(throws: ControlClientError.closed(.goingAway, reason: "drain")) {
      try connection.receive()
    }
  }

  @Test("A dead engine is an error after its last snapshot")
  func dead() throws {
    let (engine, connection) = try Self.open()
    engine.send(Self.frame(1))
    engine.stop()
    #expect(try connection.receive() == [Self.snapshot(1)])
    #expect(throws: ControlClientError.connectionLost) { try connection.receive() }
    #expect(throws: ControlClientError.connectionLost) { try connection.receive() }
  }

  @Test("An engine that dies during the handshake is gone")
  func deadEarly() throws {
    let (engine, connection) = try Self.pair()
    _ = engine.receive()
    engine.send("HTTP/1.1 101")
    engine.stop()
    #expect(throws: ControlClientError.connectionLost) { try connection.receive() }
  }

  @Test("An engine may refuse the watch")
  func refused() throws {
    let (engine, connection) = try Self.pair()
    let error = ControlError(code: "forbidden", message: "not you")
    engine.answer(.refused(status: 403, error.error))
    #expect(throws: ControlClientError.refused(status: 403, error.error)) {
      try connection.receive()
    }
  }

  @Test(
    "Handshakes that are wrong are malformed",
    arguments: [
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: c29tZXRoaW5nIGVsc2Ugd3Jvbmc=\r\n\r\n",
      "gibberish\r\n",
    ])
  func wrongHandshake(answer: String) throws {
    let (engine, connection) = try Self.pair()
    engine.send(answer)
    Self.expectMalformed { _ = try connection.receive() }
  }

  @Test("What is no snapshot is malformed")
  func wrongFrames() throws {
    for frame in [
      FakeEngine.frame(.text, Array("{}".utf8)), FakeEngine.frame(.binary, [1]),
      FakeEngine.frame(.text, [0xFF]), [0x83, 0x00],
    ] {
      let (engine, connection) = try Self.open()
      engine.send(frame)
      Self.expectMalformed { _ = try connection.receive() }
    }
  }

  static func expectMalformed(_ body: () throws -> Void) {
    let error = #expect(throws: ControlClientError.self, performing: body)
    guard case .malformed = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
