import Testing
import Vocabulary
import WebSocketProtocol

@Suite("Close frames, RFC 6455 §5.5.1 and §7.4")
struct CloseFrameTests {
  private func payload(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
    [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)] + reason
  }

  @Test("An empty payload has no code; one byte is too short; two are a code alone")
  func lengths() {
    for role in bothRoles {
      expectReceived([.close(nil, "")], by: role, from: frame(.close, "", to: role))
      expectReceived(
        [.violation(.closePayloadOneByte)], by: role, from: frame(.close, [0x03], to: role))
      expectReceived(
        [.close(.normalClosure, "")], by: role, from: frame(.close, payload(1000), to: role))
      let reason = [UInt8](repeating: 0x72, count: 123)
      expectReceived(
        [.close(.normalClosure, String(repeating: "r", count: 123))], by: role,
        from: frame(.close, payload(1000, reason), to: role))
    }
  }

  @Test(
    "A code that may be sent is reported",
    arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1014, 3000, 3999, 4000, 4999] as [UInt16])
  func allowed(code: UInt16) {
    for role in bothRoles {
      expectReceived(
        [.close(CloseCode(rawValue: code), "ok")], by: role,
        from: frame(.close, payload(code, [0x6F, 0x6B]), to: role))
    }
  }

  @Test(
    "A code that must not be sent fails the connection",
    arguments: [
      0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535,
    ] as [UInt16])
  func refused(code: UInt16) {
    for role in bothRoles {
      expectReceived(
        [.violation(.closeCodeInvalid(code))], by: role,
        from: frame(.close, payload(code), to: role))
    }
  }

  @Test("A reason is UTF-8, and complete")
  func reason() {
    for role in bothRoles {
      expectReceived(
        [.close(.goingAway, "tschüß €")], by: role,
        from: frame(.close, payload(1001, Array("tschüß €".utf8)), to: role))
      for bad in [[0x61, 0xFF], [0xE2, 0x82], [0xED, 0xA0, 0x80]] as [[UInt8]] {
        expectReceived(
          [.violation(.closeReasonNotUTF8)], by: role,
          from: frame(.close, payload(1000, bad), to: role))
      }
    }
  }

  @Test("Whatever follows a close frame is ignored")
  func nothingAfter() {
    for role in bothRoles {
      expectReceived(
        [.close(.normalClosure, "")], by: role,
        from: frame(.close, payload(1000), to: role) + frame(.text, "late", to: role)
          + frame(.close, payload(1001), to: role) + [0xFF])
    }
  }
}
