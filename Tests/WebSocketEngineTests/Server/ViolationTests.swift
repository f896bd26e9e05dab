import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite(
  "Violations of the protocol over real sockets, RFC 6455 §5, §7.1.7, §8.1",
  .limited, .timeLimit(.minutes(10)))
struct ViolationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var code: UInt16
    var bytes: [UInt8]
    var testDescription: String { name }
    init(_ name: String, _ code: UInt16, _ bytes: [UInt8]) {
      (self.name, self.code, self.bytes) = (name, code, bytes)
    }
  }

  static let key: [UInt8] = [0, 0, 0, 0]
  static let cases = [
    Case("reserved-bits", 1002, [0xC2, 0x80] + key),
    Case("reserved-opcode", 1002, [0x83, 0x80] + key),
    Case("reserved-opcode", 1002, [0x8B, 0x80] + key),
    Case("unmasked-frame", 1002, [0x82, 0x01, 0x00]),
    Case("control-frame-fragmented", 1002, [0x09, 0x80] + key),
    Case("control-frame-too-long", 1002, [0x89, 0xFE, 0x00, 0x7E] + key),
    Case("non-minimal-length", 1002, [0x82, 0xFE, 0x00, 0x01] + key + [0]),
    Case("non-minimal-length", 1002, [0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0, 1] + key + [0]),
    Case("length-top-bit-set", 1002, [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0] + key),
    Case("unexpected-continuation", 1002, [0x80, 0x80] + key),
    Case("expected-continuation", 1002, [0x02, 0x80] + key + [0x82, 0x80] + key),
    Case("close-payload-one-byte", 1002, [0x88, 0x81] + key + [3]),
    Case("close-code-invalid", 1002, [0x88, 0x82] + key + [0x03, 0xEE]),
    Case("close-reason-not-utf8", 1007, [0x88, 0x83] + key + [0x03, 0xE8, 0xFF]),
    Case("text-not-utf8", 1007, [0x81, 0x81] + key + [0xFF]),
    Case("text-not-utf8", 1007, [0x01, 0x81] + key + [0xC3] + [0x80, 0x81] + key + [0x28]),
  ]

  @Test("Each fails the connection with its code and is counted", arguments: ViolationTests.cases)
  func violation(of one: Case) async throws {
    let closes = Recorder<SessionClose>()
    try await withServer { router in
      try router.route("/note") { _ in ClosureHandler(closed: { close, _ in closes.note(close) }) }
    } _: { fixture in
      for byByte in [false, true] {
        let client = try await fixture.session("/note")
        if byByte {
          for byte in one.bytes { _ = client.sendNow(raw: [byte]) }
        } else {
          try await client.send(raw: one.bytes)
        }
        #expect(try await client.next() == .close(one.code, one.name))
        #expect(try await client.next() == .endOfStream)
      }
      #expect(await fixture.closes(one.code, by: .protocolViolation) == 2)
      #expect(
        try await closes.all(atLeast: 2).allSatisfy {
          $0.initiator == .protocolViolation(one.name) && $0.code.rawValue == one.code
        })
      try await fixture.expectAlive()
    }
  }
}
