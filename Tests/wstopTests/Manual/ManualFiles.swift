import Foundation

@testable import wstop

/// A file of the documentation: the README, or a topic of the manual.
struct ManualFile: CustomStringConvertible, Sendable {
  /// Where it lies below the root of the repository.
  var path: String

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let folder = "Sources/wstop/Manual"
  static let readMe = ManualFile(path: "README.md")
  /// The files of all topics, and the README.
  static let all = [readMe] + ManualTopic.allCases.map(ManualFile.init)

  init(path: String) {
    self.path = path
  }

  init(_ topic: ManualTopic) {
    path = "\(Self.folder)/\(topic.rawValue).md"
  }

  var url: URL { Self.root.appending(path: path) }
  var description: String { path }

  func text() throws -> String { try String(contentsOf: url, encoding: .utf8) }

  func lines() throws -> [String] {
    try text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The text without what stands between fences, and what stands there, by the fence's word.
  func parts() throws -> (prose: String, blocks: [(language: String, text: String)]) {
    var prose: [String] = []
    var blocks: [(language: String, lines: [String])] = []
    var isInside = false
    for line in try lines() {
      if line.hasPrefix("```") {
        isInside.toggle()
        if isInside { blocks.append((String(line.dropFirst(3)), [])) }
      } else if isInside {
        blocks[blocks.count - 1].lines.append(line)
      } else {
        prose.append(line)
      }
    }
    return (
      prose.joined(separator: "\n"),
      blocks.map { ($0.language, $0.lines.joined(separator: "\n")) }
    )
  }

  /// What stands between backticks outside of fences, line breaks as spaces.
  func spans() throws -> [String] {
    try parts().prose.matches(of: #/`([^`]+)`/#).map { match in
      match.output.1.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
  }
}
