import ControlProtocol
import Dashboard
import Foundation
import Testing

@testable import wstop

@Suite("Files of settings")
struct SettingsFilesTests {
  /// Runs something with a directory that does not exist yet.
  private func withDirectory(_ body: (String) throws -> Void) throws {
    let root = NSTemporaryDirectory() + "wstop-settings-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: root) }
    try body(root + "/a/wstop")
  }

  private func write(_ text: String, to name: String, in directory: String) throws {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    try text.write(toFile: directory + "/" + name, atomically: false, encoding: .utf8)
  }

  @Test("Where they are")
  func place() {
    #expect(SettingsDirectory.path(configuration: "/c", home: "/h") == "/c/wstop")
    #expect(SettingsDirectory.path(configuration: nil, home: "/h") == "/h/.config/wstop")
    #expect(SettingsDirectory.path(configuration: "", home: "/h") == "/h/.config/wstop")
    #expect(SettingsDirectory.path(configuration: "relative", home: "/h") == "/h/.config/wstop")
    #expect(SettingsDirectory.path(configuration: nil, home: "h") == nil)
    #expect(SettingsDirectory.path(configuration: nil, home: nil) == nil)
  }

  @Test("Without files everything is as the program comes")
  func none() throws {
    try withDirectory { directory in
      let files = SettingsFiles(in: directory)
      #expect(files.problems.isEmpty && files.complaint == nil)
      #expect(files.table == SavedTable())
      #expect(files.appearance(ConsoleWishes(), noColour: false) == Appearance())
      #expect(files.appearance(ConsoleWishes(), noColour: true).theme == .mono)
    }
  }

  @Test("The command line goes before the file, and that before NO_COLOR")
  func precedence() throws {
    try withDirectory { directory in
      try write("theme = light\nmouse = off", to: "console.conf", in: directory)
      let files = SettingsFiles(in: directory)
      let quiet = ConsoleWishes()
      #expect(files.appearance(quiet, noColour: true).theme == .light)
      #expect(files.appearance(quiet, noColour: false).usesMouse == false)
      let loud = ConsoleWishes(theme: .contrast, usesMouse: true)
      #expect(
        files.appearance(loud, noColour: true) == Appearance(theme: .contrast, usesMouse: true))
    }
  }

  @Test("What is saved is there the next time, in a directory that is made, for its owner alone")
  func saves() throws {
    try withDirectory { directory in
      var table = SavedTable()
      table.columns = ColumnChoice([.id, .rooms], rates: .both)
      let event = SettingsFiles(in: directory).save(table)
      #expect(event == .saved(path: directory + "/table.conf", failure: nil))
      let files = SettingsFiles(in: directory)
      #expect(files.table == table && files.problems.isEmpty)
      let attributes = try FileManager.default.attributesOfItem(
        atPath: directory + "/table.conf")
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["table.conf"])
    }
  }

  @Test("A link stays a link, and what it leads to is replaced")
  func link() throws {
    try withDirectory { directory in
      try write("", to: "elsewhere.conf", in: directory)
      try FileManager.default.createSymbolicLink(
        atPath: directory + "/table.conf", withDestinationPath: directory + "/elsewhere.conf")
      _ = SettingsFiles(in: directory).save(SavedTable())
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: directory + "/table.conf")
          == directory + "/elsewhere.conf")
      let text = try String(contentsOfFile: directory + "/elsewhere.conf", encoding: .utf8)
      #expect(text == SavedTable().text)
    }
  }

  @Test("What is no file is not replaced by one, and told of")
  func devices() throws {
    try withDirectory { directory in
      try write("", to: "console.conf", in: directory)
      let path = directory + "/table.conf"
      for make in [{ symlink("/dev/null", path) }, { mkfifo(path, 0o600) }] {
        #expect(make() == 0)
        guard case .saved(_, let failure?) = SettingsFiles(in: directory).save(SavedTable()) else {
          Issue.record("it was saved")
          return
        }
        #expect(failure.contains("no regular file"))
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG)
        #expect(unlink(path) == 0)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["console.conf"])
    }
  }

  @Test("Where nothing can be written there is a line that says so")
  func unwritable() throws {
    try withDirectory { directory in
      // A file stands where the directory would be: root is refused too.
      let parent = (directory as NSString).deletingLastPathComponent
      try write("", to: "wstop", in: parent)
      guard case .saved(_, let failure?) = SettingsFiles(in: directory).save(SavedTable()) else {
        Issue.record("it was saved")
        return
      }
      #expect(failure.contains(directory) && failure.contains("Not a directory"))
      guard case .saved(_, let none?) = SettingsFiles(in: nil).save(SavedTable()) else {
        Issue.record("it was saved")
        return
      }
      #expect(none == "neither XDG_CONFIG_HOME nor HOME names a directory")
    }
  }

  @Test("A newer file is left as it is, and told of; one that is broken is replaced")
  func newer() throws {
    try withDirectory { directory in
      let future = "version = 7\ncolumns = all\n"
      try write(future, to: "table.conf", in: directory)
      let files = SettingsFiles(in: directory)
      #expect(files.table == SavedTable())
      #expect(files.complaint?.contains("a newer wstop has written it (version 7") == true)
      guard case .saved(_, let failure?) = files.save(SavedTable()) else {
        Issue.record("it was saved")
        return
      }
      #expect(failure.contains("stays as it is"))
      #expect(
        try String(contentsOfFile: directory + "/table.conf", encoding: .utf8) == future)
      try write("columns = nose", to: "table.conf", in: directory)
      let broken = SettingsFiles(in: directory)
      #expect(broken.complaint?.contains("line 1") == true)
      #expect(broken.save(SavedTable()) == .saved(path: directory + "/table.conf", failure: nil))
    }
  }

  @Test("What is no file, no text or too much is told of, and nothing waits for it")
  func unreadable() throws {
    try withDirectory { directory in
      func complaint() -> String { SettingsFiles(in: directory).complaint ?? "" }
      try FileManager.default.createDirectory(
        atPath: directory + "/console.conf", withIntermediateDirectories: true)
      #expect(complaint().contains("no regular file"))
      try FileManager.default.removeItem(atPath: directory + "/console.conf")
      #expect(mkfifo(directory + "/console.conf", 0o600) == 0)
      #expect(complaint().contains("no regular file"))
      try FileManager.default.removeItem(atPath: directory + "/console.conf")
      try Data([0x74, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: directory + "/console.conf"))
      #expect(complaint().contains("not UTF-8"))
      try write(String(repeating: "#\n", count: 40_000), to: "console.conf", in: directory)
      #expect(complaint().contains("it has over 65536 bytes"))
      try write("theme = a\nmouse = b\nx", to: "console.conf", in: directory)
      #expect(complaint().contains("console.conf: line 1"))
      #expect(complaint().hasSuffix("(and 2 more: wstop keys)"))
    }
  }
}
