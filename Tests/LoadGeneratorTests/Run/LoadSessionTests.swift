import EventLoop
import Histogram
import Testing
import Vocabulary

@testable import LoadGenerator
@testable import WebSocketProtocol

@Suite("wstop load: one connection, in memory")
struct LoadSessionTests {
  @Test("One that is only to be there answers pings, and sends no message for that")
  func inactive() throws {
    let pair = try SessionPair {
      $0.pace = .window(2)
      $0.activeCount = 0
    }
    pair.open(at: 0)
    pair.receive(SessionPair.frame(.ping, [7]), at: 5)
    pair.send(at: 6)
    #expect(pair.pongs == [[7]])
    #expect(pair.received.isEmpty)
  }

  @Test("A closed loop sends its window, and one more for each reply")
  func closedLoop() throws {
    let pair = try SessionPair { $0.pace = .window(2) }
    pair.open(at: 0)
    pair.send(at: 10)
    #expect(pair.received.count == 2)
    pair.echo(0, at: 15)
    pair.send(at: 15)
    #expect(pair.received.count == 3)
    pair.echo(1, at: 40)
    pair.echo(2, at: 40)
    #expect(pair.replyMilliseconds == [5, 25, 30])
    #expect(pair.tally.receivedCount == 3)
    #expect(pair.tally.receivedByteCount == 60)
    #expect(pair.tally.mismatchCount == 0)
  }

  @Test("The handshake may come byte by byte, with a message behind it")
  func slowHandshake() throws {
    let pair = try SessionPair()
    pair.send(at: 0)
    let bytes = pair.answer + SessionPair.frame(.text, Array("welcome".utf8))
    var openings = 0
    for byte in bytes where pair.receive([byte], at: 1).didOpen { openings += 1 }
    #expect(openings == 1)
    #expect(pair.with { $0.phase } == .open)
    #expect(pair.tally.unexpectedCount == 1)
  }

  @Test(
    "A refusal is a failure with its status, and what is not HTTP is one too",
    arguments: [
      ("HTTP/1.1 503 Service Unavailable\r\n\r\n", .refused(status: 503)),
      ("HTTP/1.1 200 OK\r\n\r\n", .refused(status: 200)),
      (
        "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: x\r\n\r\n", .badAnswer(.acceptMismatch)
      ), ("SSH-2.0-x\r\n", .noHTTP),
    ] as [(String, LoadFailure)])
  func refusals(answer: String, failure: LoadFailure) throws {
    let pair = try SessionPair()
    pair.send(at: 0)
    #expect(pair.receive(Array(answer.utf8), at: 1).failure == failure)
  }

  @Test(
    "A server that speaks TLS is named as such",
    arguments: [
      [0x15, 3, 3, 0, 2, 2, 40], [0x16, 3, 1],
      Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 5\r\n\r\nThis port speaks TLS".utf8),
    ] as [[UInt8]])
  func speaksTLS(answer: [UInt8]) throws {
    let pair = try SessionPair()
    pair.send(at: 0)
    #expect(pair.receive(answer, at: 1).failure == .speaksTLS)
  }

  @Test("Short writes neither lose nor double a byte")
  func shortWrites() throws {
    let pair = try SessionPair {
      $0.pace = .window(5)
      $0.payload = LoadPayload(kind: .text, sizes: MessageSizes(300))
    }
    pair.open(at: 0)
    pair.send(at: 1, pieceByteCount: 7)
    #expect(pair.received.count == 5)
    for number in 0..<5 { pair.echo(number, at: 2) }
    #expect(pair.tally.mismatchCount == 0)
    #expect(pair.replyMilliseconds == [1, 1, 1, 1, 1])
  }

  @Test("A pong answers a ping, but not inside of a message")
  func pings() throws {
    let pair = try SessionPair {
      $0.payload = LoadPayload(kind: .binary, sizes: MessageSizes(300))
    }
    pair.open(at: 0)
    pair.send(at: 1, pieceByteCount: 100, callCount: 1)
    pair.receive(SessionPair.frame(.ping, [1, 2]), at: 2)
    pair.send(at: 3)
    #expect(pair.received.count == 1)
    #expect(pair.pongs == [[1, 2]])
  }

  @Test("Pings that are never read do not fill the memory")
  func manyPings() throws {
    let pair = try SessionPair()
    pair.open(at: 0)
    for _ in 0..<1000 {
      pair.receive(SessionPair.frame(.ping, Array(repeating: 1, count: 125)), at: 1)
    }
    pair.send(at: 2)
    #expect((30...40).contains(pair.pongs.count))
  }

  @Test("An echo that is wrong, late or another's is counted")
  func mismatch() throws {
    let pair = try SessionPair { $0.pace = .window(3) }
    pair.open(at: 0)
    pair.send(at: 0)
    pair.echo(1, at: 1)
    pair.echo(1, at: 1)
    pair.receive(SessionPair.frame(.text, pair.received[2]), at: 1)
    #expect(pair.tally.mismatchCount == 2)
    #expect(pair.tally.receivedCount == 3)
  }

  @Test("Any answer is one where that is expected, and none is where none is")
  func otherReplies() throws {
    let any = try SessionPair { $0.replies = .any }
    any.open(at: 0)
    any.send(at: 1)
    any.receive(SessionPair.frame(.text, []), at: 4)
    any.receive(SessionPair.frame(.text, []), at: 5)
    #expect(any.replyMilliseconds == [3])
    #expect(any.tally.mismatchCount == 0)
    #expect(any.tally.unexpectedCount == 1)
    let none = try SessionPair { $0.replies = .none }
    none.open(at: 0)
    none.send(at: 1, callCount: 3)
    #expect(none.received.count > 1000)
    none.with { $0.stopSending() }
    none.send(at: 2)
    #expect(!none.with { $0.hasOutput })
    none.receive(SessionPair.frame(.text, []), at: 4)
    #expect(none.tally.receivedCount == 1)
    #expect(none.tally.unexpectedCount == 0)
    #expect(none.replyMilliseconds == [])
  }

  @Test("In paced mode a reply's time begins when its message was due, not when it could be sent")
  func coordinatedOmission() throws {
    let pair = try SessionPair { $0.pace = .rate(100) }
    pair.surroundings.pacing = PacedSchedule(
      start: LoadFixture.at(0), perSecond: 100, connectionCount: 1)
    pair.open(at: 0)
    for _ in 0..<5 { pair.with { $0.allowOne() } }
    // The server stalls: all five go, and come back, long after they were due.
    pair.send(at: 500)
    for number in 0..<5 { pair.echo(number, at: 1000) }
    #expect(pair.replyMilliseconds == [960, 970, 980, 990, 1000])
    #expect(pair.tally.delays.count == 5)
    #expect(pair.tally.delays.maximum == 500_000_000)
    #expect((459...460).contains(pair.tally.delays.minimum / 1_000_000))
  }

  @Test("What was never answered counts with the time that it has waited")
  func unanswered() throws {
    let paced = try SessionPair { $0.pace = .rate(100) }
    paced.surroundings.pacing = PacedSchedule(
      start: LoadFixture.at(0), perSecond: 100, connectionCount: 1)
    paced.open(at: 0)
    for _ in 0..<3 { paced.with { $0.allowOne() } }
    paced.send(at: 20, callCount: 1)
    paced.echo(0, at: 21)
    paced.with { session in
      session.abandonReplies(
        at: LoadFixture.at(110), paced.plan, paced.surroundings, &paced.tally)
    }
    #expect(paced.replyMilliseconds == [21, 90, 100])
    #expect(paced.tally.unansweredCount == 2)
    let closed = try SessionPair()
    closed.open(at: 0)
    closed.send(at: 10)
    closed.with { session in
      session.abandonReplies(
        at: LoadFixture.at(50), closed.plan, closed.surroundings, &closed.tally)
    }
    #expect(closed.replyMilliseconds == [40])
    // A reply that comes all the same is no further one.
    closed.with { $0.close(.normalClosure) }
    closed.echo(0, at: 60)
    #expect(closed.replyMilliseconds == [40])
    #expect(closed.tally.unexpectedCount == 0)
  }

  @Test("What lies outside of the measured time is not counted")
  func measuredTime() throws {
    let pair = try SessionPair()
    pair.tally.measured = LoadFixture.at(100)..<LoadFixture.at(200)
    pair.open(at: 0)
    pair.send(at: 90)
    pair.echo(0, at: 110)
    pair.send(at: 110)
    pair.echo(1, at: 150)
    pair.send(at: 150)
    pair.echo(2, at: 250)
    #expect(pair.tally.receivedCount == 2)
    #expect(pair.tally.sentCount == 2)
    #expect(pair.replyMilliseconds == [40, 100])
  }

  @Test("The closing handshake of either side ends with the server's code")
  func closing() throws {
    let ours = try SessionPair()
    ours.open(at: 0)
    ours.send(at: 1)
    ours.with { $0.close(.normalClosure) }
    #expect(ours.with { $0.close } == LoadClose(code: .abnormalClosure, by: .client))
    ours.send(at: 2)
    #expect(ours.closeCode == .normalClosure)
    ours.receive(SessionPair.frame(.close, [0x03, 0xE8]), at: 3)
    #expect(ours.with { $0.close } == LoadClose(code: .normalClosure, by: .client))
    let theirs = try SessionPair()
    theirs.open(at: 0)
    theirs.receive(SessionPair.frame(.close, [0x0F, 0xA1]), at: 3)
    theirs.send(at: 4)
    #expect(theirs.closeCode == CloseCode(rawValue: 4001))
    #expect(theirs.received.isEmpty)
    #expect(theirs.with { $0.close } == LoadClose(code: CloseCode(rawValue: 4001), by: .server))
  }

  @Test("A message under way is sent to its end before the close frame")
  func closingInsideMessage() throws {
    let pair = try SessionPair {
      $0.payload = LoadPayload(kind: .binary, sizes: MessageSizes(1000))
      $0.pace = .window(4)
    }
    pair.open(at: 0)
    pair.send(at: 1, pieceByteCount: 1500, callCount: 1)
    pair.with { $0.close(.normalClosure) }
    pair.send(at: 2)
    #expect(pair.received.count == 2)
    #expect(pair.closeCode == .normalClosure)
  }

  @Test("A server that breaks the protocol gets the rule's close code")
  func violation() throws {
    let pair = try SessionPair()
    pair.open(at: 0)
    #expect(pair.receive([0x83, 0], at: 1).failure == .violation("reserved-opcode"))
    pair.send(at: 2)
    #expect(pair.closeCode == .protocolError)
    #expect(pair.with { $0.close } == LoadClose(code: .protocolError, by: .client))
  }

  @Test("Only so many messages go on a connection that is to be opened again")
  func reconnecting() throws {
    let pair = try SessionPair {
      $0.reconnectAfter = 3
      $0.pace = .window(2)
    }
    pair.open(at: 0)
    for number in 0..<3 {
      pair.send(at: number)
      pair.echo(number, at: number)
    }
    pair.send(at: 4)
    #expect(pair.received.count == 3)
  }
}
