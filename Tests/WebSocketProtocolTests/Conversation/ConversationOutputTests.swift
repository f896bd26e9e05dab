import Testing
import Vocabulary
import WebSocketProtocol

@Suite("The output of one side: order, limits, and peers that take it slowly")
struct ConversationOutputTests {
  @Test(
    "Frames leave in their order, however little the peer takes at a time", arguments: [1, 3, 50])
  func pieces(byteCount: Int) {
    for role in bothRoles {
      var side = Speaker(role)
      var expected: [Received] = []
      for number in 0..<40 {
        let payload = pattern(number * 7)
        side.send(payload)
        side.receive(frame(.ping, "\(number)", to: role))
        expected += [.message(.binary, payload), .pong(Array("\(number)".utf8))]
        side.flush(byteCount)
      }
      side.close(.goingAway, reason: "done")
      while side.conversation.outputByteCount > 0 { side.flush(byteCount) }
      let sent = side.sent
      #expect(sent == expected + [.close(.goingAway, "done")])
    }
  }

  @Test("A peer that pings and does not read is owed a few kilobytes, and the last answer")
  func pingFlood() {
    for role in bothRoles {
      var side = Speaker(role)
      for number in 0..<3000 {
        side.receive(frame(.ping, Array("\(number)".utf8) + pattern(100), to: role))
        let waiting = side.conversation.outputByteCount
        #expect(waiting <= 4096)
      }
      side.flush()
      let pongs = side.sent
      // The first ones were answered each, the last one for all others.
      #expect(pongs.count > 30 && pongs.count <= 4096 / 103 + 1)
      #expect(pongs.first == .pong(Array("0".utf8) + pattern(100)))
      #expect(pongs.last == .pong(Array("2999".utf8) + pattern(100)))

      // From here on each is answered again.
      side.receive(frame(.ping, "again", to: role))
      side.flush()
      let last = side.sent.last
      #expect(last == .pong(Array("again".utf8)))
    }
  }

  @Test("A pong is not followed by that of a ping from before")
  func answeredByLater() {
    var side = Speaker(.server)
    // 32 pongs of 127 bytes leave room for one of 32, not for another of 127.
    for _ in 0..<32 { side.receive(frame(.ping, pattern(125), to: .server)) }
    side.receive(frame(.ping, pattern(120), to: .server))
    side.receive(frame(.ping, "later", to: .server))
    side.flush()
    side.receive(frame(.ping, "last", to: .server))
    side.flush()
    let sent = side.sent
    #expect(sent.count == 34)
    #expect(sent.suffix(2) == [.pong(Array("later".utf8)), .pong(Array("last".utf8))])
  }

  @Test("A ping that waits for its answer has it before the close frame")
  func pingBeforeClose() {
    for role in bothRoles {
      var side = Speaker(role)
      for number in 0..<1000 { side.receive(frame(.ping, "\(number)", to: role)) }
      side.close(.goingAway)
      side.flush()
      let sent = side.sent
      #expect(sent.suffix(2) == [.pong(Array("999".utf8)), .close(.goingAway, "")])
    }
  }

  @Test("Output behind a slow peer's pongs does not keep their number up")
  func pongsBetweenMessages() {
    var side = Speaker(.server)
    let message = pattern(3000)
    for round in 0..<200 {
      side.send(message)
      side.receive(frame(.ping, "\(round)", to: .server))
      // It takes a message a round, so that the output is never empty.
      if round > 3 { side.flush(3000 + 4 + 5) }
    }
    side.flush()
    let pongs = side.sent.compactMap { received -> [UInt8]? in
      if case .pong(let payload) = received { payload } else { nil }
    }
    #expect(pongs == (0..<200).map { Array("\($0)".utf8) }, "each was answered for itself")
  }

  @Test("Messages are refused from the limit of output on, exactly, and pongs are not")
  func outputLimit() {
    for role in bothRoles {
      let headerByteCount = role == .client ? 6 : 2
      var side = Speaker(role, outputByteCount: 3 * (100 + headerByteCount))
      let payload = pattern(100)
      for _ in 0..<3 {
        let isAdded = side.send(payload)
        #expect(isAdded)
      }
      let (isAdded, isFrameAdded) = (
        side.send([]),
        side.sendFrame(.text, isFinal: false, [])
      )
      #expect(!isAdded && !isFrameAdded)
      side.receive(frame(.ping, "x", to: role))
      side.flush()
      let sent = side.sent
      let isAddedAgain = side.send(payload)
      #expect(sent.count == 4 && sent.last == .pong(Array("x".utf8)) && isAddedAgain)
    }
  }

  @Test("A message that is larger than the limit is never added")
  func tooLarge() {
    var side = Speaker(.server, outputByteCount: 1000)
    let (most, more) = (pattern(996), pattern(997))
    let isLargerAdded = side.send(more)
    let isAdded = side.send(most)
    #expect(!isLargerAdded && isAdded)
  }

  @Test("A close frame goes out, however much waits before it")
  func closeBehindOutput() {
    for role in bothRoles {
      var side = Speaker(role, outputByteCount: 200)
      let payload = pattern(150)
      side.send(payload)
      side.close(.goingAway, reason: String(repeating: "é", count: 100))
      side.flush()
      let sent = side.sent
      // A reason is cut between two characters.
      let reason = String(repeating: "é", count: 61)
      #expect(sent == [.message(.binary, payload), .close(.goingAway, reason)])
    }
  }

  @Test("The deadline moves while the peer takes output, and only then")
  func slowPeer() {
    for role in bothRoles {
      var side = Speaker(role)
      let start = side.now
      let payload = pattern(1000)
      side.send(payload)
      side.close(.goingAway)
      side.wait(.seconds(4))
      side.flush(100)
      side.wait(.seconds(4))
      side.tick()
      let (phase, deadline) = (side.conversation.phase, side.conversation.deadline)
      #expect(phase == .closing && deadline == start.advanced(by: .seconds(9)))
      side.wait(.seconds(1))
      side.flush(0)
      side.tick()
      let (end, waiting) = (side.conversation.phase, side.conversation.outputByteCount)
      #expect(end == .ended && waiting == 0, "what was not taken is dropped")
    }
  }

  @Test("A peer that ended its side alone gets what it is owed, and no longer than the deadline")
  func halfClosed() {
    for role in bothRoles {
      for takes in [true, false] {
        var side = Speaker(role)
        let payload = pattern(1000)
        side.send(payload)
        side.receive(closeFrame(.goingAway, to: role))
        side.conversation.streamEnded()
        side.flush(takes ? 500 : 0)
        let phase = side.conversation.phase
        #expect(phase == .ending)
        if takes {
          side.flush()
          let sent = side.sent
          #expect(sent == [.message(.binary, payload), .close(.goingAway, "")])
        } else {
          side.wait(.seconds(5))
          side.tick()
        }
        let end = side.conversation.phase
        #expect(end == .ended)
      }
    }
  }

  @Test("Without a close frame before it, the end of the stream drops the output")
  func lostPeer() {
    for closes in [false, true] {
      var side = Speaker(.server)
      side.conversation.send([1, 2, 3].span, as: .binary)
      if closes { side.close(.goingAway) }
      side.conversation.streamEnded()
      side.flush()
      let (phase, sent) = (side.conversation.phase, side.sent)
      #expect(phase == .ended && sent == [])
    }
  }

  @Test("Output that is handed over is the same, and counts as taken")
  func handedOver() {
    for role in bothRoles {
      var side = Speaker(role)
      let start = side.now
      side.flushByTaking()
      for number in 0..<1000 { side.receive(frame(.ping, "\(number)", to: role)) }
      side.send([1, 2, 3])
      side.flush(10)
      side.flushByTaking()
      let before = side.sent
      #expect(before.first == .pong(Array("0".utf8)))
      #expect(before.suffix(2) == [.message(.binary, [1, 2, 3]), .pong(Array("999".utf8))])

      side.send([4])
      side.close(.goingAway)
      side.wait(.seconds(1))
      side.flushByTaking()
      let (sent, deadline) = (side.sent, side.conversation.deadline)
      #expect(sent.suffix(2) == [.message(.binary, [4]), .close(.goingAway, "")])
      #expect(deadline == start.advanced(by: .seconds(6)))
    }
  }

  @Test("An error of the writer is thrown on, and what it did not take stays")
  func failingWriter() {
    struct Refused: Error {}
    var side = Speaker(.server)
    let now = side.now
    side.conversation.send([1, 2, 3].span, as: .binary)
    do throws(Refused) {
      try side.conversation.flush(now: now) { _ throws(Refused) in throw Refused() }
      Issue.record("nothing was thrown")
    } catch {}
    side.flush()
    let sent = side.sent
    #expect(sent == [.message(.binary, [1, 2, 3])])
  }

  @Test("A client masks each frame with a new key, a server none")
  func masking() {
    var keys: [UInt32] = []
    let limits = Conversation.Limits(messageByteCount: 1000, outputByteCount: 1000)
    var client = Conversation(
      .client {
        keys.append(UInt32(keys.count) + 0x0102_0304)
        return keys[keys.count - 1]
      }, limits: limits)
    let now = Instant(nanoseconds: 0)
    let nothing: [UInt8] = []
    client.send([0].span, as: .binary)
    client.sendFrame(.text, isFinal: false, payload: nothing.span)
    _ = client.receive([0x89, 0].span, now: now)
    client.close(.goingAway, now: now)
    var bytes: [UInt8] = []
    client.flush(now: now) {
      bytes.append(copying: $0)
      return $0.count
    }
    #expect(keys.count == 4)
    #expect(
      bytes == [
        0x82, 0x81, 1, 2, 3, 4, 1, 0x01, 0x80, 1, 2, 3, 5, 0x8A, 0x80, 1, 2, 3, 6, 0x88, 0x82, 1,
        2, 3, 7, 3 ^ 1, 0xE9 ^ 2,
      ])
  }
}
