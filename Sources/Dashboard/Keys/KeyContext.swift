/// The context in which a key has its meaning: the topmost of dialog, page and screen.
package enum KeyContext: Hashable, CaseIterable, Sendable {
  /// A screen.
  case screen(Screen)
  /// A page or a dialog.
  case over(Overlay)

  /// The pages and dialogs.
  package enum Overlay: Hashable, CaseIterable, Sendable {
    case details, entry, tap, help
    case tapLine, filterLine, commandLine, sortPicker, closeDialog, sendDialog, limitDialog
    case confirmDialog
    case columnDialog, findLine, copyPicker, groupPicker

    /// Its name in the help.
    fileprivate var title: String {
      switch self {
      case .details: "Details"
      case .entry: "Entry of the history"
      case .tap: "Tap"
      case .help: "Help"
      case .tapLine: "Line of the tap"
      case .filterLine: "Filter line"
      case .commandLine: "Command line"
      case .sortPicker: "Sort"
      case .closeDialog: "Close dialog"
      case .sendDialog: "Send dialog"
      case .limitDialog: "Limit dialog"
      case .confirmDialog: "Question"
      case .columnDialog: "Columns"
      case .findLine: "Search line"
      case .copyPicker: "Copy"
      case .groupPicker: "Group"
      }
    }
  }

  /// The screens first, in their order.
  package static let allCases =
    Screen.allCases.map(KeyContext.screen) + Overlay.allCases.map(KeyContext.over)

  /// The context's name in the help.
  package var title: String {
    switch self {
    case .screen(let screen): screen.title
    case .over(let overlay): overlay.title
    }
  }

  package static let details = over(.details)
  package static let entry = over(.entry)
  package static let tap = over(.tap)
  package static let help = over(.help)
  package static let tapLine = over(.tapLine)
  package static let filterLine = over(.filterLine)
  package static let commandLine = over(.commandLine)
  package static let sortPicker = over(.sortPicker)
  package static let closeDialog = over(.closeDialog)
  package static let sendDialog = over(.sendDialog)
  package static let limitDialog = over(.limitDialog)
  package static let confirmDialog = over(.confirmDialog)
  package static let columnDialog = over(.columnDialog)
  package static let findLine = over(.findLine)
  package static let copyPicker = over(.copyPicker)
  package static let groupPicker = over(.groupPicker)

  /// The screens at the top.
  package static let screens = Set(Screen.allCases.map(KeyContext.screen))
  /// The contexts in which letters are commands.
  package static let commanded: Set<KeyContext> = screens.union([.details, .entry, .tap, .help])
  /// The dialogs with fields and buttons.
  package static let forms: Set<KeyContext> = [
    .closeDialog, .sendDialog, .limitDialog, .confirmDialog,
  ]
  /// The lines with one field.
  package static let lines: Set<KeyContext> = [.filterLine, .commandLine, .tapLine, .findLine]
  /// The menus, in which letters that are typed go to the entry that has them.
  package static let menus: Set<KeyContext> = [.sortPicker, .columnDialog]
  /// All contexts.
  package static let everywhere = Set(allCases)
}
