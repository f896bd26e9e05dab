import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("Limits from environment and flags")
struct LimitEnvironmentTests {
  @Test("Nothing set leaves the defaults", arguments: LimitKey.allCases)
  func defaults(key: LimitKey) throws {
    let row = try LimitSettings(environment: [:]).row(of: key)
    #expect(row.value == key.definition.defaultValue)
    #expect(row.origin == .default)
    #expect(row.level == .engine)
  }

  @Test("Every key has a variable of its own", arguments: LimitKey.allCases)
  func ownVariable(key: LimitKey) throws {
    var value = LimitValue.amount(key.definition.range.upperBound)
    if case .choice(let words) = key.definition.unit { value = .choice(try #require(words.last)) }
    let settings = try LimitSettings(environment: [key.environmentName: key.text(of: value)])
    #expect(settings.row(of: key).value == value)
    #expect(settings.row(of: key).origin == .environment)
  }

  @Test("The inherited names set their limits, and the names of wstop win over them")
  func inherited() throws {
    let inherited = ["MAX_WS_MESSAGE_BYTES": "2048", "WS_SEND_CHUNK_BYTES": "1024"]
    let settings = try LimitSettings(environment: inherited)
    #expect(settings.value(.messageBytes) == .amount(2048))
    #expect(settings.value(.fragmentBytes) == .amount(1024))
    let both = try LimitSettings(
      environment: inherited.merging(["WSTOP_MESSAGE_BYTES": "4096"]) { $1 })
    #expect(both.value(.messageBytes) == .amount(4096))
    #expect(both.value(.fragmentBytes) == .amount(1024))
  }

  @Test("A flag wins over the environment, the last of several over the others")
  func flags() throws {
    let settings = try LimitSettings(
      environment: ["WSTOP_MESSAGE_BYTES": "1MiB", "WSTOP_SESSIONS": "9"],
      flags: ["message-bytes=2MiB", "message-bytes=3MiB"])
    #expect(settings.row(of: .messageBytes).value == .amount(3 << 20))
    #expect(settings.row(of: .messageBytes).origin == .flag)
    #expect(settings.row(of: .sessions).origin == .environment)
  }

  @Test("An empty variable counts as not set")
  func empty() throws {
    let settings = try LimitSettings(
      environment: ["WSTOP_MESSAGE_BYTES": "", "MAX_WS_MESSAGE_BYTES": "", "WSTOP_SESSIONS": ""])
    #expect(settings == LimitSettings())
    let inherited = try LimitSettings(
      environment: ["WSTOP_MESSAGE_BYTES": "", "MAX_WS_MESSAGE_BYTES": "2MiB"])
    #expect(inherited.row(of: .messageBytes).value == .amount(2 << 20))
  }

  @Test("Variables of no limit are ignored")
  func unrelated() throws {
    let settings = try LimitSettings(
      environment: ["WSTOP_NAME": "prod", "WSTOP_MESSAGE_BYTE": "abc", "PATH": "/bin"])
    #expect(settings == LimitSettings())
  }

  @Test(
    "A bad value is an error that names the variable, the key, the value and the range",
    arguments: ["WSTOP_MESSAGE_BYTES", "MAX_WS_MESSAGE_BYTES"],
    ["abc", "0", "-1", " ", "1.5", "2TiB", "off"])
  func badValue(variable: String, text: String) throws {
    let error = try #require(throws: LimitStartError.self) {
      try LimitSettings(environment: [variable: text])
    }
    #expect(error.place == .environment(variable))
    #expect(error.error == .invalidValue(.messageBytes, text))
    let range = LimitKey.messageBytes.rangeText
    #expect(error.description.hasPrefix("\(variable): message-bytes=\(text): wants \(range)"))
  }

  @Test("A bad value is an error also where another name wins")
  func badLoser() {
    #expect(throws: LimitStartError.self) {
      try LimitSettings(
        environment: ["MAX_WS_MESSAGE_BYTES": "abc", "WSTOP_MESSAGE_BYTES": "1MiB"])
    }
  }

  @Test(
    "A bad flag is an error",
    arguments: [
      ("message-bytes", .malformedSetting("message-bytes")),
      ("message=1", .unknownKey("message")),
      ("ping-interval=10", .invalidValue(.pingInterval, "10")),
      ("sessions=off", .invalidValue(.sessions, "off")),
      ("backlog-policy=pause", .invalidValue(.backlogPolicy, "pause")),
    ] as [(String, LimitError)])
  func badFlag(text: String, expected: LimitError) throws {
    let error = try #require(throws: LimitStartError.self) {
      try LimitSettings(environment: [:], flags: [text])
    }
    #expect(error == LimitStartError(place: .flag, error: expected))
    #expect(error.description == expected.description)
  }
}
