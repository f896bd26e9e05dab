import ControlClient
import ControlProtocol
import Dashboard
import EventLoop
import Glibc
import Vocabulary

/// An act of the command line, from the preview and the question to its end.
struct ActRun {
  /// The most sessions for which a yes is enough.
  static let typedCountThreshold = TypedCount.threshold
  /// The pause between two requests for the act's progress, in milliseconds.
  private static let interval = 100

  let engine: EngineOptions
  let options: ActOptions
  let kind: ActStatus.Kind
  /// The words behind the number of sessions: ` with 1012 service restart`.
  let manner: String
  /// The request for a selection.
  let request: (ActSelection) -> ControlRequest

  /// Performs the act.
  ///
  /// - Throws: `CommandFailure`.
  func run() throws(CommandFailure) {
    if options.dryRun { return show(try preview()) }
    guard options.filter != nil || options.rate != nil else { return try perform() }
    var selection = options.selection()
    if options.filter != nil {
      let preview = try preview()
      try confirm(preview)
      selection = options.selection(token: preview.token)
    }
    guard case .progress(let status) = try engine.perform(request(selection)) else {
      throw .unexpectedAnswer
    }
    try conclude(try follow(status))
  }

  /// Performs the act on named sessions, and shows the outcome of each.
  private func perform() throws(CommandFailure) {
    let reply = try engine.perform(request(options.selection()))
    try ActText.show(reply, verb: kind == .close ? "closed" : "sent to", options.output)
  }

  // MARK: Before it begins

  private func preview() throws(CommandFailure) -> ActPreview {
    guard
      case .preview(let preview) = try engine.perform(request(options.selection(isDryRun: true)))
    else { throw .unexpectedAnswer }
    return preview
  }

  private func show(_ preview: ActPreview) {
    if options.json { return StandardOutput.writeJSON(preview) }
    if options.output.csv { return options.output.show(ActText.table(preview)) }
    StandardOutput.write(ActText.preview(preview, as: StandardOutput.form))
  }

  /// Asks whether to go on.
  private func confirm(_ preview: ActPreview) throws(CommandFailure) {
    guard preview.count > 0 else {
      throw CommandFailure(
        "no open session matches: nothing was done", exitCode: CommandFailure.refused)
    }
    if options.yes { return }
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
      throw CommandFailure(
        "\(ActText.share(preview)): --yes does it without a terminal to ask at",
        exitCode: CommandFailure.usage)
    }
    // The preview goes to the standard error, since it is part of the question and not of the
    // output.
    ask(ActText.preview(preview, as: StandardError.form))
    let verb = kind == .close ? "Close" : "Send to"
    let sessions =
      "\(QuantityText.readableCount(preview.count)) session"
      + (preview.count == 1 ? "" : "s")
    let isTyped = TypedCount.isWanted(for: preview.count)
    ask(
      isTyped
        ? "\(verb) \(sessions)\(manner)? Type \(preview.count) to go on: "
        : "\(verb) \(sessions)\(manner)? [y/N] ")
    let answer = readLine() ?? ""
    let isYes =
      isTyped
      ? TypedCount.matches(answer, preview.count)
      : ["y", "yes"].contains(answer.lowercased())
    guard isYes else { throw CommandFailure("nothing was done", exitCode: CommandFailure.refused) }
  }

  private func ask(_ text: String) {
    _ = FileOutput.write(Array(StandardError.form.shown(text).utf8), to: STDERR_FILENO)
  }

  // MARK: While it goes on

  /// Waits until the act is over; Ctrl-C aborts it.
  private func follow(_ begun: ActStatus) throws(CommandFailure) -> ActStatus {
    var status = begun
    let signals: SignalDescriptor
    do throws(SystemError) {
      signals = try SignalDescriptor([SIGINT, SIGTERM])
    } catch {
      throw CommandFailure(error.description, exitCode: CommandFailure.refused)
    }
    let shows = isatty(STDERR_FILENO) == 1 && !options.json
    var interval = 5
    while status.state == .running {
      if shows { ask("\r\u{1B}[K" + ActText.progress(status) + "  (Ctrl-C ends it)") }
      _ = Poll.wait(for: signals.number, .readable, milliseconds: Int32(interval))
      interval = min(interval * 2, Self.interval)
      let reply =
        signals.next() == nil
        ? try engine.perform(.act(status.id))
        : try engine.perform(.abort(status.id, AbortRequest(engine: status.engine)))
      guard case .progress(let next) = reply else { throw .unexpectedAnswer }
      guard next.engine == status.engine else {
        throw CommandFailure(
          "the engine was started anew: the act was not finished",
          exitCode: CommandFailure.unavailable)
      }
      status = next
    }
    if shows { ask("\r\u{1B}[K") }
    return status
  }

  private func conclude(_ status: ActStatus) throws(CommandFailure) {
    if options.json || options.output.csv {
      options.output.show(status, as: ActText.table([status]))
    } else {
      StandardOutput.write(ActText.result(status, as: StandardOutput.form))
    }
    if let failure = Self.failure(of: status, isNamed: options.filter == nil) { throw failure }
  }

  /// The failure of an act that is over; nil if it succeeded.
  ///
  /// - Parameter isNamed: Whether its sessions were named: then each that has gone is a failure,
  ///   while a filter matches only open ones.
  static func failure(of status: ActStatus, isNamed: Bool) -> CommandFailure? {
    if status.state == .aborted {
      return CommandFailure(
        "the act was aborted: \(status.leftCount) sessions were left alone",
        exitCode: CommandFailure.interrupted)
    }
    var missedCount = status.failed[.tooBig] + status.failed[.backlogFull]
    if isNamed { missedCount += status.failed[.noSuchSession] + status.failed[.notOpen] }
    guard missedCount > 0 else { return nil }
    let verb = status.kind == .close ? "closed" : "sent to"
    return CommandFailure(
      "\(QuantityText.readableCount(missedCount)) of \(QuantityText.readableCount(status.count)) "
        + "sessions could not be \(verb)", exitCode: CommandFailure.refused)
  }
}
