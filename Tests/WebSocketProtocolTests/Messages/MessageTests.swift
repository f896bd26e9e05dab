import Testing
import Vocabulary
import WebSocketProtocol

@Suite("Messages, RFC 6455 §5.4 and §5.6")
struct MessageTests {
  @Test("The examples of RFC 6455 §5.7")
  func examples() {
    let hello = Array("Hello".utf8)
    expectReceived(
      [.message(.text, hello)], by: .client,
      from: [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f])
    expectReceived(
      [.message(.text, hello)], by: .server,
      from: [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58])
    expectReceived(
      [.message(.text, hello)], by: .client,
      from: [0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f])
    expectReceived(
      [.ping(hello)], by: .client, from: [0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f])
    expectReceived(
      [.pong(hello)], by: .server,
      from: [0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58])
  }

  @Test(
    "A message of any length arrives, whole or in fragments",
    arguments: [0, 1, 2, 3, 4, 5, 125, 126, 127, 128, 65535, 65536, 65537])
  func lengths(count: Int) {
    for role in bothRoles {
      let payload = pattern(count)
      let text = [UInt8](repeating: 0x61, count: count)
      expectReceived(
        [.message(.binary, payload)], by: role, from: frame(.binary, payload, to: role))
      expectReceived([.message(.text, text)], by: role, from: frame(.text, text, to: role))
      let half = count / 2
      expectReceived(
        [.message(.binary, payload)], by: role,
        from: frame(.binary, Array(payload[..<half]), isFinal: false, to: role)
          + frame(.continuation, Array(payload[half...]), to: role))
    }
  }

  @Test("Messages follow one another in one read, unmasked in place, with nothing held")
  func inPlace() {
    for role in bothRoles {
      var receiver = Receiver(role: role)
      let bytes = (0..<50).flatMap { frame($0 % 2 == 0 ? .binary : .text, "m\($0)", to: role) }
      receiver.receive(bytes)
      let expected = (0..<50).map {
        Received.message($0 % 2 == 0 ? .binary : .text, Array("m\($0)".utf8))
      }
      let (received, inPlace, capacity) = (
        receiver.received, receiver.inPlaceCount, receiver.frames.bufferCapacity
      )
      #expect(received == expected && inPlace == 50 && capacity == 0)
    }
  }

  @Test("A range counts from the start of the bytes, and bytes after the end are not read")
  func cursor() {
    var frames = FrameReceiver(role: .client, maximumMessageByteCount: 10)
    var bytes: [UInt8] = [0xFF, 0xFF, 0x82, 0x01, 0x41, 0x82, 0x01, 0x42]
    var cursor = 2
    var span = bytes.mutableSpan
    let first = frames.next(in: &span, from: &cursor, upTo: 7)
    #expect(first == .message(.binary, 4..<5) && cursor == 5)
    let second = frames.next(in: &span, from: &cursor, upTo: 7)
    // The second frame's payload lies past the end: the frame has begun, and is held.
    #expect(second == nil && cursor == 7)
    let third = frames.next(in: &span, from: &cursor, upTo: 8)
    #expect(third == .assembledMessage(.binary) && cursor == 8)
  }

  @Test("Empty fragments, and messages of nothing else, RFC 6455 §5.4")
  func emptyFragments() {
    for role in bothRoles {
      let empty = frame(.continuation, "", isFinal: false, to: role)
      let bytes =
        frame(.text, "", isFinal: false, to: role) + empty + empty
        + frame(.continuation, "", to: role) + frame(.binary, "", isFinal: false, to: role)
        + frame(.continuation, "a", isFinal: false, to: role) + empty
        + frame(.continuation, "", to: role)
      expectReceived([.message(.text, []), .message(.binary, [0x61])], by: role, from: bytes)
    }
  }

  @Test("Control frames stand between fragments and leave the message alone, RFC 6455 §5.4")
  func controlBetweenFragments() {
    for role in bothRoles {
      let bytes =
        frame(.text, "one ", isFinal: false, to: role) + frame(.ping, "p", to: role)
        + frame(.continuation, "two ", isFinal: false, to: role) + frame(.pong, "", to: role)
        + frame(.pong, "q", to: role) + frame(.continuation, "three", to: role)
        + frame(.binary, "next", to: role)
      expectReceived(
        [
          .ping([0x70]), .pong([]), .pong([0x71]), .message(.text, Array("one two three".utf8)),
          .message(.binary, Array("next".utf8)),
        ], by: role, from: bytes)
    }
  }

  @Test("A close frame between fragments ends the message too")
  func closeBetweenFragments() {
    for role in bothRoles {
      let bytes =
        frame(.text, "one ", isFinal: false, to: role) + frame(.close, [0x03, 0xE8], to: role)
        + frame(.continuation, "two", to: role)
      expectReceived([.close(.normalClosure, "")], by: role, from: bytes)
    }
  }

  @Test("A continuation needs a message to continue")
  func unexpectedContinuation() {
    for role in bothRoles {
      let lone = frame(.continuation, "x", to: role)
      expectReceived([.violation(.unexpectedContinuation)], by: role, from: lone)
      expectReceived(
        [.violation(.unexpectedContinuation)], by: role,
        from: frame(.continuation, "", isFinal: false, to: role))
      expectReceived(
        [.message(.text, [0x61]), .violation(.unexpectedContinuation)], by: role,
        from: frame(.text, "a", to: role) + lone)
      expectReceived(
        [.message(.text, [0x61, 0x62]), .violation(.unexpectedContinuation)], by: role,
        from: frame(.text, "a", isFinal: false, to: role) + frame(.continuation, "b", to: role)
          + lone)
    }
  }

  @Test("A new message may not begin inside a fragmented one", arguments: [Opcode.text, .binary])
  func expectedContinuation(opcode: Opcode) {
    for role in bothRoles {
      for first in [Opcode.text, .binary] {
        expectReceived(
          [.violation(.expectedContinuation)], by: role,
          from: frame(first, "a", isFinal: false, to: role) + frame(opcode, "b", to: role))
      }
    }
  }

  @Test("What follows a violation is consumed and says nothing")
  func discards() {
    for role in bothRoles {
      expectReceived(
        [.violation(.reservedOpcode(3))], by: role,
        from: [0x83, 0x80] + frame(.text, "a", to: role) + frame(.close, "", to: role)
          + [0xFF, 0xFF, 0xFF])
    }
  }

  @Test("A message that is not taken is dropped, and the next one is not mixed with it")
  func notTaken() {
    var frames = FrameReceiver(role: .client, maximumMessageByteCount: 100)
    var bytes: [UInt8] = [0x02, 1, 0x41, 0x80, 1, 0x42, 0x02, 1, 0x43, 0x80, 1, 0x44]
    var cursor = 0
    var span = bytes.mutableSpan
    let first = frames.next(in: &span, from: &cursor, upTo: 12)
    let second = frames.next(in: &span, from: &cursor, upTo: 12)
    #expect(first == .assembledMessage(.binary) && second == .assembledMessage(.binary))
    #expect(array(of: frames.takeMessage()) == [0x43, 0x44])
    let held = frames.bufferedByteCount
    #expect(held == 0)
  }

  @Test("A message is under way from its first header to its last byte")
  func isReceivingMessage() {
    for role in bothRoles {
      let bytes =
        frame(.binary, "ab", to: role) + frame(.binary, "cd", isFinal: false, to: role)
        + frame(.continuation, "ef", to: role)
      let frameByteCount = bytes.count / 3
      let headerByteCount = frameByteCount - 2
      var receiver = Receiver(role: role)
      for index in bytes.indices {
        receiver.receive([bytes[index]])
        let consumed = index + 1
        let isExpected =
          consumed < frameByteCount
          ? consumed >= headerByteCount
          : consumed >= frameByteCount + headerByteCount && consumed < bytes.count
        let isReceiving = receiver.frames.isReceivingMessage
        #expect(isReceiving == isExpected, "after byte \(index)")
      }
    }
  }

  @Test("A taken message leaves no storage, and an idle receiver is small")
  func storage() {
    var receiver = Receiver(role: .server)
    let fragments =
      frame(.binary, pattern(3000), isFinal: false, to: .server)
      + frame(.continuation, pattern(3000), to: .server)
    receiver.receive(fragments)
    let (held, capacity) = (receiver.frames.bufferedByteCount, receiver.frames.bufferCapacity)
    #expect(held == 0 && capacity == 0)
    #expect(MemoryLayout<FrameReceiver>.size <= 64)
  }
}
