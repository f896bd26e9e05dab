import Testing
import Vocabulary
import WebSocketProtocol

@Suite("Text messages are UTF-8, RFC 6455 §8.1")
struct TextTests {
  @Test(
    "Valid text passes, in one frame and in two cut anywhere", arguments: UTF8ValidatorTests.valid)
  func valid(text: [UInt8]) {
    for role in bothRoles {
      expectReceived([.message(.text, text)], by: role, from: frame(.text, text, to: role))
      for cut in 0...text.count {
        expectReceived(
          [.message(.text, text)], by: role,
          from: frame(.text, Array(text[..<cut]), isFinal: false, to: role)
            + frame(.continuation, Array(text[cut...]), to: role))
      }
    }
  }

  @Test(
    "Invalid text fails with 1007, in one frame and in two", arguments: UTF8ValidatorTests.invalid)
  func invalid(text: [UInt8], badIndex: Int) {
    for role in bothRoles {
      expectReceived([.violation(.textNotUTF8)], by: role, from: frame(.text, text, to: role))
      for cut in 0...text.count {
        expectReceived(
          [.violation(.textNotUTF8)], by: role,
          from: frame(.text, Array(text[..<cut]), isFinal: false, to: role)
            + frame(.continuation, Array(text[cut...]), to: role))
      }
      expectReceived(
        [.message(.binary, text)], by: role, from: frame(.binary, text, to: role))
    }
  }

  @Test("Text that ends inside a character fails at the end of the message, not before")
  func truncated() {
    let cut: [UInt8] = [0x61, 0xE2, 0x82]
    for role in bothRoles {
      expectReceived([.violation(.textNotUTF8)], by: role, from: frame(.text, cut, to: role))
      expectReceived([], by: role, from: frame(.text, cut, isFinal: false, to: role))
      expectReceived(
        [.violation(.textNotUTF8)], by: role,
        from: frame(.text, cut, isFinal: false, to: role) + frame(.continuation, "", to: role))
      expectReceived(
        [.message(.text, Array("a€".utf8))], by: role,
        from: frame(.text, cut, isFinal: false, to: role)
          + frame(.continuation, [0xAC], to: role))
    }
  }

  @Test("One message's cut character does not reach the next")
  func independent() {
    for role in bothRoles {
      expectReceived(
        [.message(.text, Array("é".utf8)), .violation(.textNotUTF8)], by: role,
        from: frame(.text, [0xC3], isFinal: false, to: role)
          + frame(.continuation, [0xA9], to: role) + frame(.text, [0xA9], isFinal: false, to: role))
    }
  }

  @Test("A bad byte fails the connection before the rest of its frame has come")
  func failsFast() {
    let start = Array("κόσμε".utf8)
    let text = start + [0xF4, 0x90, 0x80, 0x80] + Array("edited".utf8)
    let bytes = frame(.text, text, to: .server)
    let bad = 6 + start.count + 1
    var receiver = Receiver(role: .server)
    receiver.receive(bytes[..<bad])
    let before = receiver.received
    #expect(before == [])
    receiver.receive(bytes[bad...bad])
    let after = receiver.received
    #expect(after == [.violation(.textNotUTF8)])
  }
}
