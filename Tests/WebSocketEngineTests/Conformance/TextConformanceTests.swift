import TestSupport
import Testing

@testable import WebSocketEngine

@Suite(
  "Conformance of text, RFC 6455 §8.1 and RFC 3629, over real sockets", .limited,
  .timeLimit(.minutes(10)))
struct TextConformanceTests {
  static let validTexts: [[UInt8]] = [
    Array("hello$world".utf8), Array("hello¢world".utf8), Array("hello€world".utf8),
    Array("hello𤭢world".utf8), Array("κόσμε".utf8), [0x00], [0x7F], [0xC2, 0x80], [0xDF, 0xBF],
    [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBD],
    [0xEF, 0xBF, 0xBE], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0xBF, 0xBE],
    [0xF4, 0x8F, 0xBF, 0xBE], [0xF4, 0x8F, 0xBF, 0xBF],
  ]

  /// What is wrong with each, and where nothing that follows could make it right any more.
  static let invalidTexts: [(name: String, bytes: [UInt8], badCount: Int)] = [
    ("a continuation byte", [0x80], 1), ("the last continuation byte", [0xBF], 1),
    ("two continuation bytes", [0x80, 0xBF], 1),
    ("a start of two, and a space", [0xC3, 0x20], 2),
    ("a start of three, and a space", [0xE3, 0x20], 2),
    ("a start of four, and a space", [0xF1, 0x20], 2),
    ("a start of five", [0xF8, 0x88, 0x80, 0x80, 0x80], 1),
    ("a start of six", [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], 1),
    ("two of three, and another start", [0xE2, 0x82, 0xC3, 0xA9], 3),
    ("three of four, and a letter", [0xF0, 0x90, 0x80, 0x41], 4),
    ("a byte that never occurs", [0xFE], 1), ("the other one", [0xFF], 1),
    ("a slash in two", [0xC0, 0xAF], 1), ("a slash in three", [0xE0, 0x80, 0xAF], 2),
    ("a slash in four", [0xF0, 0x80, 0x80, 0xAF], 2), ("U+7F in two", [0xC1, 0xBF], 1),
    ("U+7FF in three", [0xE0, 0x9F, 0xBF], 2), ("U+FFFF in four", [0xF0, 0x8F, 0xBF, 0xBF], 2),
    ("the first surrogate", [0xED, 0xA0, 0x80], 2), ("the last one", [0xED, 0xBF, 0xBF], 2),
    ("a pair of them", [0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80], 2),
    ("U+110000", [0xF4, 0x90, 0x80, 0x80], 2), ("beyond", [0xF5, 0x80, 0x80, 0x80], 1),
  ]

  @Test("Valid text comes back, in one frame and in a frame a byte", arguments: validTexts)
  func valid(_ text: [UInt8]) async throws {
    let answer = TestClient.Received.text(String(decoding: text, as: UTF8.self))
    try await withServer { fixture in
      try await Conversation("whole", [frame(0x81, text)], answers: [answer])
        .expect(on: fixture)
      try await Conversation("singly", singly(text), answers: [answer]).expect(on: fixture)
    }
  }

  @Test("Invalid text is 1007, in one frame and in a frame a byte", arguments: invalidTexts)
  func invalid(_ name: String, _ bytes: [UInt8], _ badCount: Int) async throws {
    let text = Array("κόσμε".utf8) + bytes + Array("edited".utf8)
    try await withServer { fixture in
      try await Conversation(name, [frame(0x81, text)], end: .byServer(1007)).expect(on: fixture)
      try await Conversation(name, singly(text), end: .byServer(1007)).expect(on: fixture)
      // Binary may be anything.
      try await Conversation(name, [frame(0x82, text)], answers: [.binary(text)])
        .expect(on: fixture)
    }
  }

  @Test("Text that ends inside a character is 1007 at its end", arguments: 1...3)
  func truncated(_ count: Int) async throws {
    let text = Array("😀".utf8.prefix(count))
    try await withServer { fixture in
      try await Conversation("whole", [frame(0x81, text)], end: .byServer(1007))
        .expect(on: fixture)
      try await Conversation("singly", singly(text), end: .byServer(1007)).expect(on: fixture)
      try await Conversation(
        "completed", [frame(0x01, text), frame(0x80, Array("😀".utf8.dropFirst(count)))],
        answers: [.text("😀")]
      ).expect(on: fixture)
    }
  }

  /// "An endpoint MUST \_Fail the WebSocket Connection\_", and need not wait for the rest.
  @Test("A bad byte is 1007 at once: the rest of the frame never comes", arguments: invalidTexts)
  func failsFast(_ name: String, _ bytes: [UInt8], _ badCount: Int) async throws {
    try await withServer { fixture in
      for first in [0x81, 0x01] as [UInt8] {
        let client = try await fixture.session()
        let text = Array("κόσμε".utf8) + bytes + [UInt8](repeating: 0x61, count: 50)
        let whole = frame(first, text)
        // A header of six bytes, and no more than the first byte that cannot be right.
        try await client.send(raw: Array(whole.prefix(6 + "κόσμε".utf8.count + badCount)))
        guard case .close(1007, _) = try await client.next() else {
          Issue.record("no 1007 for \(name)")
          continue
        }
        #expect(try await client.next() == .endOfStream)
      }
    }
  }

  @Test("Every character there is comes back")
  func everything() async throws {
    try await withServer { fixture in
      let client = try await fixture.session()
      for start in stride(from: UInt32(0), to: 0x110000, by: 0x8000) {
        var text = ""
        for value in start..<(start + 0x8000) {
          if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        try await client.send(text)
        guard case .text(let answer) = try await client.next() else {
          Issue.record("no text for the characters from \(start) on")
          return
        }
        #expect(answer.utf8.elementsEqual(text.utf8), "from \(start) on")
      }
      client.close()
    }
  }

  /// A message of a frame a byte, and an empty one at its end.
  private func singly(_ text: [UInt8]) -> [[UInt8]] {
    text.enumerated().map { frame($0.offset == 0 ? 0x01 : 0x00, [$0.element]) }
      + [frame(text.isEmpty ? 0x81 : 0x80)]
  }
}
