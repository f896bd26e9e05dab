import ArgumentParser
import ControlProtocol
import Dashboard
import Glibc
import Testing
import Vocabulary

@testable import wstop

@Suite("The console's line takes the commands of the shell")
struct ConsoleCommandLineTests {
  static let id = SessionID(rawValue: 4706)

  private func interpret(
    _ line: String, subjects: [SessionID] = [SessionID(rawValue: 7)], attach: [String] = []
  ) -> Result<ConsoleCommand, CommandFault> {
    ConsoleCommandLine.interpret(
      line,
      CommandContext(subjects: subjects, filter: "route=/ws/a", attachWords: attach, run: "r1"))
  }

  @Test(
    "Screens, order, filter and sessions",
    arguments: [
      ("q", .quit), ("quit", .quit), ("help", .help), ("traffic", .show(.traffic)),
      ("Closes", .show(.closes)), ("stats", .show(.traffic)), ("events", .show(.log)),
      ("limits", .show(.limits)), ("log", .show(.log)),
      ("sort -in.bytes", .sessions(sort: .bytesIn, isDescending: true)),
      ("sort path", .sessions(sort: .path)),
      (
        "filter route=/ws/a ua=\"a b\"",
        nil
      ),
      ("filter", .sessions(filter: "")),
      (
        "sessions --filter 'idle>300s tls' --sort -age",
        .sessions(filter: "idle>5m tls", sort: .age, isDescending: true, show: .live)
      ),
      ("sessions --sort id", .sessions(filter: "", sort: .id, show: .live)),
      ("sessions --closed", .sessions(filter: "", show: .closed)),
      ("sessions --all --filter tls", .sessions(filter: "tls", show: .all)),
      (
        "tap s-4k2 --direction in",
        .tap(TapRequest(.session(id), options: TapOptions(direction: .in)))
      ),
      ("tap --filter room=lobby", .tap(TapRequest(.filter("room=lobby")))),
      ("tap", .tap(TapRequest(.session(SessionID(rawValue: 7))))),
      ("rooms --sort -out.messages", nil),
      ("routes --match ws", .groups(GroupQuery(.routes, name: "ws", isDescending: true))),
      ("closes --interval 10m", .closes(seconds: 600)),
      (
        "traffic --window 1h --route /ws/a",
        .traffic(TrafficQuery(window: .hour, route: "/ws/a"))
      ),
      ("history --filter code=1009 --kind session", .history(filter: "code=1009", .sessions)),
      ("history --kind act,limit", .history(filter: "", .acts)),
      ("show s-4k2", .details(id)), ("wstop show s-4k2", .details(id)),
    ] as [(String, ConsoleCommand?)])
  func arranging(line: String, command: ConsoleCommand?) throws {
    let found = try interpret(line).get()
    if let command {
      #expect(found == command)
    } else if case .groups(let query) = found {
      #expect(query.kind == .rooms && query.isDescending)
    } else if case .sessions(let filter, _, _, _) = found {
      // A filter's own quotes are the filter's.
      #expect(try SessionFilter(filter ?? "").description == "route=/ws/a ua=\"a b\"")
    } else {
      Issue.record("\(found)")
    }
  }

  @Test("Sessions that are named by hand are acted on at once, in the run that is shown")
  func named() throws {
    #expect(
      try interpret("close s-4k2 --code going-away --reason 'good bye'").get()
        == .request(
          .close(
            CloseRequest(
              engine: "r1", sessions: [Self.id], code: .goingAway, reason: "good bye")), .close,
          saying: "closing 1 named"))
    #expect(
      try interpret("send s-4k2 --hex '00 ff'").get()
        == .request(
          .send(SendRequest(engine: "r1", sessions: [Self.id], binary: "AP8=")), .send,
          saying: "sending to 1 named"))
  }

  @Test("An upstream is drained and resumed in the run that is shown; a shell has the list")
  func upstreams() throws {
    let selection = UpstreamSelection(engine: "r1", name: "ws://a:1", route: "/app")
    #expect(
      try interpret("upstreams drain ws://a:1 --route /app").get()
        == .request(.drainUpstream(selection), .other, saying: "draining it"))
    #expect(
      try interpret("upstreams resume ws://a:1 --route /app").get()
        == .request(.resumeUpstream(selection), .other, saying: "resuming it"))
    for line in ["upstreams", "upstreams drain ws://a:1 --json", "upstreams drain"] {
      #expect(throws: CommandFault.self) { try interpret(line).get() }
    }
  }

  @Test("Without names it is for the marked ones, or with `filter` for all of the table, and asks")
  func implied() throws {
    guard case .close(let row, let isConfirmed) = try interpret("close --code 1012").get() else {
      Issue.record("no dialog")
      return
    }
    #expect(row.plan.subjects == .sessions([SessionID(rawValue: 7)]))
    #expect(row.validCode == .serviceRestart)
    #expect(!isConfirmed)
    guard
      case .close(let all, true) = try interpret("close filter --rate 50/s --jitter 20% --yes")
        .get()
    else {
      Issue.record("no dialog")
      return
    }
    #expect(all.plan.subjects == .filter("route=/ws/a"))
    #expect(all.plan.ratePerSecond == 50)
    #expect(all.plan.jitterShare == 0.2)
    guard
      case .send(let text, false) = try interpret("send --filter tls --json-text '{\"a\":1}'").get()
    else {
      Issue.record("no dialog")
      return
    }
    #expect(text.plan.subjects == .filter("tls"))
    #expect(text.mode == .json)
    #expect(text.payload.text == "{\"a\":1}")
  }

  @Test("A dry run only counts, also with a yes, a pace or the session under the cursor")
  func dryRun() throws {
    let filter = CloseRequest(ActSelection(engine: "r1", filter: "tls", dryRun: true))
    #expect(
      try interpret("close --filter tls --dry-run --yes").get()
        == .request(.close(filter), .close, saying: "counting"))
    let named = ActSelection(engine: "r1", sessions: [Self.id], dryRun: true)
    #expect(
      try interpret("close s-4k2 --dry-run").get()
        == .request(.close(CloseRequest(named)), .close, saying: "counting"))
    #expect(
      try interpret("send s-4k2 --dry-run --ping").get()
        == .request(.send(SendRequest(named, ping: true)), .send, saying: "counting"))
    for line in ["close --dry-run", "close filter --dry-run --yes", "send --dry-run --text x"] {
      guard case .request(let request, _, _) = try interpret(line).get() else {
        Issue.record("\(line) would act")
        continue
      }
      switch request {
      case .close(let close): #expect(close.selection.isDryRun)
      case .send(let send): #expect(send.selection.isDryRun)
      default: Issue.record("\(line)")
      }
    }
  }

  @Test("Limits, acts, the certificates and the engine's end")
  func others() throws {
    #expect(
      try interpret("limits set message-bytes=64k --route /ws/{x}").get()
        == .request(
          .changeLimits(
            LimitChange(
              engine: "r1", scope: .route("/ws/{x}"), set: ["message-bytes": "64KiB"])), .other,
          saying: "changing limits"))
    #expect(
      try interpret("limits keep message-bytes").get()
        == .request(
          .keepLimits(LimitKeep(engine: "r1", keys: ["message-bytes"])), .other,
          saying: "keeping limits"))
    #expect(
      try interpret("limits unset idle-timeout --route /ws/{x}").get()
        == .request(
          .changeLimits(
            LimitChange(engine: "r1", scope: .route("/ws/{x}"), unset: ["idle-timeout"])), .other,
          saying: "changing limits"))
    #expect(
      try interpret("abort 7").get()
        == .request(.abort(7, AbortRequest(engine: "r1")), .abort, saying: "ending act 7"))
    guard case .ask(let form) = try interpret("stop").get() else {
      Issue.record("the engine would be stopped without a question")
      return
    }
    #expect(form.request == .stop)
    guard case .text(let title, let lines) = try interpret("limits set --help").get() else {
      Issue.record("no help")
      return
    }
    #expect(title == "wstop limits set")
    #expect(lines.contains { $0.contains("USAGE: wstop limits set") })
    #expect(lines.allSatisfy { $0.count <= 78 })
  }

  @Test(
    "What is wrong is said in one line",
    arguments: [
      ("history --since 2h", "for a shell"), ("history --kind problem", "shows all kinds"),
      ("sessions --limit 3", "--limit is for a shell"),
      ("sessions --columns id,path --rates", "--columns, --rates are for a shell"),
      ("sessions --json", "--json is for a shell"), ("tap s-1 --rate 5", "--rate is for a shell"),
      ("tap s-1 --for 3s --count 2 --hex", "--for, --count, --hex are for a shell"),
      ("tap s-1 --json", "--json is for a shell"), ("rooms --limit 3", "--limit is for a shell"),
      ("routes --now", "--now is for a shell"), ("closes --csv", "--csv is for a shell"),
      ("traffic --show sizes", "--show is for a shell"), ("events --follow", "for a shell"),
      ("history --json", "--json is for a shell"), ("close s-1 --csv", "--csv is for a shell"),
      ("close s-1 --engine old", "another run"), ("send s-1 --ping --engine old", "another run"),
      ("close --filter tls --engine old --rate 1/s", "another run"),
      ("show s-1 --json", "--json is for a shell"), ("stats --csv", "--csv is for a shell"),
      ("limits show --json", "--json is for a shell"), ("acts --json", "--json is for a shell"),
      ("limits set idle-timeout=5m --json", "--json is for a shell"),
      ("limits unset idle-timeout --csv", "--csv is for a shell"),
      ("limits keep idle-timeout --json", "--json is for a shell"),
      ("reload --json", "--json is for a shell"), ("abort 7 --json", "--json is for a shell"),
      ("frob", "no such command: frob"), ("session", "the nearest is sessions"),
      ("limits sett", "the nearest is wstop limits set"), ("overveiw", "the nearest is overview"),
      ("\u{1b}[2J", "\\u{1b}"), ("", "no command"),
      ("serve", "for a shell"), ("load ws://x/", "for a shell"), ("sort colour", "no column"),
      ("sort", "wants a column"), ("filter idle>5", "column 6"), ("q now", "no words"),
      ("close s-1 --code 1006", "close codes"), ("close --filter 'tls idle>5'", "column 10"),
      ("limits set nonsense=1", "no limit is called"), ("show x", "s-4k2"),
      ("close s-1 --name other", "another"), ("send s-1 --binary /no/such/file", "/no/such/file"),
      ("send s-1 --binary -", "for a shell"), ("send s-1 --binary /dev/zero", "no regular file"),
      ("send s-1 --binary /tmp", "no regular file"),
    ])
  func faults(line: String, part: String) {
    guard case .failure(let fault) = interpret(line) else {
      Issue.record("\(line) was taken")
      return
    }
    #expect(fault.message.contains(part), "\(fault)")
    #expect(!fault.message.contains("\n") && !fault.message.contains("The value"))
  }

  @Test("A file is sent, and a pipe without a writer holds nothing up")
  func files() throws {
    let path = "/tmp/wstop-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    #expect(mkfifo(path, 0o600) == 0)
    guard case .failure(let fault) = interpret("send s-4k2 --binary \(path)") else {
      Issue.record("a pipe was read")
      return
    }
    #expect(fault.message.contains("no regular file"))
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    #expect(FileOutput.write([0, 255], to: descriptor) == nil)
    close(descriptor)
    defer { unlink(path) }
    #expect(
      try interpret("send s-4k2 --binary \(path)").get()
        == .request(
          .send(SendRequest(engine: "r1", sessions: [Self.id], binary: "AP8=")), .send,
          saying: "sending to 1 named"))
  }

  @Test("With nobody under the cursor an act without names is refused; its engine may be named")
  func edges() throws {
    guard case .failure(let fault) = interpret("close", subjects: []) else {
      Issue.record("it was taken")
      return
    }
    #expect(fault.message.contains("no session under the cursor"))
    #expect(
      try interpret("show s-4k2 --name x", attach: ["--name", "x"]).get() == .details(Self.id))
  }

  @Test("The catalogue is the parser's own: commands, options, values, and the console's words")
  func catalogue() throws {
    let catalogue = try CommandCatalogue.ofConsole()
    let close = try #require(catalogue.command(of: ["close"])?.command)
    let code = try #require(close.arguments.first { $0.name == "--code" })
    #expect(code.kind == .option)
    #expect(code.values.contains("service-restart"))
    #expect(close.arguments.contains { $0.name == "ids" && $0.kind == .positional })
    #expect(close.arguments.contains { $0.name == "--dry-run" && $0.kind == .flag })
    let set = try #require(catalogue.command(of: ["limits", "set", "x"]))
    #expect(set.wordCount == 2)
    #expect(
      set.command.arguments.first { $0.name == "settings" }?.values.contains("idle-timeout=")
        == true)
    for word in ["traffic", "closes", "log", "sort", "filter", "quit", "abort", "reload", "show"] {
      #expect(catalogue.command(of: [word]) != nil, "\(word)")
    }
    for word in ["serve", "load", "demo", "completions", "attach"] {
      #expect(catalogue.command(of: [word]) == nil, "\(word)")
    }
    let names = catalogue.commands.map(\.name)
    #expect(Set(names).count == names.count)
    // Each command of a shell that the console runs is there, with what it takes.
    #expect(catalogue.commands.count { !$0.arguments.isEmpty } >= 12)
  }

  @Test("Options that the parser hides are not completed")
  func hiddenOptions() throws {
    let dump = #"""
      {"command": {"commandName": "wstop", "subcommands": [{"commandName": "close", "arguments": [
        {"kind": "flag", "shouldDisplay": false, "preferredName": {"kind": "long", "name": "secret"}},
        {"kind": "flag", "shouldDisplay": true, "preferredName": {"kind": "long", "name": "shown"}}
      ]}]}}
      """#
    let catalogue = try CommandCatalogue.ofConsole(describedBy: dump)
    let close = try #require(catalogue.command(of: ["close"])?.command)
    #expect(close.arguments.map(\.name) == ["--shown"])
  }

  @Test(
    "A description of the parser that cannot be read is an error, not a catalogue without it",
    arguments: ["", "{}", #"{"command": []}"#, #"{"serializationVersion": 9}"#])
  func description(dump: String) {
    #expect(throws: (any Error).self) { try CommandCatalogue.ofConsole(describedBy: dump) }
  }
}

@Suite("Completion in shells")
struct CompletionsTests {
  @Test("Each shell has a script with the commands, the close codes and the limits' keys")
  func scripts() throws {
    for shell in ["bash", "zsh", "fish"] {
      let command = try #require(
        try WStop.parseAsRoot(["completions", shell]) as? CompletionsCommand)
      let script = CompletionsCommand.script(for: command.shell)
      for word in ["close", "dry-run", "service-restart", "message-bytes=", "-in.bytes", "abort"] {
        #expect(script.contains(word), "\(shell): \(word)")
      }
    }
    #expect(CompletionsCommand.script(for: .bash).contains("-F _wstop_without_space wstop"))
    #expect(throws: (any Error).self) { try WStop.parseAsRoot(["completions", "csh"]) }
  }
}
