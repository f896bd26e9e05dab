/// What is on top of screens and pages and takes the keys.
package enum Dialog: Equatable, Sendable {
  /// The line in which the filter is typed.
  case filter(LineEditor)
  /// The line in which a command is typed.
  case command(LineEditor)
  /// The line in which a part of a room's or route's name is typed.
  case groupName(LineEditor)
  /// A line at the foot of a tap.
  case tapField(TapField, LineEditor)
  /// The list of columns to sort by.
  case sortPicker(ListPosition)
  /// Code and reason to close with.
  case close(CloseForm)
  /// A message to send.
  case send(SendForm)
  /// A limit to change.
  case limit(LimitForm)

  /// Where keys go while the dialog is open.
  package var place: Place {
    switch self {
    case .filter: .filterLine
    case .command: .commandLine
    case .groupName: .filterLine
    case .tapField: .tapLine
    case .sortPicker: .sortPicker
    case .close: .closeDialog
    case .send: .sendDialog
    case .limit: .limitDialog
    }
  }

  /// The filter as it is being typed, which is tried while typing.
  package var draftFilter: String? {
    if case .filter(let editor) = self { return editor.text }
    return nil
  }
}
