/// What the holder of a token may do.
public enum ControlRole: String, Codable, CaseIterable, Hashable, Sendable {
  /// Look at everything but the messages of sessions, and change nothing.
  case view
  /// Do all that the engine's own user may.
  case operate

  /// Whether the role may do what another one is wanted for.
  public func includes(_ wanted: ControlRole) -> Bool { self == wanted || self == .operate }
}

extension ControlRole: TolerantlyCodable {
  /// The role that may do least.
  public init() { self = .view }

  /// Decodes a role; one that only another version has is taken for the least.
  public init(tolerantlyFrom decoder: any Decoder) throws {
    self = (try? ControlRole(from: decoder)) ?? .view
  }
}
