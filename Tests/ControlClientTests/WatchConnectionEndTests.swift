import ControlClient
import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@Suite("The end of a watch, and an engine that behaves badly", .limited)
struct WatchConnectionEndTests {
  private static func close(of engine: FakeEngine) -> (CloseCode?, String)? {
    for case (.close(let code, let reason), _) in engine.receiveEvents() { return (code, reason) }
    return nil
  }

  @Test(
    "Snapshots before what is wrong come first, and the engine is told what is wrong",
    arguments: [
      ([0x83, 0x00], .protocolError, "opcode 3 is reserved"),
      ([0x81, 0x01, 0xFF], .invalidFramePayloadData, "a text message is not UTF-8"),
      ([0x81, 0x81, 0, 0, 0, 0, 0x61], .protocolError, "a server's frame is masked"),
      ([0x82, 0x00], .unsupportedData, "what is pushed is JSON in a text"),
    ] as [([UInt8], CloseCode, String)])
  func wrongFrames(bytes: [UInt8], code: CloseCode, reason: String) throws {
    let (engine, connection) = try WatchConnectionTests.open()
    engine.send(WatchConnectionTests.frame(1) + bytes + WatchConnectionTests.frame(2))
    #expect(try connection.receive() == [WatchConnectionTests.snapshot(1)])
    WatchConnectionTests.expectMalformed { _ = try connection.receive() }
    let close = try #require(Self.close(of: engine))
    #expect(close == (code, reason))
    // It stays as it ended.
    engine.send(WatchConnectionTests.frame(3))
    WatchConnectionTests.expectMalformed { _ = try connection.receive() }
  }

  @Test("Nothing behind the engine's close frame counts, and nothing is sent any more")
  func behindTheClose() throws {
    let (engine, connection) = try WatchConnectionTests.open()
    var bytes = WatchConnectionTests.frame(1)
    FrameEncoder.appendClose(.goingAway, reason: "drain", maskingKey: nil, to: &bytes)
    engine.send(bytes + WatchConnectionTests.frame(2) + FakeEngine.frame(.ping, [1]))
    #expect(try connection.receive() == [WatchConnectionTests.snapshot(1)])
    try connection.say(WatchRequest(wantsLimits: true))
    #expect(engine.receiveEvents().map(\.0) == [.close(.goingAway, reason: "drain")])
  }

  @Test("An engine that pings and does not read is owed little, and answered at the end")
  func pingFlood() throws {
    let (engine, connection) = try WatchConnectionTests.open()
    func payload(_ number: Int) -> [UInt8] { [UInt8](repeating: 7, count: 120) + "\(number)".utf8 }
    let count = 20_000
    for start in stride(from: 0, to: count, by: 100) {
      let frames = (start..<(start + 100)).flatMap { FakeEngine.frame(.ping, payload($0)) }
      #expect(engine.send(frames) == frames.count)
      #expect(try connection.receive() == [])
    }
    var bytes: [UInt8] = []
    while true {
      let more = engine.receive()
      guard !more.isEmpty else { break }
      bytes += more
      try connection.flush()
    }
    var side = Conversation(
      .server, limits: Conversation.Limits(messageByteCount: 1000, outputByteCount: 1000))
    var pongs: [[UInt8]] = []
    var cursor = 0
    let end = bytes.count
    var span = bytes.mutableSpan
    while let event = side.next(
      in: &span, from: &cursor, upTo: end, now: Instant(nanoseconds: 0))
    {
      guard case .pong(let range) = event else { continue }
      pongs.append(Array(copying: span.span.extracting(range)))
    }
    #expect(pongs.count > 1 && pongs.count < count)
    #expect(pongs.first == payload(0) && pongs.last == payload(count - 1))
  }
}
