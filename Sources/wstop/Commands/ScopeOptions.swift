import ArgumentParser
import ControlProtocol
import Vocabulary

/// Where a limit is set.
struct ScopeOptions: ParsableArguments {
  @Option(help: "For one session only: its ID.", transform: SessionID.argument)
  var session: SessionID?

  @Option(help: "For the sessions of one route only: its pattern, such as /ws/chat/{room}.")
  var route: String?

  func validate() throws {
    guard session == nil || route == nil else {
      throw ValidationError("--session and --route exclude each other")
    }
    guard route != "" else { throw ValidationError("--route wants a route's pattern") }
  }

  /// The scope, or nil for the engine.
  var scope: LimitScope? { session.map(LimitScope.session) ?? route.map(LimitScope.route) }

  /// A change at the scope, checked against the table of limits.
  func change(set: [String: String]? = nil, unset: [String]? = nil) throws -> LimitChange {
    try validating { () throws(ControlError) in
      try LimitChange(scope: scope, set: set, unset: unset).checked()
    }
  }

  /// Changes the limits and shows those that were meant.
  func perform(_ change: LimitChange, on engine: EngineOptions, _ output: OutputOptions) throws {
    guard case .limits(let list) = try engine.perform(.changeLimits(change)) else {
      throw CommandFailure.unexpectedAnswer
    }
    let keys = Array((change.set ?? [:]).keys) + (change.unset ?? [])
    let rows = list.limits.filter { row in
      keys.contains(row.key.rawValue) && (row.scope == .engine || row.scope == scope)
    }
    output.show(list, as: LimitText.table(rows))
  }
}
