import ArgumentParser
import ControlProtocol
import Vocabulary

/// The scope of a limit.
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
  var scope: LimitScope? { session.map(LimitScope.session) ?? route.map { .route(UTF8Name($0)) } }
}
