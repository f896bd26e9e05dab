/// The dialog or line on top of screens and pages, which takes the keys.
package enum Dialog: Equatable, Sendable {
  /// The line in which a filter is typed.
  case filter(FilterLine)
  /// The line in which a search is typed.
  case find(LineEditor)
  /// The line in which a command is typed.
  case command(CommandEntry)
  /// The columns to choose from.
  case columns(ColumnForm)
  /// The line in which a part of a room's or route's name is typed.
  case groupName(LineEditor)
  /// A line at the foot of a tap.
  case tapField(TapField, LineEditor)
  /// The list of columns to sort by.
  case sortPicker(SortPicker)
  /// What can be copied.
  case copyPicker(ChoicePicker)
  /// The fields to group sessions by.
  case groupPicker(ChoicePicker)
  /// Code and reason to close with.
  case close(CloseForm)
  /// A message to send.
  case send(SendForm)
  /// A limit to change.
  case limit(LimitForm)
  /// A question before a request.
  case confirm(ConfirmForm)
  /// The question before all sessions are tapped.
  case tapAll(TapAllForm)
  /// The question before the console and the engine end.
  case leave(LeaveForm)

  /// The context of keys while the dialog is open.
  package var keyContext: KeyContext {
    switch self {
    case .filter: .filterLine
    case .find: .findLine
    case .command: .commandLine
    case .groupName: .filterLine
    case .tapField: .tapLine
    case .sortPicker: .sortPicker
    case .copyPicker: .copyPicker
    case .groupPicker: .groupPicker
    case .columns: .columnDialog
    case .close: .closeDialog
    case .send: .sendDialog
    case .limit: .limitDialog
    case .confirm, .tapAll, .leave: .confirmDialog
    }
  }

  /// Whether it is a line for typing, in the rows of the notice.
  var isLine: Bool {
    switch self {
    case .filter, .find, .command, .groupName, .tapField: true
    case .columns, .sortPicker, .copyPicker, .groupPicker, .close, .send, .limit, .confirm, .tapAll,
      .leave:
      false
    }
  }

  /// The form, if the dialog is one.
  var form: (any Form)? {
    switch self {
    case .close(let form): form
    case .send(let form): form
    case .limit(let form): form
    case .confirm(let form): form
    case .tapAll(let form): form
    case .leave(let form): form
    case .filter, .find, .command, .columns, .groupName, .tapField, .sortPicker, .copyPicker,
      .groupPicker:
      nil
    }
  }

  /// The target and the pace of the act that the dialog asks for, if it asks for one.
  package var plan: ActPlan? {
    get {
      switch self {
      case .close(let form): form.plan
      case .send(let form): form.plan
      default: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .close(var form):
        form.plan = newValue
        self = .close(form)
      case .send(var form):
        form.plan = newValue
        self = .send(form)
      default: break
      }
    }
  }

  /// The filter as typed so far, as long as it was one, which is tried while typing.
  package var draftFilter: String? {
    if case .filter(let line) = self { return line.tried }
    return nil
  }
}
