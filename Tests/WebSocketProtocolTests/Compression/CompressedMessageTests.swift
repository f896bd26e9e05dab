import Testing
import Vocabulary
import WebSocketProtocol

@Suite("Compressed messages, RFC 7692 §6 and §7.2")
struct CompressedMessageTests {
  private static let hello = Array("Hello".utf8)
  private static let text = Array(String(repeating: "Grüße, 日本; ", count: 40).utf8)

  private func expect(
    _ expected: [Received], from bytes: (Role) -> [UInt8], limit: Int = 1 << 20,
    _ ways: [Inflating] = Inflating.allCases, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for role in bothRoles {
      for way in ways {
        expectReceived(
          expected, by: role, from: bytes(role), limit: limit, inflating: { way.make() },
          sourceLocation: sourceLocation)
      }
    }
  }

  @Test(
    "The examples of RFC 7692 §7.2.3",
    arguments: [
      // §7.2.3.1: one block, and the same in two fragments
      ([0xc1, 0x07, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00], 1),
      ([0x41, 0x03, 0xf2, 0x48, 0xcd, 0x80, 0x04, 0xc9, 0xc9, 0x07, 0x00], 1),
      // §7.2.3.3: a block without compression
      ([0xc1, 0x0b, 0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00], 1),
      // §7.2.3.4: a final block, followed by an empty one
      ([0xc1, 0x07, 0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00], 1),
      // §7.2.3.5: two blocks in one message
      (
        [0xc1, 0x0d, 0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00],
        1
      ),
    ] as [([UInt8], Int)])
  func examples(bytes: [UInt8], count: Int) {
    for way in Inflating.allCases {
      // Twice, since what the first one leaves behind must not disturb the second.
      expectReceived(
        [.message(.text, Self.hello), .message(.text, Self.hello)], by: .client,
        from: bytes + bytes, inflating: { way.make() })
    }
  }

  @Test("A message that refers to the one before, RFC 7692 §7.2.3.2")
  func context() {
    let first: [UInt8] = [0xc1, 0x07, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]
    let second: [UInt8] = [0xc1, 0x05, 0xf2, 0x00, 0x11, 0x00, 0x00]
    expectReceived(
      [.message(.text, Self.hello), .message(.text, Self.hello)], by: .client,
      from: first + second, inflating: { Inflating.dedicated.make() })
    // Without context there is nothing to refer to.
    expectReceived(
      [.message(.text, Self.hello), .violation(.deflateDataInvalid)], by: .client,
      from: first + second, inflating: { Inflating.shared.make() })
  }

  @Test("A reference across a final block, which ends no window")
  func contextBehindFinalBlock() {
    let first: [UInt8] = [0xc1, 0x07, 0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]
    let second: [UInt8] = [0xc1, 0x05, 0xf2, 0x00, 0x11, 0x00, 0x00]
    expectReceived(
      [.message(.text, Self.hello), .message(.text, Self.hello)], by: .client,
      from: first + second, inflating: { Inflating.dedicated.make() })
  }

  @Test(
    "Empty messages: the block of RFC 7692 §7.2.3.6, and no bytes at all",
    arguments: [[0x00], [], [0x02, 0x00], [0x03, 0x00]] as [[UInt8]])
  func empty(payload: [UInt8]) {
    let hello = deflated(Array("Hello, Hello, Hello".utf8))
    expect(
      [
        .message(.text, []), .message(.text, []),
        .message(.text, Array("Hello, Hello, Hello".utf8)),
        .message(.binary, []),
      ]
    ) { role in
      frame(.text, payload, rsv1: true, to: role) + frame(.text, payload, rsv1: true, to: role)
        + frame(.text, hello, rsv1: true, to: role) + frame(.binary, payload, rsv1: true, to: role)
    }
  }

  @Test("Fragments cut anywhere, with control frames and empty ones between them")
  func fragments() {
    let payload = deflated(Self.text)
    for cut in 0...payload.count {
      for role in bothRoles {
        for way in Inflating.allCases {
          var receiver = Receiver(role: role, compression: way.make())
          receiver.receive(
            frame(.text, Array(payload[..<cut]), isFinal: false, rsv1: true, to: role))
          receiver.receive(frame(.ping, "p", to: role))
          receiver.receive(frame(.continuation, "", isFinal: false, to: role))
          receiver.receive(frame(.continuation, Array(payload[cut...]), to: role))
          receiver.receive(frame(.text, "plain", to: role))
          let received = receiver.received
          #expect(
            received == [
              .ping([0x70]), .message(.text, Self.text), .message(.text, Array("plain".utf8)),
            ])
        }
      }
    }
  }

  @Test("Compressed and plain messages follow one another in one read or many")
  func mixed() {
    let payload = deflated(Self.text)
    let expected: [Received] = [
      .message(.text, Self.text), .message(.binary, pattern(200)), .message(.binary, Self.text),
      .message(.text, Self.hello),
    ]
    expect(expected) { role in
      frame(.text, payload, rsv1: true, to: role) + frame(.binary, pattern(200), to: role)
        + frame(.binary, payload, rsv1: true, to: role) + frame(.text, Self.hello, to: role)
    }
  }

  // MARK: What is against the rules

  @Test("RSV1 without negotiation, and the other bits with it, RFC 6455 §5.2")
  func reservedBits() {
    for role in bothRoles {
      expectReceived([.violation(.reservedBits)], by: role, from: [0xC1])
    }
    for bits: UInt8 in [0x10, 0x20, 0x30, 0x50, 0x60, 0x70] {
      expect([.violation(.reservedBits)]) { _ in [0x81 | bits] }
      expect([.violation(.reservedBits)]) { _ in [0x89 | bits] }
    }
  }

  @Test("RSV1 on control frames", arguments: [Opcode.close, .ping, .pong])
  func controlFrames(opcode: Opcode) {
    expect([.violation(.compressedControlFrame)]) { role in
      frame(opcode, [], rsv1: true, to: role)
    }
    // Also between the fragments of a compressed message.
    expect([.violation(.compressedControlFrame)]) { role in
      frame(.text, [0xf2], isFinal: false, rsv1: true, to: role)
        + frame(opcode, [], rsv1: true, to: role)
    }
  }

  @Test("RSV1 on a continuation, of a compressed message or a plain one", arguments: [true, false])
  func continuation(isCompressed: Bool) {
    expect([.violation(.compressedContinuation)]) { role in
      frame(.text, [0x4a], isFinal: false, rsv1: isCompressed, to: role)
        + frame(.continuation, [], rsv1: true, to: role)
    }
  }

  @Test(
    "Data that is no deflate data, or breaks off, is 1007",
    arguments: [
      // a block of the type that is none; a stored block whose length is not its complement
      [0x07], [0x06, 0xFF], [0x00, 0x05, 0x00, 0x00, 0x00],
      // a distance before the beginning; a stored block that is cut off
      [0xf2, 0x00, 0x11, 0x00, 0x00], [0x00, 0x05, 0x00, 0xfa, 0xff, 0x48],
      // a code that the tail would have to end
      [0xf2, 0x48, 0xcd],
    ] as [[UInt8]])
  func corrupt(payload: [UInt8]) {
    expect([.violation(.deflateDataInvalid)]) { role in
      frame(.binary, payload, rsv1: true, to: role)
    }
  }

  @Test("Text that is not UTF-8 once it is inflated")
  func invalidText() {
    var wrong = Self.text
    wrong[wrong.count / 2] = 0xFF
    let payload = deflated(wrong)
    expect([.violation(.textNotUTF8)]) { frame(.text, payload, rsv1: true, to: $0) }
    expect([.message(.binary, wrong)]) { frame(.binary, payload, rsv1: true, to: $0) }
    // Cut inside a character.
    let cut = deflated(Array(String(repeating: "é", count: 100).utf8.dropLast()))
    expect([.violation(.textNotUTF8)]) { frame(.text, cut, rsv1: true, to: $0) }
  }

  @Test("With a stream of its own, wrong text fails while the message is still coming")
  func earlyInvalidText() {
    let payload = deflated([0xFF] + [UInt8](repeating: 0x61, count: 3000))
    var receiver = Receiver(role: .server, compression: Inflating.dedicated.make())
    receiver.receive(frame(.text, payload, isFinal: false, rsv1: true, to: .server))
    let received = receiver.received
    #expect(received == [.violation(.textNotUTF8)])
  }

  // MARK: The limit

  @Test("A message at the limit passes, one byte more fails", arguments: [100, 1000, 70_000])
  func boundary(limit: Int) {
    let fits = Array(pattern(limit).map { $0 & 3 })
    let (payload, tooBig) = (deflated(fits), deflated(fits + [0]))
    expect(
      [.message(.binary, fits)], from: { frame(.binary, payload, rsv1: true, to: $0) }, limit: limit
    )
    expect(
      [.violation(.messageTooBig(limit: limit, byteCount: limit + 1))],
      from: { frame(.binary, tooBig, rsv1: true, to: $0) }, limit: limit)
    let half = tooBig.count / 2
    expect(
      [.violation(.messageTooBig(limit: limit, byteCount: limit + 1))],
      from: { role in
        frame(.binary, Array(tooBig[..<half]), isFinal: false, rsv1: true, to: role)
          + frame(.continuation, Array(tooBig[half...]), to: role)
      }, limit: limit)
  }

  @Test("A message at the limit that compression made longer passes")
  func longerThanPlain() {
    let message = pattern(5000)
    let payload = stored(message)
    #expect(payload.count > message.count)
    expect(
      [.message(.binary, message)], from: { frame(.binary, payload, rsv1: true, to: $0) },
      limit: message.count)
  }

  @Test("A length that no message within the limit has fails before a byte of it is held")
  func atTheHeader() {
    // 1000 bytes and an eighth and 64 at most.
    for way in Inflating.allCases {
      var fits = Receiver(role: .server, maximumMessageByteCount: 1000, compression: way.make())
      fits.receive([0xC2, 0xFE, 0x04, 0xA5])
      let accepted = fits.received
      #expect(accepted == [])
      var receiver = Receiver(role: .server, maximumMessageByteCount: 1000, compression: way.make())
      receiver.receive([0xC2, 0xFE, 0x04, 0xA6])
      let (received, capacity) = (receiver.received, receiver.frames.bufferCapacity)
      #expect(received == [.violation(.messageTooBig(limit: 1000, byteCount: 1190))])
      #expect(capacity == 0)
    }
  }

  @Test("A bomb fails at the limit, and what it inflated to is not held")
  func bombs() {
    let payload = bomb(byteCount: 64 << 20)
    #expect(payload.count < 1 << 19)
    for way in Inflating.allCases {
      for pieceByteCount in [payload.count + 20, 1000] {
        let compression = way.make()
        var receiver = Receiver(
          role: .server, maximumMessageByteCount: 1 << 20, compression: compression)
        let bytes = frame(.binary, payload, rsv1: true, to: .server)
        var mostHeld = 0
        for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
          receiver.receive(bytes[start..<min(start + pieceByteCount, bytes.count)])
          mostHeld = max(mostHeld, receiver.frames.bufferCapacity)
        }
        let (received, held) = (receiver.received, receiver.frames.bufferCapacity)
        #expect(
          received == [.violation(.messageTooBig(limit: 1 << 20, byteCount: 1 << 20 + 1))])
        #expect(held == 0)
        #expect(mostHeld <= 2 << 20)
        #expect(compression.inflater.spare.capacity <= SpareBuffer.maximumCapacity)
      }
    }
  }

  @Test("What fails leaves the shared inflater as it was for the next session")
  func sharedAfterFailure() {
    let compression = Inflating.shared.make()
    let wrong: [[UInt8]] = [[0x07], [0xf2, 0x48, 0xcd], bomb(byteCount: 2 << 20)]
    for payload in wrong {
      var failing = Receiver(role: .server, compression: compression)
      failing.receive(frame(.binary, payload, rsv1: true, to: .server))
      let failed = failing.received
      #expect(failed.count == 1)
      var other = Receiver(role: .server, compression: compression)
      other.receive(frame(.text, deflated(Self.text), rsv1: true, to: .server))
      let received = other.received
      #expect(received == [.message(.text, Self.text)])
    }
  }
}
