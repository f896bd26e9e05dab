import Testing
import Vocabulary

@Suite("The table of limits")
struct LimitKeyTests {
  @Test("A default is in range and parses back to itself", arguments: LimitKey.allCases)
  func defaults(key: LimitKey) throws {
    let definition = key.definition
    let text = key.text(of: definition.defaultValue)
    #expect(try key.value(from: text) == definition.defaultValue)
    switch definition.defaultValue {
    case .off: #expect(definition.permitsOff)
    case .amount(let amount): #expect(definition.range.contains(amount))
    case .choice(let word):
      guard case .choice(let words) = definition.unit else {
        Issue.record("a word that is none of the unit's")
        return
      }
      #expect(words.count > 1 && words.contains(word))
    }
  }

  @Test("Each row can be shown", arguments: LimitKey.allCases)
  func row(key: LimitKey) {
    let definition = key.definition
    #expect(!definition.help.isEmpty && !definition.onBreach.isEmpty)
    #expect(definition.scopes.contains(.engine))
    // What a session can have of its own its route can have as well.
    #expect(definition.scopes.contains(.route) || !definition.scopes.contains(.session))
    #expect(key.environmentName.hasPrefix("WSTOP_"))
    #expect(key.environmentName.allSatisfy { $0 == "_" || $0.isUppercase })
    #expect(definition.inheritedName != key.environmentName)
  }

  @Test("The bounds are values, and what lies beyond is not", arguments: LimitKey.allCases)
  func bounds(key: LimitKey) throws {
    let definition = key.definition
    if case .choice = definition.unit { return }
    for amount in [definition.range.lowerBound, definition.range.upperBound] {
      #expect(try key.value(from: key.text(of: .amount(amount))) == .amount(amount))
    }
    for amount in [definition.range.lowerBound - 1, definition.range.upperBound + 1] {
      let text = key.text(of: .amount(amount))
      #expect(throws: LimitError.invalidValue(key, text)) { try key.value(from: text) }
    }
  }

  @Test("`off` is a value only where the table says so", arguments: LimitKey.allCases)
  func off(key: LimitKey) throws {
    if key.definition.permitsOff {
      #expect(try key.value(from: "off") == .off)
    } else {
      #expect(throws: LimitError.invalidValue(key, "off")) { try key.value(from: "off") }
    }
    #expect(throws: LimitError.invalidValue(key, "OFF")) { try key.value(from: "OFF") }
  }

  @Test(
    "A bad value is an error that names key, value and range (B8)",
    arguments: [
      (LimitKey.messageBytes, "abc"), (.messageBytes, "0"), (.messageBytes, "-1"),
      (.messageBytes, ""), (.messageBytes, "off"), (.messageBytes, "2TiB"),
      (.fragmentBytes, "0"), (.fragmentBytes, "-1"), (.fragmentBytes, "124"),
      (.sessions, "1MiB"), (.sessions, "0"), (.idleTimeout, "10"), (.pingInterval, "1ms"),
      (.backlogPolicy, "explode"), (.ratePolicy, "drop"), (.messagesPerSecond, "0"),
      (.messagesPerSecond, "1k"), (.bytesBurst, "2TiB"), (.handshakesPerSecond, "1/s"),
    ] as [(LimitKey, String)])
  func badValues(key: LimitKey, text: String) {
    let error = #expect(throws: LimitError.self) { try key.value(from: text) }
    let sentence = error?.description ?? ""
    #expect(sentence.hasPrefix("\(key.rawValue)=\(text): "))
    #expect(sentence.contains(key.rangeText))
  }

  @Test(
    "Sizes and times take units",
    arguments: [
      (LimitKey.messageBytes, "1MiB", 1_048_576), (.messageBytes, "64k", 65_536),
      (.fragmentBytes, "1.5KiB", 1536), (.idleTimeout, "5m", 300_000),
      (.closeTimeout, "250ms", 250),
    ] as [(LimitKey, String, Int)])
  func units(key: LimitKey, text: String, amount: Int) throws {
    #expect(try key.value(from: text) == .amount(amount))
  }

  @Test(
    "The range in words",
    arguments: [
      (LimitKey.messageBytes, "1B to 1TiB"), (.idleTimeout, "100ms to 7d, or off"),
      (.ratePolicy, "close or pause"), (.bytesPerSecond, "1B to 1TiB, or off"),
      (.backlogPolicy, "close or drop"), (.roomsPerSession, "0 to 1000000"),
    ] as [(LimitKey, String)])
  func rangeText(key: LimitKey, text: String) {
    #expect(key.rangeText == text)
  }

  @Test("A setting is a key and a value")
  func setting() throws {
    let setting = try LimitKey.setting(from: "message-bytes=64KiB")
    #expect(setting == (.messageBytes, .amount(65_536)))
    #expect(throws: LimitError.malformedSetting("message-bytes")) {
      try LimitKey.setting(from: "message-bytes")
    }
    #expect(throws: LimitError.unknownKey("message-byte")) {
      try LimitKey.setting(from: "message-byte=1")
    }
    #expect(throws: LimitError.invalidValue(.messageBytes, "-1")) {
      try LimitKey.setting(from: "message-bytes=-1")
    }
  }

  @Test("Names and values in errors are escaped")
  func escaped() {
    #expect(LimitError.unknownKey("\u{1b}").description.contains("\\u{1b}"))
    #expect(LimitError.invalidValue(.sessions, "\n").description.contains("sessions=\\n"))
    #expect(LimitError.malformedSetting("\u{202e}").description.contains("\\u{202e}"))
    #expect(
      LimitError.scopeNotPermitted(.sessions, scope: "route").description
        == "sessions cannot be set for one route: it holds for the whole engine")
  }

  @Test("The inherited names are kept")
  func inherited() {
    #expect(LimitKey.messageBytes.definition.inheritedName == "MAX_WS_MESSAGE_BYTES")
    #expect(LimitKey.fragmentBytes.definition.inheritedName == "WS_SEND_CHUNK_BYTES")
    #expect(LimitKey.messageBytes.environmentName == "WSTOP_MESSAGE_BYTES")
  }
}
