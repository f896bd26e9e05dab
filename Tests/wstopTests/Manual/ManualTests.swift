import ArgumentParser
import Dashboard
import Foundation
import Testing
import Vocabulary

@testable import wstop

@Suite("The manual and the README")
struct ManualTests {
  /// Whether tables that are not the program's are written anew.
  private static let isWriting =
    ProcessInfo.processInfo.environment["WSTOP_WRITE_MANUAL"] != nil

  @Test("Each table is the program's own, line by line", arguments: ManualFile.all)
  func tables(file: ManualFile) throws {
    let lines = try file.lines()
    var made: [String] = []
    var index = 0
    while index < lines.count {
      let line = lines[index]
      index += 1
      made.append(line)
      if let name = line.wholeMatch(of: #/<!-- table: (.+) -->/#)?.output.1 {
        let table = try #require(try ManualTables.table(String(name)), "no table: \(name)")
        made += table
        while index < lines.count, lines[index].hasPrefix("|") { index += 1 }
      } else if line.hasPrefix("<!-- figures -->") {
        while index < lines.count, lines[index].hasPrefix("|") {
          made.append(lines[index])
          index += 1
        }
      } else {
        #expect(!line.hasPrefix("|"), "\(file): a table without a marker: \(line)")
      }
    }
    guard made != lines else { return }
    if Self.isWriting {
      // Another file beside it, for a moment, would be one too many for other tests.
      try made.joined(separator: "\n").write(to: file.url, atomically: false, encoding: .utf8)
    } else {
      let missing = made.filter { !lines.contains($0) }
      let surplus = lines.filter { !made.contains($0) }
      Issue.record(
        """
        \(file) differs from the program's tables; WSTOP_WRITE_MANUAL=1 writes them. It lacks
        \(missing.joined(separator: "\n"))
        and should not have
        \(surplus.joined(separator: "\n"))
        """)
    }
  }

  @Test("Each list of words explains those that the program knows", arguments: ManualFile.all)
  func words(file: ManualFile) throws {
    let text = try file.text()
    for match in text.matches(of: #/<!-- words: (.+) -->\n((?:- .*\n(?:  .*\n)*)*)/#) {
      let name = String(match.output.1)
      let wanted = try #require(try ManualTables.words(name), "no words: \(name)")
      let items = match.output.2.split(separator: "\n- ").map { $0.prefix { $0 != ":" } }
      let found = items.flatMap { item in
        item.matches(of: #/`([^`]+)`/#).map { String($0.output.1) }
      }
      #expect(found.sorted() == wanted.sorted(), "\(file), \(name)")
    }
  }

  @Test("Every table and list that can be made is in the manual")
  func whole() throws {
    let text = try ManualFile.all.map { try $0.text() }.joined()
    for name in [
      "limits", "columns", "filters", "commands", "close codes", "endpoints", "options serve",
      "options load",
    ] + ManualTables.keyTables.map({ "keys \($0)" }) {
      #expect(text.contains("<!-- table: \(name) -->"), "\(name)")
    }
    for name in [
      "screens", "themes", "flags", "who", "history kinds", "handlers", "roles", "compression",
      "redacted keys", "exit codes", "environment",
    ] {
      #expect(text.contains("<!-- words: \(name) -->"), "\(name)")
    }
  }

  @Test("The README has 150 lines at most, links each topic, and the manual lists each")
  func topics() throws {
    let readMe = try ManualFile.readMe.lines()
    #expect(readMe.count <= 151 && readMe.last == "")
    let text = readMe.joined(separator: "\n")
    let list = ManualCommand.text(
      of: ManualCommand.document(of: nil), columns: 80, isBold: false)
    for topic in ManualTopic.allCases {
      #expect(text.contains("](\(ManualFile(topic).path))"), "\(topic)")
      #expect(list.contains("\n  \(topic.rawValue) "), "\(topic)")
    }
    let files = try FileManager.default.contentsOfDirectory(
      atPath: ManualFile.root.appending(path: ManualFile.folder).path)
    #expect(Set(files) == Set(ManualTopic.allCases.map { $0.rawValue + ".md" }))
  }

  @Test(
    "A topic begins with its title and one line on what it is about, and is in the program as in its file",
    arguments: ManualTopic.allCases)
  func beginning(topic: ManualTopic) throws {
    // What is written now is in the program once it is built again.
    if !Self.isWriting { #expect(topic.markdown == (try ManualFile(topic).text())) }
    let lines = try ManualFile(topic).lines()
    #expect(lines.first?.hasPrefix("# ") == true)
    #expect(lines.count { $0.hasPrefix("# ") && !$0.hasPrefix("# role ") } == 1)
    #expect(lines.count > 4 && lines[1].isEmpty && lines[3].isEmpty)
    #expect(topic.summary == lines[2] && topic.summary.hasSuffix("."))
    #expect(topic.summary.count <= 100)
  }

  @Test("What is linked is there", arguments: ManualFile.all)
  func links(file: ManualFile) throws {
    let folder = file.url.deletingLastPathComponent()
    let (prose, _) = try file.parts()
    for match in prose.matches(of: #/\]\(([^)]+)\)/#) {
      let target = String(match.output.1)
      if target.contains("://") { continue }
      let path = folder.appending(path: target).standardizedFileURL.path
      #expect(FileManager.default.fileExists(atPath: path), "\(file): \(target)")
    }
    for span in try file.spans() {
      guard let path = span.firstMatch(of: #/^(?:Sources|Tests|assets)\/[^ ]+/#)?.output else {
        continue
      }
      #expect(
        FileManager.default.fileExists(atPath: ManualFile.root.appending(path: path).path),
        "\(file): \(path)")
    }
  }

  @Test("All settings of the console's file are shown, in the manual and the sample")
  func settings() throws {
    let problem = try #require(ConsoleSettings("colour = red").problems.first?.text)
    let names = try #require(problem.firstMatch(of: #/there are (.*)/#)).output.1
      .replacing(" and ", with: ", ").split(separator: ", ")
    #expect(names.count >= 4)
    let sample = ManualFile(path: "assets/console.conf")
    #expect(ConsoleSettings(try sample.text()).problems.isEmpty)
    for file in [ManualFile(.settings), sample] {
      let lines = try file.lines()
      for name in names {
        let beginning = name.replacing("ACTION", with: "")
        #expect(lines.contains { $0.hasPrefix(beginning) }, "\(file): \(name)")
      }
    }
  }

  @Test("What is shown of the console's file is right", arguments: ManualFile.all)
  func consoleFile(file: ManualFile) throws {
    for block in try file.parts().blocks where block.language == "conf" {
      #expect(ConsoleSettings(block.text).problems.isEmpty, "\(file)")
    }
  }
}

@Suite("Command lines in the manual and the README")
struct ManualCommandLineTests {
  /// What stands for something of the reader's own.
  private static let standIns = [
    "ID": "s-4k2", "F": "tls", "URL": "ws://127.0.0.1:1/", "PATH": "/x", "KEY": "card",
    "TOPIC": "limits", "N": "1", "FILE": "x",
  ]

  /// What is wrong with words behind `wstop`; nil if they are right.
  private static func fault(of words: [String]) -> String? {
    let words = words.map { standIns[$0] ?? $0 }
    if isName(words) { return nil }
    do {
      _ = try WStop.parseAsRoot(WStop.rewritten(words))
      return nil
    } catch {
      return WStop.exitCode(for: error).isSuccess ? nil : WStop.message(for: error)
    }
  }

  /// Whether the words only name a command.
  private static func isName(_ words: [String]) -> Bool {
    var type: any ParsableCommand.Type = WStop.self
    for word in words {
      guard
        let next = type.configuration.subcommands.first(where: {
          $0.configuration.commandName == word
        })
      else { return false }
      type = next
    }
    return true
  }

  @Test("Every line of shell is one that the parser takes", arguments: ManualFile.all)
  func shell(file: ManualFile) throws {
    for block in try file.parts().blocks {
      let script =
        switch block.language {
        case "sh": block.text
        // What a terminal shows has the commands behind a prompt.
        case "":
          block.text.split(separator: "\n").filter { $0.hasPrefix("$ ") }.map { $0.dropFirst(2) }
            .joined(separator: "\n")
        default: ""
        }
      for words in ShellText(script).ownCommands {
        if let fault = Self.fault(of: words) { Issue.record("\(file): wstop \(words): \(fault)") }
      }
    }
  }

  @Test("Every command in the text is one that the parser takes", arguments: ManualFile.all)
  func spans(file: ManualFile) throws {
    for span in try file.spans() where span.hasPrefix("wstop ") {
      let own = ShellText(span).ownCommands
      #expect(own.count == 1, "\(file): \(span)")
      for words in own {
        if let fault = Self.fault(of: words) { Issue.record("\(file): \(span): \(fault)") }
      }
    }
  }

  @Test("Every command of the console's line is one that it takes", arguments: ManualFile.all)
  func consoleLines(file: ManualFile) throws {
    let context = CommandContext(
      subjects: [SessionID(rawValue: 7)], filter: "tls", attachWords: [], run: "r1")
    for span in try file.spans() where span.wholeMatch(of: #/:[a-z].*/#) != nil {
      let line = span.dropFirst().split(separator: " ").map {
        Self.standIns[String($0)] ?? String($0)
      }
      .joined(separator: " ")
      if Self.isName([line]) { continue }
      if case .failure(let fault) = ConsoleCommandLine.interpret(line, context) {
        Issue.record("\(file): \(span): \(fault.message)")
      }
    }
  }

  @Test("Every option that is named is one of a command", arguments: ManualFile.all)
  func options(file: ManualFile) throws {
    // Figures name the options of the scripts that measure.
    guard file.path != ManualFile(.performance).path else { return }
    let commands = try ManualTables.Described.program.get().command.all
    let known = Set(commands.flatMap { $0.arguments ?? [] }.flatMap(\.longNames) + ["--version"])
    for span in try file.spans() where span.hasPrefix("--") {
      let name = String(span.prefix { $0 != " " && $0 != "=" })
      #expect(known.contains(name), "\(file): \(span)")
    }
  }

  @Test("The reader of shell finds commands in quotes, lists, pipes, substitutions and documents")
  func reader() {
    let text = ShellText(
      """
      A=1 wstop sessions --filter 'a b'  # wstop no
      cat > x <<END && wstop show
      wstop not this
      END
      echo "$(wstop stats)" | wstop top --theme "li""ght" > wstop
      install a/wstop b/wstop; ./wstop stop
      swift run -c release wstop demo
      """)
    #expect(
      text.ownCommands == [
        ["sessions", "--filter", "a b"], ["show"], ["stats"], ["top", "--theme", "light"], ["stop"],
        ["demo"],
      ])
  }
}
