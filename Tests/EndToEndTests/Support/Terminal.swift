import Foundation
import Testing

/// A real terminal: tmux with a server of its own, in which one program runs.
struct Terminal: Sendable {
  private let socket: String
  private let exitFile: String

  /// Opens a terminal that runs a program, which stays to be looked at when the program has ended.
  static func open(
    columns: Int = 80, rows: Int = 24, words: [String], environment: [String: String] = [:]
  ) async throws -> Terminal {
    let workspace = Workspace.current
    let number = workspace.nextNumber()
    let configuration = "tmux-\(number).conf"
    try workspace.write(
      """
      set -g default-terminal tmux-256color
      set -g status off
      set -g remain-on-exit on
      set -g remain-on-exit-format ""
      set -s escape-time 0
      set -s set-clipboard on
      set -g history-limit 1000

      """.utf8, to: configuration)
    let terminal = Terminal(
      socket: workspace.path("tmux-\(number)"), exitFile: workspace.path("exit-\(number)"))
    // A shell notes the exit code: tmux itself now and then misses the end of a program.
    let settings = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let command =
      ["/bin/sh", "-c", "env \"$@\"; echo $? > \(terminal.exitFile)", "sh"] + settings + words
    let outcome = try await terminal.tmux(
      [
        "-f", workspace.path(configuration), "new-session", "-d", "-c", workspace.directory,
        "-x", "\(columns)", "-y", "\(rows)",
      ] + command)
    #expect(outcome.exitCode == 0, "\(outcome)")
    return terminal
  }

  /// Opens a terminal with a shell.
  static func shell(
    columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]
  ) async throws -> Terminal {
    let terminal = try await open(
      columns: columns, rows: rows, words: ["/bin/sh"],
      environment: environment.merging(["WSTOP": Program.path]) { $1 })
    try await terminal.wait(for: "$")
    return terminal
  }

  /// Opens the console on an engine.
  static func console(
    _ engine: Engine, columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]
  ) async throws -> Terminal {
    let terminal = try await open(
      columns: columns, rows: rows, words: [Program.path, "top", "--name", engine.name],
      environment: environment)
    try await terminal.wait(for: "wstop \(engine.name)")
    return terminal
  }

  /// Presses keys, by tmux's names of them: `Enter`, `Escape`, `Space`, `C-c`, `F6`, or a letter.
  func press(_ keys: String...) async throws {
    _ = try await tmux(["send-keys"] + keys)
  }

  /// Presses a key until the screen shows a text, and each time waits for what it does: a second
  /// press before that would go too far.
  ///
  /// - Parameter part: what of the screen the key changes, and nothing else does.
  func press<Part: Equatable>(
    _ key: String, until text: String, changing part: (Screen) -> Part
  ) async throws {
    for _ in 0..<60 {
      let before = try await screen()
      guard !before.contains(text) else { return }
      try await press(key)
      try await wait("what \(key) does to\n\(before)\nnow") { part($0) != part(before) }
    }
    try await wait(for: text)
  }

  /// Types text.
  func type(_ text: String) async throws {
    _ = try await tmux(["send-keys", "-l", "--", text])
  }

  /// Pastes text, in brackets if the program asked for them.
  func paste(_ text: String) async throws {
    let name = "paste-\(Workspace.current.nextNumber())"
    try Workspace.current.write(text.utf8, to: name)
    _ = try await tmux(["load-buffer", Workspace.current.path(name)])
    _ = try await tmux(["paste-buffer", "-p", "-r"])
  }

  /// Gives the terminal another size.
  func resize(columns: Int, rows: Int) async throws {
    _ = try await tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// What it shows.
  func screen() async throws -> Screen {
    Screen(try await tmux(["capture-pane", "-p"]).text)
  }

  /// What it shows, with the escapes that make its colours and attributes.
  func styledScreen() async throws -> String {
    try await tmux(["capture-pane", "-e", "-p"]).text
  }

  /// Everything that was shown, what scrolled away included.
  func history() async throws -> String {
    try await tmux(["capture-pane", "-p", "-S", "-"]).text
  }

  /// Waits until the screen shows texts, all of them at once, and none of others.
  @discardableResult
  func wait(for texts: String..., without others: [String] = []) async throws -> Screen {
    let what = texts.map { "\"\($0)\"" } + others.map { "no \"\($0)\"" }
    return try await wait(what.joined(separator: ", ")) { screen in
      texts.allSatisfy { screen.contains($0) } && !others.contains { screen.contains($0) }
    }
  }

  /// Waits until the screen shows a text no more.
  @discardableResult
  func wait(forEndOf text: String) async throws -> Screen {
    try await wait(without: [text])
  }

  /// Waits until the screen is as wanted, and still is when it is read again.
  ///
  /// A picture reaches the terminal in pieces, and what tells of an act comes on another connection
  /// than what it changed: the first screen that has one thing may lack another that a moment later
  /// is there. So whatever has to be there together is wanted together, and has to stay.
  @discardableResult
  func wait(
    _ what: String = "another picture", _ isWanted: (Screen) throws -> Bool
  ) async throws -> Screen {
    var last = Screen("")
    var hasHeld = false
    do {
      return try await eventually(what) {
        last = try await screen()
        let holds = try isWanted(last)
        defer { hasHeld = holds }
        return holds && hasHeld ? last : nil
      }
    } catch is TimedOut {
      throw TimedOut(description: "waited for \(what); the screen shows:\n\(last)")
    }
  }

  /// What was copied last to the terminal's clipboard; nil before anything was.
  func clipboard() async throws -> String? {
    let outcome = try await tmux(["show-buffer"])
    return outcome.exitCode == 0 ? outcome.text : nil
  }

  /// Lets programs copy to the clipboard, or no longer.
  func permitClipboard(_ isPermitted: Bool) async throws {
    _ = try await tmux(["set-option", "-s", "set-clipboard", isPermitted ? "on" : "off"])
  }

  /// One of tmux's variables of the pane, such as `alternate_on` or `cursor_x`.
  func variable(_ name: String) async throws -> String {
    try await tmux(["display-message", "-p", "#{\(name)}"]).text.trimmingSuffix("\n")
  }

  /// Waits until the program has ended, and gives its exit code.
  func exitCode() async throws -> Int {
    var last = Screen("")
    do {
      return try await eventually("end") {
        last = try await screen()
        let text = FileManager.default.contents(atPath: exitFile)
        return text.flatMap { Int(String(decoding: $0, as: UTF8.self).trimmingSuffix("\n")) }
      }
    } catch is TimedOut {
      throw TimedOut(description: "waited for the end of the program; the screen shows:\n\(last)")
    }
  }

  private func tmux(_ arguments: [String]) async throws -> Outcome {
    try await run("/usr/bin/tmux", ["-u", "-S", socket] + arguments)
  }
}

extension String {
  /// The text without an ending that it may have.
  func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
