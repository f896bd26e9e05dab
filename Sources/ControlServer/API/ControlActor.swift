internal import ControlProtocol

/// The person or program that asks something of the control API.
struct ControlActor: Equatable, Sendable {
  /// The name for the event log, such as `alice uid 1000 pid 4242`.
  let name: String
  /// The person or script alone, such as `alice`.
  let who: String
  /// The role that says what it may do.
  let role: ControlRole
  /// The holder of the token that it came with; nil if it came without one.
  var holder: String?
}
