import TestSupport
import Testing

@testable import WebSocketEngine

@Suite(
  "Conformance of closing, RFC 6455 §5.5.1 and §7, over real sockets", .limited,
  .timeLimit(.minutes(10)))
struct CloseConformanceTests {
  static func close(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
    frame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason)
  }

  static let codes: [Conversation] =
    ([1000...1003, 1007...1014, 3000...3001, 3999...4000, 4999...4999] as [ClosedRange<UInt16>])
    .joined().map {
      Conversation("§7.4 code \($0) is answered in kind", [close($0)], end: .byServer($0))
    }

  static let wrongCodes: [Conversation] =
    ([0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] as [UInt16]).map {
      Conversation("§7.4 code \($0) is none", [close($0)], end: .byServer(1002))
    }

  static let payloads = [
    Conversation("§5.5.1 an empty close", [frame(0x88)], end: .byServer(nil)),
    Conversation("§5.5.1 a close of one byte", [frame(0x88, [3])], end: .byServer(1002)),
    Conversation(
      "§5.5.1 a reason", [close(1000, Array("Good bye".utf8))], end: .byServer(1000)),
    Conversation(
      "§5.5.1 a reason of 123", [close(1000, [UInt8](repeating: 0x2A, count: 123))],
      end: .byServer(1000)),
    Conversation(
      "§5.5 a reason of 124", [close(1000, [UInt8](repeating: 0x2A, count: 124))],
      end: .byServer(1002)),
    Conversation(
      "§8.1 a reason that is no UTF-8", [close(1000, [0xCE, 0xBA, 0xED, 0xA0, 0x80])],
      end: .byServer(1007)),
    Conversation("§8.1 a reason that is cut", [close(1000, [0xE2, 0x82])], end: .byServer(1007)),
  ]

  static let orders = [
    Conversation(
      "§5.5.1 a close behind a message", [frame(0x81, "Hello"), close(1000)],
      answers: [.text("Hello")], end: .byServer(1000)),
    Conversation(
      "§5.5.1 a second close", [close(1000), close(1001)], end: .byServer(1000)),
    Conversation(
      "§5.5.1 a ping behind the close", [close(1000), frame(0x89)], end: .byServer(1000)),
    Conversation(
      "§5.5.1 a message behind the close", [close(1000), frame(0x81, "late")],
      end: .byServer(1000)),
    Conversation(
      "§5.5.1 rubbish behind the close", [close(1000), [0xFF, 0xFF, 0xFF]], end: .byServer(1000)),
    Conversation(
      "§5.4 a close inside a fragmented message",
      [frame(0x01, "frag"), close(1000), frame(0x80, "ment")], end: .byServer(1000)),
    Conversation(
      "§5.5.1 256 KiB, a close, and more",
      [frame(0x81, String(repeating: "BAsd7&jh23", count: 26_214)), close(1000), frame(0x89)],
      answers: [.text(String(repeating: "BAsd7&jh23", count: 26_214))], end: .byServer(1000)),
  ]

  @Test("The closing handshake is answered", arguments: codes + wrongCodes + payloads + orders)
  func closing(_ conversation: Conversation) async throws {
    try await withServer { try await conversation.expect(on: $0) }
  }
}
