import ControlProtocol
import Testing

@Suite("Why a body is not what it should be")
struct JSONErrorTests {
  @Test(
    "What the sender wrote is repeated escaped",
    arguments: [
      (#"{"scope":"\#u{7F}router","set":{"sessions":"1"}}"#, #"scope: "\u{7f}router" is not"#),
      (#"{"scope":"session:s-\u001b[2J"}"#, #"session:s-\u{1b}[2J"#),
      (#"{"set":{"a\u001b[2Jb":5}}"#, #"set.a\u{1b}[2Jb has the wrong type"#),
      (#"{"set":{"a\u202eb":null}}"#, #"set.a\u{202e}b"#),
    ])
  func escaped(_ body: String, _ part: String) throws {
    let error = try #require(throws: ControlError.self) {
      try ControlJSON.decode(LimitChange.self, from: body.utf8)
    }
    #expect(error.error.code == "invalid-json")
    #expect(error.error.message.contains(part), "\(error.error.message.debugDescription)")
    #expect(
      error.error.message.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
  }
}
