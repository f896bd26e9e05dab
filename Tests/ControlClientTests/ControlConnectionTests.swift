import ControlClient
import ControlProtocol
import EventLoop
import TestSupport
import Testing
import Vocabulary

@Suite("Requests on one connection to an engine", .limited)
struct ControlConnectionTests {
  static let id = SessionID(rawValue: 4706)

  static func pair() throws -> (FakeEngine, ControlConnection) {
    let (engine, descriptor) = try FakeEngine.pair()
    return (engine, ControlConnection(owning: OwnedDescriptor(owning: descriptor)))
  }

  @Test("A request is HTTP/1.1 with a Content-Length body")
  func requestBytes() throws {
    let (engine, connection) = try Self.pair()
    try connection.send(.statistics)
    #expect(engine.receiveText() == "GET /v1/stats HTTP/1.1\r\nHost: wstop\r\n\r\n")
    let (other, second) = try Self.pair()
    try second.send(.close(CloseRequest(sessions: [Self.id])))
    #expect(
      other.receiveText() == "POST /v1/close HTTP/1.1\r\nHost: wstop\r\n"
        + "Content-Type: application/json\r\nContent-Length: 22\r\n\r\n{\"sessions\":[\"s-4k2\"]}")
  }

  @Test("Requests wait for each other, and answers carry their tags in order")
  func queue() throws {
    let (engine, connection) = try Self.pair()
    try connection.send(.statistics, tag: 7)
    try connection.send(.limits, tag: 8)
    #expect(connection.waitingRequestCount == 2)
    #expect(engine.receiveText().hasPrefix("GET /v1/stats"))
    #expect(try connection.receive() == [])
    engine.answer(.statistics(FakeEngine.statistics))
    #expect(try connection.receive().map(\.tag) == [7])
    #expect(engine.receiveText().hasPrefix("GET /v1/limits"))
    engine.answer(.refused(status: 503, ControlError(code: "c", message: "m").error))
    let replies = try connection.receive()
    #expect(replies.map(\.tag) == [8])
    #expect(
      replies.first?.reply == .refused(status: 503, ControlError(code: "c", message: "m").error))
    #expect(connection.waitingRequestCount == 0)
  }

  @Test("An answer may come in pieces of any size")
  func pieces() throws {
    let answer =
      Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
      + FakeEngine.answer(.statistics(FakeEngine.statistics))
    let (engine, connection) = try Self.pair()
    try connection.send(.statistics)
    for byte in answer.dropLast() {
      engine.send([byte])
      #expect(try connection.receive() == [])
    }
    engine.send([answer[answer.count - 1]])
    #expect(try connection.receive().first?.reply == .statistics(FakeEngine.statistics))
  }

  @Test(
    "Large requests and answers pass as the sockets take them", .limited, .timeLimit(.minutes(10)))
  func large() throws {
    let (engine, connection) = try Self.pair()
    let text = String(repeating: "x", count: 3 << 20)
    try connection.send(.send(SendRequest(sessions: [Self.id], text: text)))
    #expect(connection.interest == [.readable, .writable])
    var request: [UInt8] = []
    while connection.interest.contains(.writable) {
      request += engine.receive()
      try connection.flush()
    }
    request += engine.receive()
    #expect(request.count > 3 << 20)
    let outcomes = (0..<20_000).map {
      SessionOutcome(id: SessionID(rawValue: $0), outcome: .queued)
    }
    let reply = ControlReply.act(ActResult(engine: "r", outcomes: outcomes))
    var answer = FakeEngine.answer(reply)[...]
    var replies: [ControlConnection.TaggedReply] = []
    while replies.isEmpty {
      answer = answer.dropFirst(engine.send(Array(answer.prefix(1 << 16))))
      replies = try connection.receive()
    }
    #expect(replies.first?.reply == reply)
  }

  @Test("A dead engine is an error, after the answers it gave")
  func dead() throws {
    let (engine, connection) = try Self.pair()
    try connection.send(.statistics, tag: 1)
    try connection.send(.stop, tag: 2)
    engine.answer(.statistics(FakeEngine.statistics))
    engine.stop()
    #expect(try connection.receive().map(\.tag) == [1])
    #expect(throws: ControlClientError.connectionLost) { try connection.receive() }
    #expect(throws: ControlClientError.connectionLost) { try connection.receive() }
  }

  @Test("An engine that ends inside an answer is gone")
  func endInside() throws {
    let (engine, connection) = try Self.pair()
    try connection.send(.statistics)
    engine.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
    engine.stop()
    #expect(throws: ControlClientError.connectionLost) { try connection.receive() }
  }

  @Test(
    "What is not the control API is malformed",
    arguments: [
      "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 204 No Content\r\n\r\n",
      "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
    ])
  func malformed(answer: String) throws {
    let (engine, connection) = try Self.pair()
    try connection.send(.statistics)
    engine.send(answer)
    let error = #expect(throws: ControlClientError.self) { try connection.receive() }
    guard case .malformed = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("An answer that nobody asked for is malformed")
  func unasked() throws {
    let (engine, connection) = try Self.pair()
    engine.answer(.stopping)
    #expect(throws: ControlClientError.malformed("an answer came that nobody asked for")) {
      try connection.receive()
    }
  }

  @Test("At most 64 requests wait")
  func limit() throws {
    let (engine, connection) = try Self.pair()
    for _ in 0..<ControlConnection.maximumRequestCount { try connection.send(.statistics) }
    #expect(throws: ControlClientError.tooManyRequests) { try connection.send(.statistics) }
    #expect(engine.receiveText().hasPrefix("GET /v1/stats"))
  }
}
