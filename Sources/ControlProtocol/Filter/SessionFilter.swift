/// A filter of sessions, parsed from the grammar of the control API.
public struct SessionFilter: Equatable, Sendable {
  /// The filter that matches every session.
  public init() {}
}
