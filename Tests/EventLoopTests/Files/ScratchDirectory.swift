import Foundation
import Testing

/// A directory of one test's own, removed with all that is in it.
struct ScratchDirectory: ~Copyable {
  let path: String

  init() throws {
    var template = Array("/tmp/wstop-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The path of something in it.
  func path(_ name: String) -> String { path + "/" + name }

  /// Makes a file with a mode.
  @discardableResult
  func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
    try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    #expect(chmod(path(name), mode_t(mode)) == 0)
    return path(name)
  }

  /// The names in it, sorted.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      Issue.record("\(path) stays: \(error)")
    }
  }
}
