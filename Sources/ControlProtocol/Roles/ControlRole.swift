/// The role of a control client.
public enum ControlRole: String, Codable, CaseIterable, Hashable, Sendable {
  /// May look at everything but the messages of sessions, and change nothing.
  case view
  /// May do all that the engine's own user may.
  case operate

  /// Whether the role permits requests that need another one.
  public func includes(_ wanted: ControlRole) -> Bool { self == wanted || self == .operate }
}

extension ControlRole: TolerantlyCodable {
  /// The least role.
  public init() { self = .view }

  /// Decodes a role; an unknown one of another version is the least.
  public init(tolerantlyFrom decoder: any Decoder) throws {
    self = (try? ControlRole(from: decoder)) ?? .view
  }
}
