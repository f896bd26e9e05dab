/// What a reload of the certificates and the log did; one that fails is refused (422) and changes
/// nothing.
public struct ReloadResult: Codable, Equatable, Sendable {
  /// The engine's run.
  public var engine: String
  /// How many certificates were read; 0 if no listener speaks TLS.
  public var certificates: Int
  /// What is to be known of them, such as that one has expired; not escaped for display.
  @Tolerant public var warnings: [String]
  /// How many tokens of the control API were read; nil if it is served on this machine alone.
  @Tolerant public var tokens: Int? = nil
  /// The file of the log, which was opened again; nil if there is none, or it could not be opened.
  @Tolerant public var log: String? = nil

  /// A result.
  public init(engine: String, certificates: Int, warnings: [String] = []) {
    self.engine = engine
    self.certificates = certificates
    self.warnings = warnings
  }
}
