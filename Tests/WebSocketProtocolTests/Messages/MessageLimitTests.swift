import Testing
import Vocabulary
import WebSocketProtocol

@Suite("The limit on messages, RFC 6455 §10.4")
struct MessageLimitTests {
  @Test("A message at the limit passes, one byte more fails", arguments: [0, 1, 125, 126, 65536])
  func boundary(limit: Int) {
    for role in bothRoles {
      let fits = pattern(limit)
      expectReceived(
        [.message(.binary, fits)], by: role, from: frame(.binary, fits, to: role), limit: limit)
      expectReceived(
        [.violation(.messageTooBig(limit: limit, byteCount: limit + 1))], by: role,
        from: frame(.binary, pattern(limit + 1), to: role), limit: limit)
    }
  }

  @Test("Fragments count together")
  func fragments() {
    for role in bothRoles {
      let bytes =
        frame(.binary, pattern(60), isFinal: false, to: role)
        + frame(.continuation, pattern(40), isFinal: false, to: role)
      expectReceived(
        [.message(.binary, pattern(60) + pattern(40))], by: role,
        from: bytes + frame(.continuation, "", to: role), limit: 100)
      expectReceived(
        [.violation(.messageTooBig(limit: 100, byteCount: 101))], by: role,
        from: bytes + frame(.continuation, "x", to: role), limit: 100)
    }
  }

  @Test("Each message counts from zero, and control frames count for nothing")
  func independent() {
    for role in bothRoles {
      let one =
        frame(.binary, pattern(60), isFinal: false, to: role)
        + frame(.ping, pattern(125), to: role) + frame(.continuation, pattern(40), to: role)
      let expected: [Received] = [
        .ping(pattern(125)), .message(.binary, pattern(60) + pattern(40)),
      ]
      expectReceived(expected + expected, by: role, from: one + one, limit: 100)
    }
  }

  @Test("A length over the limit fails before a byte of it is held")
  func atTheHeader() {
    var receiver = Receiver(role: .server, maximumMessageByteCount: 1000)
    receiver.receive([0x82, 0xFE, 0x03, 0xE9])
    let (received, capacity) = (receiver.received, receiver.frames.bufferCapacity)
    #expect(received == [.violation(.messageTooBig(limit: 1000, byteCount: 1001))])
    #expect(capacity == 0)
  }

  @Test("The storage follows the bytes that came, not the length declared")
  func storage() {
    var receiver = Receiver(role: .server, maximumMessageByteCount: .max)
    receiver.receive([0x82, 0xFF, 0, 0, 0x10, 0, 0, 0, 0, 0, 1, 2, 3, 4])
    let atHeader = receiver.frames.bufferCapacity
    #expect(atHeader == 0)
    for _ in 0..<200 {
      receiver.receive(pattern(100))
      let (held, capacity) = (
        receiver.frames.bufferedByteCount, receiver.frames.bufferCapacity
      )
      #expect(capacity <= 2 * held)
    }
  }

  @Test("A limit lowered while a message is under way holds from the next frame on")
  func lowered() {
    var receiver = Receiver(role: .server, maximumMessageByteCount: 1000)
    let first = frame(.binary, pattern(600), isFinal: false, to: .server)
    receiver.receive(first[..<300])
    receiver.frames.maximumMessageByteCount = 500
    receiver.receive(first[300...])
    let (held, received) = (receiver.frames.bufferedByteCount, receiver.received)
    #expect(held == 600 && received == [], "the frame under way still comes in")
    receiver.receive(frame(.ping, "p", to: .server))
    receiver.receive([0x80, 0x80])
    let last = receiver.received
    #expect(
      last == [.ping([0x70]), .violation(.messageTooBig(limit: 500, byteCount: 600))],
      "even an empty fragment leaves it over the limit")
    let after = receiver.frames.bufferedByteCount
    #expect(after == 0)
  }

  @Test("A limit raised or lowered between frames holds for the next one")
  func changed() {
    var receiver = Receiver(role: .server, maximumMessageByteCount: 10)
    receiver.frames.maximumMessageByteCount = 20
    receiver.receive(frame(.binary, pattern(15), isFinal: false, to: .server))
    receiver.frames.maximumMessageByteCount = 30
    receiver.receive(frame(.continuation, pattern(15), to: .server))
    receiver.frames.maximumMessageByteCount = 5
    receiver.receive(frame(.binary, pattern(6), to: .server))
    let received = receiver.received
    #expect(
      received == [
        .message(.binary, pattern(15) + pattern(15)),
        .violation(.messageTooBig(limit: 5, byteCount: 6)),
      ])
  }
}
