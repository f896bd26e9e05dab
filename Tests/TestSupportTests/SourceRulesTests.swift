import Foundation
import Testing

@Suite("Rules that all tests keep")
struct SourceRulesTests {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func files(under folder: String, _ suffix: String) throws -> [(String, String)] {
    let root = tests.appending(path: folder)
    return try FileManager.default.subpathsOfDirectory(atPath: root.path)
      // What was built beside the tests, to fuzz, has sources of others.
      .filter { $0.hasSuffix(suffix) && !$0.split(separator: "/").contains(".build") }
      .map { ($0, try String(contentsOf: root.appending(path: $0), encoding: .utf8)) }
  }

  @Test("A suite that waits for others has few beside it, so no limit of time is set without that")
  func limited() throws {
    for (path, text) in try Self.files(under: ".", "Tests.swift") {
      for attribute in text.matches(of: #/@(?:Suite|Test)\([^{]*?\.timeLimit\(/#)
      where !attribute.output.contains(".limited") {
        Issue.record("\(path): .timeLimit without .limited at \(attribute.output)")
      }
    }
  }

  @Test("Every suite that starts programs is limited")
  func endToEnd() throws {
    for (path, text) in try Self.files(under: "EndToEndTests", "Tests.swift") {
      let suites = text.matches(of: #/@Suite\([^{]*/#)
      #expect(!suites.isEmpty && suites.allSatisfy { $0.output.contains(".limited") }, "\(path)")
    }
  }

  @Test("No script sets how many tests run at once: a reader of the README does not either")
  func width() throws {
    let root = Self.tests.deletingLastPathComponent()
    let paths = [".ci/run", "README.md", "Tests/Sanitizers/run.sh"]
    for path in paths {
      let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
      #expect(!text.contains("PARALLELIZATION_WIDTH"), "\(path)")
    }
  }
}
