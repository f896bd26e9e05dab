import ArgumentParser
import ControlProtocol
import Dashboard
import Vocabulary

/// A command of the shell that the console's line takes too.
protocol ConsoleActing: ParsableCommand {
  /// The engine that it is for; in a console, the attached one.
  var engine: EngineOptions { get }

  /// The command for the console.
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand
}

extension CloseCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try act.check(in: context)
    let selection = act.selection(in: context)
    if act.dryRun { return .request(.close(request(selection)), .close, saying: "counting") }
    guard let plan = act.plan(in: context) else {
      return .request(
        .close(request(selection)), .close, saying: "closing \(act.ids.count) named")
    }
    var form = CloseForm(plan)
    if let code { form.code.replace(with: String(code.rawValue)) }
    if let reason { form.reason.replace(with: reason) }
    return .close(form, isConfirmed: act.yes)
  }
}

extension SendCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try act.check(in: context)
    // The standard input of a console is its keyboard.
    guard binary != "-" else {
      throw CommandFault("--binary - is for a shell: here it wants a file's path")
    }
    let bytes = try bytes { path throws(CommandFailure) in try InputFile.readRegular(path) }
    let request = ControlRequest.send(
      request(act.selection(in: context), binary: bytes.map { ControlJSON.base64($0) }))
    if act.dryRun { return .request(request, .send, saying: "counting") }
    guard let plan = act.plan(in: context) else {
      return .request(request, .send, saying: "sending to \(act.ids.count) named")
    }
    var form = SendForm(plan)
    if let bytes {
      form.mode = .binary
      form.payload.replace(with: HexBytes.text(bytes))
    } else if ping {
      form.mode = .ping
    } else {
      form.mode = jsonText == nil ? .text : .json
      form.payload.replace(with: text ?? jsonText ?? "")
    }
    guard form.payload.text.utf8.count <= form.payload.maximumByteCount else {
      throw CommandFault("the message is too long for a console: use a shell")
    }
    return .send(form, isConfirmed: act.yes)
  }
}

extension ActOptions {
  /// The plan for a dialog; nil if the sessions were named, which needs none.
  func plan(in context: CommandContext) -> ActPlan? {
    guard filter != nil || rate != nil || ids == context.subjects else { return nil }
    var plan = ActPlan([filter.map { .filter($0.description) } ?? .sessions(ids)])
    if let rate { plan.rate.replace(with: QuantityText.exactPerSecond(rate)) }
    if let jitter { plan.jitter.replace(with: QuantityText.exactShare(jitter)) }
    return plan
  }

  /// Refuses options that mean nothing in a console: the form of output, and another run of the
  /// engine.
  fileprivate func check(in context: CommandContext) throws {
    try output.refuseInConsole()
    guard let engineRun, engineRun != context.run else { return }
    throw CommandFault(
      "--engine names another run of the engine than this console shows: nothing was done")
  }

  /// The named sessions, in the run of the engine that the console shows.
  fileprivate func selection(in context: CommandContext) -> ActSelection {
    var selection = selection(isDryRun: dryRun)
    selection.engine = engineRun ?? context.run
    return selection
  }
}

extension SessionsCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try output.refuseInConsole([
      ("--limit", limit != nil), ("--columns", !columns.isEmpty), ("--rates", rates),
    ])
    return .sessions(
      filter: filter.description, sort: sort?.key, isDescending: sort?.isDescending, show: show)
  }
}

extension OutputOptions {
  /// Refuses the form of output, and other options that mean nothing in a console.
  fileprivate func refuseInConsole(_ others: [(name: String, isGiven: Bool)] = []) throws {
    try refuseOptions([("--json", json), ("--csv", csv)] + others)
  }
}

/// Refuses options that mean nothing in a console, rather than ignore them.
private func refuseOptions(_ options: [(name: String, isGiven: Bool)]) throws {
  let names = options.filter(\.isGiven).map(\.name)
  guard !names.isEmpty else { return }
  throw CommandFault(
    names.joined(separator: ", ") + (names.count == 1 ? " is" : " are") + " for a shell")
}

extension ShowCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try output.refuseInConsole()
    return .details(id)
  }
}

extension TrafficCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try output.refuseInConsole([("--show", show != .rates)])
    return .traffic(query)
  }
}

extension ClosesCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try output.refuseInConsole()
    return .closes(seconds: interval?.seconds)
  }
}

extension HistoryCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    guard since == nil, until == nil, limit == nil, file == nil else {
      throw CommandFault(
        "the console pages through the whole history of its engine: --since, --until, --limit and "
          + "--file are for a shell")
    }
    try refuseOptions([("--json", json), ("--csv", csv)])
    let wanted = kind.flatMap(\.self)
    guard let kinds = HistoryScreen.Kinds.allCases.first(where: { Set($0.wanted) == Set(wanted) })
    else {
      throw CommandFault(
        "the console shows all kinds, or session, or act,limit, or engine,problem")
    }
    return .history(filter: filter.description, kinds)
  }
}

extension StatsCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try output.refuseInConsole()
    return .show(.traffic)
  }
}

extension EventsCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try refuseOptions([("--json", json), ("--csv", csv), ("--follow", follow)])
    return .show(.log)
  }
}

extension LimitsShowCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try output.refuseInConsole()
    return .show(.limits)
  }
}

extension LimitsSetCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try options.output.refuseInConsole()
    return try change().consoleCommand(in: context)
  }
}

extension LimitsUnsetCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try options.output.refuseInConsole()
    return try change().consoleCommand(in: context)
  }
}

extension LimitsKeepCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try output.refuseInConsole()
    var keep = try keep()
    keep.engine = context.run
    return .request(.keepLimits(keep), .other, saying: "keeping limits")
  }
}

extension UpstreamsDrainCommand: ConsoleActing {
  var engine: EngineOptions { options.engine }

  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    let selection = try options.selection(in: context)
    return .request(.drainUpstream(selection), .other, saying: "draining it")
  }
}

extension UpstreamsResumeCommand: ConsoleActing {
  var engine: EngineOptions { options.engine }

  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    let selection = try options.selection(in: context)
    return .request(.resumeUpstream(selection), .other, saying: "resuming it")
  }
}

extension UpstreamOptions {
  fileprivate func selection(in context: CommandContext) throws -> UpstreamSelection {
    try output.refuseInConsole()
    var selection = try selection()
    selection.engine = context.run
    return selection
  }
}

extension LimitChange {
  fileprivate func consoleCommand(in context: CommandContext) -> ConsoleCommand {
    var change = self
    change.engine = context.run
    return .request(.changeLimits(change), .other, saying: "changing limits")
  }
}

extension ReloadCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try refuseOptions([("--json", json)])
    return .request(.reload, .other, saying: "reading the certificates again")
  }
}

extension StopCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    .ask(
      ConfirmForm(
        question: "Stop the engine?",
        explanation: "every session is closed with 1001, and the engine ends", request: .stop,
        words: ["stop"]))
  }
}

extension ActsCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try output.refuseInConsole()
    return .show(.log)
  }
}

extension AbortCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try refuseOptions([("--json", json)])
    return .request(
      .abort(act, AbortRequest(engine: context.run)), .abort, saying: "ending act \(act)")
  }
}

extension TapCommand: ConsoleActing {
  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try refuseOptions([
      ("--rate", rate != nil), ("--for", milliseconds != nil), ("--count", count != nil),
      ("--json", json), ("--hex", hex),
    ])
    return .tap(request)
  }
}

extension GroupOptions {
  fileprivate func refuseInConsole() throws {
    try output.refuseInConsole([("--limit", limit != nil), ("--now", now)])
  }
}

extension RoomsCommand: ConsoleActing {
  var engine: EngineOptions { options.engine }

  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try options.refuseInConsole()
    return .groups(options.query(.rooms))
  }
}

extension GroupsCommand: ConsoleActing {
  var engine: EngineOptions { options.engine }

  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try options.refuseInConsole()
    return .groups(query)
  }
}

extension RoutesCommand: ConsoleActing {
  var engine: EngineOptions { options.engine }

  func consoleCommand(in context: CommandContext) throws -> ConsoleCommand {
    try options.refuseInConsole()
    return .groups(options.query(.routes))
  }
}
