import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import ControlServer

@Suite("The end of a watch", .limited, .timeLimit(.minutes(10)))
struct WatchClosingTests {
  @Test("A violation is told with its code and rule, and ends the connection unanswered")
  func violation() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let watch = try WebSocketPeer(watching: engine.path)
      try watch.send(.ping, [1])
      // A reserved opcode, and behind it what has no meaning any more.
      try watch.stream.send([0x83, 0x80, 0, 0, 0, 0])
      try watch.send(.ping, [2])
      #expect(try watch.receive() == .pong([1]))
      #expect(try watch.receive() == .close(.protocolError, "opcode 3 is reserved"))
      #expect(watch.stream.waitForEnd() && watch.stream.input == [])
    }
  }

  @Test("A client that does not answer the close frame is given up")
  func unanswered() async throws {
    var settings = ControlSettings.patient
    settings.closeTimeout = .milliseconds(50)
    try await TestEngine.run(reactorCount: 1, settings: settings) { engine in
      let watch = try WebSocketPeer(watching: engine.path)
      try watch.send("nonsense")
      guard case .close(.invalidFramePayloadData, _) = try watch.receive() else {
        Issue.record("not closed")
        return
      }
      // Neither a request nor a ping is an answer, and neither gets one.
      try watch.look(at: WatchRequest())
      try watch.send(.ping, [1])
      #expect(watch.stream.waitForEnd() && watch.stream.input == [])
    }
  }

  @Test("A client that closes and ends its side alone gets the answer and the end")
  func halfClosed() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let watch = try WebSocketPeer(watching: engine.path, WatchRequest(wantsLimits: true))
      _ = try watch.snapshot()
      try watch.close(.goingAway)
      watch.stream.shutDownWriting()
      var last = try watch.receive()
      while case .text = last { last = try watch.receive() }
      #expect(last == .close(.goingAway, ""))
      #expect(watch.stream.waitForEnd())
    }
  }

  @Test("A client that ends its side without a close frame is gone")
  func endOfStream() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let watch = try WebSocketPeer(watching: engine.path, WatchRequest())
      _ = try watch.snapshot()
      watch.stream.shutDownWriting()
      #expect(watch.stream.waitForEnd())
    }
  }

  @Test("A client that pings and does not read is owed little, and answered at the end")
  func pingFlood() async throws {
    try await TestEngine.run(reactorCount: 1) { engine in
      let watch = try WebSocketPeer(watching: engine.path)
      // 13 MB of pongs are more than a client may owe reading, and more than the sockets hold.
      let count = 100_000
      let payload = [UInt8](repeating: 7, count: 120)
      for start in stride(from: 0, to: count, by: 1000) {
        var frames: [UInt8] = []
        for number in start..<(start + 1000) {
          FrameEncoder.append(
            .ping, payload: (payload + Self.digits(number)).span, maskingKey: 1, to: &frames)
        }
        try watch.stream.send(frames)
      }
      var pongCount = 0
      while true {
        guard case .pong(let pong) = try watch.receive() else {
          Issue.record("no pong")
          return
        }
        pongCount += 1
        if pong == payload + Self.digits(count - 1) { break }
      }
      #expect(pongCount < count / 2, "most were answered by a later one's pong")
      try watch.close(.normalClosure)
      #expect(try watch.receive() == .close(.normalClosure, ""))
    }
  }

  private static func digits(_ number: Int) -> [UInt8] {
    let text = String(number)
    return Array((String(repeating: "0", count: 5 - text.utf8.count) + text).utf8)
  }
}
