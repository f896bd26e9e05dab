import TestSupport
import Testing

@testable import WebSocketEngine

@Suite("Conformance of frames, RFC 6455 §5, over real sockets", .limited, .timeLimit(.minutes(10)))
struct FrameConformanceTests {
  static let zeros = [UInt8](repeating: 0, count: 125)

  static let messages: [Conversation] =
    [0, 1, 124, 125, 126, 127, 128, 65_535, 65_536, 65_537].flatMap { count in
      let text = String(repeating: "*", count: count)
      let bytes = [UInt8](repeating: 0xFE, count: count)
      return [
        Conversation("§5.6 text of \(count)", [frame(0x81, text)], answers: [.text(text)]),
        Conversation("§5.6 binary of \(count)", [frame(0x82, bytes)], answers: [.binary(bytes)]),
      ]
    }

  static let pings = [
    Conversation("§5.5.2 empty ping", [frame(0x89)], answers: [.pong([])]),
    Conversation("§5.5.2 ping with text", [frame(0x89, "Hi")], answers: [.pong([0x48, 0x69])]),
    Conversation(
      "§5.5.2 ping with bytes that are no text", [frame(0x89, [0, 0xFF, 0xFE, 0xFD, 0])],
      answers: [.pong([0, 0xFF, 0xFE, 0xFD, 0])]),
    Conversation("§5.5.2 ping of 125", [frame(0x89, zeros)], answers: [.pong(zeros)]),
    Conversation("§5.5 ping of 126", [frame(0x89, zeros + [0])], end: .byServer(1002)),
    Conversation("§5.5.3 unsolicited pong", [frame(0x8A)]),
    Conversation("§5.5.3 unsolicited pong of 125", [frame(0x8A, zeros)]),
    Conversation("§5.5 pong of 126", [frame(0x8A, zeros + [0])], end: .byServer(1002)),
    Conversation(
      "§5.5.3 unsolicited pong before a ping", [frame(0x8A, "no"), frame(0x89, "yes")],
      answers: [.pong(Array("yes".utf8))]),
    Conversation(
      "§5.5.2 ten pings, ten pongs", (0..<10).map { frame(0x89, [$0]) },
      answers: (0..<10).map { .pong([$0]) }),
    Conversation(
      "§5.5.2 pings between messages", [frame(0x81, "a"), frame(0x89, "b"), frame(0x82, [1])],
      answers: [.text("a"), .pong([0x62]), .binary([1])]),
  ]

  /// Every reserved bit on every opcode, alone and together, behind a message that is answered.
  static let reservedBits: [Conversation] = (1...7).flatMap { bits in
    [UInt8(1), 2, 8, 9, 10].map { opcode in
      Conversation(
        "§5.2 reserved bits \(bits) on opcode \(opcode)",
        [frame(0x81, "Hi"), frame(0x80 | UInt8(bits) << 4 | opcode), frame(0x89)],
        answers: [.text("Hi")], end: .byServer(1002))
    }
  }

  static let reservedOpcodes: [Conversation] = ([3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8])
    .flatMap { opcode in
      [
        Conversation("§5.2 opcode \(opcode)", [frame(0x80 | opcode)], end: .byServer(1002)),
        Conversation(
          "§5.2 opcode \(opcode) with a payload, behind a message",
          [frame(0x81, "Hi"), frame(0x80 | opcode, "reserved"), frame(0x89)],
          answers: [.text("Hi")], end: .byServer(1002)),
      ]
    }

  static let lengths = [
    Conversation("§5.1 no mask", [[0x81, 0x02, 0x48, 0x69]], end: .byServer(1002)),
    Conversation("§5.1 no mask on a ping", [[0x89, 0x00]], end: .byServer(1002)),
    Conversation(
      "§5.2 length 125 in 16 bits", [[0x82, 0xFE, 0, 125, 0, 0, 0, 0]], end: .byServer(1002)),
    Conversation(
      "§5.2 length 65 535 in 64 bits", [[0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0]],
      end: .byServer(1002)),
    Conversation(
      "§5.2 length with its top bit", [[0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
      end: .byServer(1002)),
    Conversation(
      "§10.4 the greatest length there is",
      [[0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]],
      end: .byServer(1009)),
  ]

  static let fragments = [
    Conversation("§5.5 ping without FIN", [frame(0x09), frame(0x80)], end: .byServer(1002)),
    Conversation("§5.5 pong without FIN", [frame(0x0A), frame(0x80)], end: .byServer(1002)),
    Conversation("§5.5 close without FIN", [frame(0x08), frame(0x80)], end: .byServer(1002)),
    Conversation(
      "§5.4 text in two", [frame(0x01, "one"), frame(0x80, "two")], answers: [.text("onetwo")]),
    Conversation(
      "§5.4 binary in three", [frame(0x02, [1]), frame(0x00, [2]), frame(0x80, [3])],
      answers: [.binary([1, 2, 3])]),
    Conversation(
      "§5.4 a ping between fragments",
      [frame(0x01, "one"), frame(0x89, "ping"), frame(0x80, "two")],
      answers: [.pong(Array("ping".utf8)), .text("onetwo")]),
    Conversation(
      "§5.4 pings between all of five fragments",
      [
        frame(0x01, "1"), frame(0x00, "2"), frame(0x89, "a"), frame(0x00, "3"), frame(0x00, "4"),
        frame(0x89, "b"), frame(0x80, "5"),
      ],
      answers: [.pong([0x61]), .pong([0x62]), .text("12345")]),
    Conversation(
      "§5.4 empty fragments", [frame(0x01), frame(0x00), frame(0x80)], answers: [.text("")]),
    Conversation(
      "§5.4 text in the middle of empty fragments",
      [frame(0x01), frame(0x00, "middle"), frame(0x80)], answers: [.text("middle")]),
    Conversation(
      "§5.4 a continuation of nothing, final", [frame(0x80, "x"), frame(0x81, "y")],
      end: .byServer(1002)),
    Conversation(
      "§5.4 a continuation of nothing, not final", [frame(0x00, "x"), frame(0x81, "y")],
      end: .byServer(1002)),
    Conversation(
      "§5.4 a continuation behind a whole message", [frame(0x81, "x"), frame(0x80, "y")],
      answers: [.text("x")], end: .byServer(1002)),
    Conversation(
      "§5.4 a continuation behind a fragmented message",
      [frame(0x01, "x"), frame(0x80, "y"), frame(0x00, "z")], answers: [.text("xy")],
      end: .byServer(1002)),
    Conversation(
      "§5.4 text inside a fragmented message", [frame(0x01, "x"), frame(0x81, "y")],
      end: .byServer(1002)),
    Conversation(
      "§5.4 binary inside a fragmented message", [frame(0x01, "x"), frame(0x02, "y")],
      end: .byServer(1002)),
    Conversation(
      "§5.4 one fragmented message behind another",
      [frame(0x01, "a"), frame(0x80, "b"), frame(0x02, [1]), frame(0x80, [2])],
      answers: [.text("ab"), .binary([1, 2])]),
  ]

  @Test(
    "An endpoint answers as the RFC has it, however the bytes come",
    arguments: messages + pings + reservedBits + reservedOpcodes + lengths + fragments)
  func synchronous(_ conversation: Conversation) async throws {
    try await withServer { try await conversation.expect(on: $0) }
  }

  @Test("So does one with an asynchronous handler", arguments: messages + fragments)
  func asynchronous(_ conversation: Conversation) async throws {
    // What it answers may stand behind a pong or a close that the engine itself answers with.
    guard conversation.end == .byClient,
      !conversation.answers.contains(where: { if case .pong = $0 { true } else { false } })
    else { return }
    try await withServer { fixture in
      let client = try await fixture.session("/echo-async")
      for frame in conversation.frames { try await client.send(raw: frame) }
      for answer in conversation.answers { #expect(try await client.next() == answer) }
      try await client.sendClose(.normalClosure)
      #expect(try await client.next() == .close(1000, ""))
      #expect(try await client.next() == .endOfStream)
    }
  }
}
