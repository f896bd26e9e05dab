import ControlProtocol
import Vocabulary

/// A text for the clipboard of the terminal: one line without controls, and no longer than terminals
/// take.
package struct ClipboardText: Equatable, Sendable {
  /// The text.
  package let text: String

  /// The most bytes: xterm and its kin take 100 000 bytes of an OSC 52, which is base64.
  package static let maximumByteCount = 74_994

  /// The text with controls, bidirectional marks and other unprintable scalars as escapes; nil if
  /// that is too long, since half a command would be another one.
  ///
  /// A backslash stays single, so that a command that was quoted for a shell is still that command.
  package init?(_ untrusted: String) {
    guard untrusted.utf8.count <= Self.maximumByteCount else { return nil }
    var text = String.UnicodeScalarView()
    for scalar in untrusted.unicodeScalars {
      if Self.isPrintable(scalar) {
        text.append(scalar)
      } else {
        text.append(contentsOf: UntrustedText.escaped(String(Character(scalar))).unicodeScalars)
      }
    }
    self.text = String(text)
    guard self.text.utf8.count <= Self.maximumByteCount else { return nil }
  }

  /// The text in base64, as OSC 52 carries it.
  package var base64: String { ControlJSON.base64(text.utf8) }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
      .unassigned:
      false
    default: true
    }
  }
}
