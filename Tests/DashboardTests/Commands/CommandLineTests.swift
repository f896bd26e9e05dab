import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("The command line and its history")
struct CommandEntryTests {
  @Test("A bounded number is kept, none twice in a row, none that begins with a space")
  func history() {
    var history = CommandHistory((0..<600).map { "show s-\($0)" })
    #expect(history.lines.count == CommandHistory.maximumCount)
    #expect(history.lines.first == "show s-100")
    let before = history
    for line in ["show s-599", " secret", "", "  ", "two\nlines"] {
      let isKept = history.add(line)
      #expect(!isKept)
    }
    #expect(history == before)
  }

  @Test("Up and down go through the history and come back to what was being typed")
  func recall() {
    let history = CommandHistory(["one", "two"])
    var entry = CommandEntry("thr")
    let steps: [(older: Bool, text: String)] = [
      (false, "thr"), (true, "two"), (true, "one"), (true, "one"), (false, "two"), (false, "thr"),
      (false, "thr"),
    ]
    for step in steps {
      entry.recall(older: step.older, from: history)
      #expect(entry.editor.text == step.text)
    }
  }

  private func found(_ words: [String], at start: Int) -> CommandCompletion {
    var completion = CommandCompletion("", in: connected().context)
    completion.start = start
    completion.candidates = words
    return completion
  }

  @Test("Tab puts a single word in, what several have in common, and goes through them")
  func completion() {
    var entry = CommandEntry("cl")
    entry.complete { _ in found(["close"], at: 0) }
    #expect(entry.editor.text == "close ")
    entry.insert("--r")
    entry.complete { _ in found(["--rate", "--reason"], at: 6) }
    #expect(entry.editor.text == "close --r")
    #expect(entry.completion?.candidates.count == 2)
    for text in ["close --rate", "close --reason", "close --rate"] {
      entry.complete { _ in found([], at: 0) }
      #expect(entry.editor.text == text)
    }
    entry.complete(backwards: true) { _ in found([], at: 0) }
    #expect(entry.editor.text == "close --reason")
    entry.insert(" ")
    #expect(entry.completion == nil)
  }

  @Test("A filter with quotes of its own is completed inside of the quotes around it")
  func quotes() {
    var model = connected()
    model.setup.commands = CommandCompletionTests.catalogue
    model.keys(.character(":"))
    model.type("close --filter 'ua=\"a b\" tl")
    model.keys(.tab)
    model.type("' --yes")
    let words = ["close", "--filter", "ua=\"a b\" tls", "--yes"]
    #expect(
      model.keys(.enter).contains {
        if case .interpret(let line, _) = $0 { CommandWords(line).texts == words } else { false }
      })
  }

  @Test("A paste that does not fit is refused whole, and that is said")
  func tooLong() {
    var model = connected()
    model.keys(.character(":"))
    _ = update(&model, .paste(String(repeating: "x", count: 4090)))
    let before = model.text
    _ = update(&model, .paste(" --dry-run"))
    #expect(model.text.contains("not taken: a command has at most 4 096 bytes"))
    model.keys(.left, .right)
    #expect(model.text == before)
    model.type("12345678")
    guard case .command(let entry)? = model.dialog else {
      Issue.record("the line is closed")
      return
    }
    #expect(entry.editor.text.utf8.count == 4096 && entry.editor.text.hasSuffix("x123456"))
    #expect(entry.complaint != nil)
  }

  @Test("What stands behind the cursor stays, and a key with its operator gets no space")
  func middle() {
    var entry = CommandEntry("limits set m x")
    entry.perform(.left)
    entry.perform(.left)
    entry.complete { line in
      #expect(line == "limits set m")
      return found(["message-bytes="], at: 11)
    }
    entry.insert("1k")
    #expect(entry.editor.text == "limits set message-bytes=1k x")
  }
}

@Suite("What Tab finds")
struct CommandCompletionTests {
  static let catalogue = CommandCatalogue([
    .init(
      name: "close",
      arguments: [
        .init(.positional, "ids"), .init(.option, "--filter", values: ["tls"]),
        .init(.option, "--code", values: ["going-away", "service-restart"]),
        .init(.flag, "--yes"), .init(.option, "--name"),
      ]),
    .init(
      name: "limits",
      subcommands: [
        .init(
          name: "set",
          arguments: [
            .init(.positional, "settings", values: ["message-bytes=", "rate-policy="]),
            .init(.option, "--route"),
          ])
      ]),
    .init(name: "abort", arguments: [.init(.positional, "act")]), .init(name: "filter"),
    .init(name: "sort", arguments: [.init(.positional, "column", values: ["id", "-id"])]),
  ])

  private func found(_ line: String) -> [String] {
    var model = connected()
    model.setup.commands = Self.catalogue
    var snapshot = picture()
    snapshot.acts = [ActStatus(engine: "run-1", id: 7, kind: .close, count: 3)]
    _ = update(&model, .snapshot(snapshot))
    return CommandCompletion(line, in: model.context).candidates
  }

  @Test(
    "Words that fit where the cursor is",
    arguments: [
      ("", ["close", "limits", "abort", "filter", "sort"]), ("li", ["limits"]),
      ("limits ", ["set"]), ("limits s", ["set"]), ("nonsense ", []), ("sort -", ["-id"]),
      ("close --", ["--filter", "--code", "--yes", "--name"]),
      ("close --code ", ["going-away", "service-restart"]), ("close --code s", ["service-restart"]),
      ("close --yes --y", []), ("close s-1yg", ["s-1yg1"]), ("close --name ", []),
      ("abort ", ["7"]), ("limits set ra", ["rate-policy="]),
      ("limits set rate-policy=", ["rate-policy=close", "rate-policy=pause"]),
      ("limits set message-bytes=", ["message-bytes=1MiB"]),
      ("limits set --route ", ["/ws/chat/{room}", "/ws/echo"]),
      ("close --filter route=/ws/e", ["route=/ws/echo"]),
      (
        "close --filter \"idle>5m rou",
        ["\"idle>5m route=", "\"idle>5m route!=", "\"idle>5m route~"]
      ),
      ("close --filter 'ua=\"a b\" tl", ["'ua=\"a b\" tls"]),
      ("close --filter 'tl", ["'tls"]), ("close --filter \"tl", ["\"tls"]),
      ("close --filter 'idle>5m tl", ["'idle>5m tls"]),
      ("close --filter 'ua=\"a\"'\"'\"' tl", [#""ua=\"a\"' tls"#]),
      ("filter idle>5m !tl", ["tls"]),
      ("filter state=cl", ["closing", "closed"]), ("filter ~", []),
      ("filter tls id=s-1yg", ["s-1yg1"]), ("filter code=goi", ["1001"]),
    ] as [(String, [String])])
  func fits(line: String, words: [String]) {
    #expect(found(line) == words)
  }

  @Test("A value of a filter that needs quotes gets them inside of those around the filter")
  func quotedValue() {
    var model = connected()
    model.setup.commands = Self.catalogue
    model.context.latest.roomNames = ["lo bby", "other"]
    #expect(
      CommandCompletion("close --filter room=lo", in: model.context).candidates
        == ["'room=\"lo bby\""])
  }

  @Test("So many at most")
  func bounded() {
    var model = connected(showing: picture(total: 500, count: 500))
    model.setup.commands = Self.catalogue
    #expect(
      CommandCompletion("close s-", in: model.context).candidates.count
        == CommandCompletion.maximumCount)
  }
}
