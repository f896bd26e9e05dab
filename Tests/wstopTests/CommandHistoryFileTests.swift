import Dashboard
import Foundation
import Testing

@testable import wstop

@Suite("The file of typed commands")
struct CommandHistoryFileTests {
  private func withDirectory(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "wstop-history-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test("It lies where the person's state lies")
  func place() {
    #expect(CommandHistoryFile(stateHome: "/s", home: "/h").path == "/s/wstop/history")
    #expect(CommandHistoryFile(stateHome: nil, home: "/h").path == "/h/.local/state/wstop/history")
    #expect(CommandHistoryFile(stateHome: "", home: "/h").path == "/h/.local/state/wstop/history")
    #expect(CommandHistoryFile(stateHome: "relative", home: nil).path == nil)
  }

  @Test("A file that others can read is the person's own from the next command on")
  func closesUp() throws {
    try withDirectory { directory in
      let path = directory + "/wstop/history"
      try FileManager.default.createDirectory(
        atPath: directory + "/wstop", withIntermediateDirectories: true)
      let isMade = FileManager.default.createFile(
        atPath: path, contents: nil, attributes: [.posixPermissions: 0o644])
      #expect(isMade)
      CommandHistoryFile(stateHome: directory, home: nil).append("limits")
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test("What was typed is there the next time, for nobody but the person")
  func keeps() throws {
    try withDirectory { directory in
      let file = CommandHistoryFile(stateHome: directory + "/deep", home: nil)
      #expect(file.load().lines.isEmpty)
      file.append("close --reason 'grüße'")
      file.append("limits")
      #expect(file.load().lines == ["close --reason 'grüße'", "limits"])
      let path = try #require(file.path)
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect((attributes[.posixPermissions] as? Int) == 0o600)
    }
  }

  @Test("It is cut before it grows without end, the newest kept")
  func bounded() throws {
    try withDirectory { directory in
      let file = CommandHistoryFile(stateHome: directory, home: nil)
      let long = String(repeating: "x", count: 4000)
      for number in 0..<200 { file.append("send --text \(number)\(long)") }
      let path = try #require(file.path)
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      #expect(size <= CommandHistoryFile.maximumByteCount + 5000)
      #expect(file.load().lines.last?.hasPrefix("send --text 199x") == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/wstop").count == 1)
    }
  }

  @Test("A file that cannot be, or is rubbish, is no reason to fail")
  func hostile() throws {
    try withDirectory { directory in
      CommandHistoryFile(stateHome: "/proc/nowhere", home: nil).append("x")
      #expect(CommandHistoryFile(stateHome: "/proc/nowhere", home: nil).load().lines.isEmpty)
      try FileManager.default.createDirectory(
        atPath: directory + "/wstop/history", withIntermediateDirectories: true)
      let file = CommandHistoryFile(stateHome: directory, home: nil)
      file.append("x")
      #expect(file.load().lines.isEmpty)
      let rubbish = directory + "/rubbish/wstop"
      try FileManager.default.createDirectory(
        atPath: rubbish, withIntermediateDirectories: true)
      try Data([0xFF, 0x00, 0x0A, 0x1B, 0x5B, 0x0A]).write(
        to: URL(fileURLWithPath: rubbish + "/history"))
      #expect(
        CommandHistoryFile(stateHome: directory + "/rubbish", home: nil).load().lines.count == 2)
    }
  }
}
