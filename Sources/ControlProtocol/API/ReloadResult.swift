/// The result of a reload of the certificates and the log; a failed reload is refused (422) and
/// changes nothing.
public struct ReloadResult: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// How many certificates were loaded; 0 if no listener speaks TLS.
  public var certificates: Int
  /// Warnings, such as that a certificate has expired; not escaped for display.
  @Tolerant public var warnings: [String]
  /// How many tokens of the control API were loaded; nil if it is served on this machine alone.
  @Tolerant public var tokens: Int? = nil
  /// The log's file, which was reopened; nil if there is none, or it could not be opened.
  @Tolerant public var log: String? = nil

  /// A result.
  public init(engine: String, certificates: Int, warnings: [String] = []) {
    self.engine = engine
    self.certificates = certificates
    self.warnings = warnings
  }
}
