import Testing
import Vocabulary

#if canImport(FoundationEssentials)
  import FoundationEssentials
#endif

@Suite("The README")
struct ReadMeTests {
  @Test("It has the table of limits as the program has it")
  func limits() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    for key in LimitKey.allCases {
      #expect(text.contains(Self.row(of: key)), "wants the line\n\(Self.row(of: key))")
    }
  }

  private static func row(of key: LimitKey) -> String {
    let definition = key.definition
    let scopes = definition.scopes == .all ? "engine, route, session" : "engine"
    return "| \(key.rawValue) | \(key.text(of: definition.defaultValue)) | \(key.rangeText) | "
      + "\(scopes) | \(definition.onBreach) | \(definition.help) |"
  }
}
