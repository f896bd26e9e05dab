import ArgumentParser
import ControlProtocol
import Vocabulary

/// The target and the pace of an act, and whether it asks first.
struct ActOptions: ParsableArguments {
  @Argument(help: "The sessions' IDs, such as s-4k2.", transform: SessionID.argument)
  var ids: [SessionID] = []

  @Option(
    help: ArgumentHelp(
      "The open sessions that match, instead of IDs: you see how many, and are asked.",
      valueName: "filter"),
    completion: .list(CompletionWords.filterKeys), transform: SessionFilter.argument)
  var filter: SessionFilter?

  @Flag(help: "Only show how many sessions it would be, and some of them.")
  var dryRun = false

  @Flag(help: "Do not ask. Without a terminal an act by filter wants it.")
  var yes = false

  @Option(
    help: ArgumentHelp(
      "Sessions per second, such as 50/s or 30/m. (default: as fast as they go)",
      valueName: "rate"),
    completion: .list(["10/s", "50/s", "100/s", "500/s", "30/m"]), transform: Self.rate)
  var rate: Double?

  @Option(
    help: ArgumentHelp(
      "How much each pause between two sessions differs by chance, such as 20%.",
      valueName: "share"),
    completion: .list(["10%", "20%", "50%"]), transform: Self.share)
  var jitter: Double?

  @Option(name: .customLong("engine"), help: "Only in this run of the engine, as --json names it.")
  var engineRun: String?

  @OptionGroup var output: OutputOptions

  var json: Bool { output.json }

  func validate() throws {
    guard !ids.isEmpty || filter != nil else {
      throw ValidationError("whose? Name the ids of sessions, or --filter with a filter")
    }
    guard ids.isEmpty || filter == nil else {
      throw ValidationError("IDs and --filter exclude each other")
    }
    _ = try validating { () throws(ControlError) in
      try CloseRequest(selection(isDryRun: true)).checked()
    }
  }

  /// The target and the pace, as the request has them.
  func selection(isDryRun: Bool = false, token: String? = nil) -> ActSelection {
    ActSelection(
      engine: engineRun, sessions: ids.isEmpty ? nil : ids, filter: filter?.description,
      dryRun: isDryRun ? true : nil, token: token, rate: rate, jitter: jitter,
      // `wait` is false for acts by filter or with a rate: the command follows them itself, so that
      // Ctrl-C can abort them.
      wait: filter == nil && rate == nil || isDryRun ? nil : false)
  }

  private static func rate(_ text: String) throws -> Double {
    guard let rate = QuantityText.perSecond(from: text), ActSelection.rates.contains(rate) else {
      throw ValidationError(
        "\"\(UntrustedText.escaped(text))\" is no rate such as 50/s or 30/m, 0.01/s to 100000/s")
    }
    return rate
  }

  private static func share(_ text: String) throws -> Double {
    guard let share = QuantityText.share(from: text), (0...1).contains(share) else {
      throw ValidationError(
        "\"\(UntrustedText.escaped(text))\" is no share such as 20%, 0% to 100%")
    }
    return share
  }
}
