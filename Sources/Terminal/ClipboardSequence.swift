package import Dashboard

/// The bytes by which a terminal takes a text for its clipboard: OSC 52 of xterm's control sequences.
package enum ClipboardSequence: Sendable {
  /// To the terminal itself, or to tmux, which passes it on with `set-clipboard on`.
  case plain
  /// Through GNU screen, which knows no OSC 52 and prints what is longer than its buffer: in device
  /// control strings, which it passes on as they are.
  case throughGNUScreen

  /// The most bytes of one string that GNU screen passes on: it holds 768.
  private static let screenPieceLength = 512

  /// The sequence.
  package func sequence(for text: ClipboardText) -> String {
    let sequence = "\u{1B}]52;c;\(text.base64)\u{07}"
    guard self == .throughGNUScreen else { return sequence }
    var rest = sequence[...]
    var pieces = ""
    while !rest.isEmpty {
      pieces += "\u{1B}P\(rest.prefix(Self.screenPieceLength))\u{1B}\\"
      rest = rest.dropFirst(Self.screenPieceLength)
    }
    return pieces
  }
}
