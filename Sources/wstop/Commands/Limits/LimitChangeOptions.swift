import ArgumentParser
import ControlProtocol
import Vocabulary

/// The scope and the manner of a change of limits: tried only, for a time, and with the fate of
/// sessions over it.
struct LimitChangeOptions: ParsableArguments {
  @OptionGroup var scope: ScopeOptions

  @Flag(help: "Change nothing: tell what it would have rejected and which sessions are over it.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "What becomes of sessions that are over it already: keep (until they breach it again) or "
        + "close. (default: keep)", valueName: "fate"),
    transform: { try word($0, "--over") })
  var over: OverLimitFate?

  @Option(
    help: ArgumentHelp(
      "Which of them are closed first: largest, idlest or newest. (default: largest)",
      valueName: "order"),
    transform: { try word($0, "--order") })
  var order: OverLimitOrder?

  @Option(
    help: ArgumentHelp(
      "Take the change back after a time, such as 10m, unless wstop limits keep comes before.",
      valueName: "time"))
  var revertAfter: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard order == nil || over == .close else {
      throw ValidationError("--order is for --over close")
    }
  }

  /// A change at the scope, checked against the table of limits.
  func change(set: [String: String]? = nil, unset: [String]? = nil) throws -> LimitChange {
    try validating { () throws(ControlError) in
      try LimitChange(
        scope: scope.scope, set: set, unset: unset, dryRun: dryRun ? true : nil, over: over,
        order: order, revertAfter: revertAfter
      ).checked()
    }
  }

  /// Changes the limits and shows them, or shows the forecast with `--dry-run`.
  func perform(_ change: LimitChange, on engine: EngineOptions) throws {
    switch try engine.perform(.changeLimits(change)) {
    case .limitPreview(let preview):
      if output.csv {
        output.show(LimitText.forecasts(preview))
      } else {
        output.show(preview, as: LimitText.preview(preview))
      }
    case .limits(let list):
      let keys = Array((change.set ?? [:]).keys) + (change.unset ?? [])
      show(list, keys: keys, at: scope.scope, output)
    default: throw CommandFailure.unexpectedAnswer
    }
  }

  private static func word<Word: RawRepresentable & CaseIterable>(
    _ text: String, _ flag: String
  ) throws -> Word where Word.RawValue == String {
    guard let word = Word(rawValue: text) else {
      throw ValidationError(
        "\(flag) \(UntrustedText.escaped(text)): wants "
          + Word.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return word
  }
}

/// Shows the changed limits of a list, and the other results of the change.
func show(
  _ list: LimitList, keys: [String]?, at scope: LimitScope?, _ output: OutputOptions
) {
  let rows = list.limits.filter { row in
    (keys?.contains(row.key.rawValue) ?? true) && (row.scope == .engine || row.scope == scope)
  }
  output.show(list, as: LimitText.table(rows, uptime: list.uptimeSeconds))
  guard !output.json else { return }
  for sentence in LimitText.sentences(list.outcome ?? LimitOutcome(), at: scope ?? .engine) {
    StandardError.write("wstop: \(sentence)")
  }
}
