/// The version of this program, which an engine also states in its statistics.
public enum ProgramVersion {
  /// The version, by semver.org.
  public static let current = "0.1.0"
}
