import ControlProtocol
import Vocabulary

extension Dialog {
  /// Inserts text into the field that has the focus; false if none has.
  mutating func insert(_ text: String) -> Bool {
    switch self {
    case .filter(var line):
      line.insert(text)
      self = .filter(line)
    case .find(var editor):
      editor.insert(text.onOneLine)
      self = .find(editor)
    case .command(var entry):
      entry.insert(text.onOneLine)
      self = .command(entry)
    case .groupName(var editor):
      editor.insert(text.onOneLine)
      self = .groupName(editor)
    case .tapField(let field, var editor):
      editor.insert(text.onOneLine)
      self = .tapField(field, editor)
    case .sortPicker(var picker):
      guard picker.insert(text) else { return false }
      self = .sortPicker(picker)
    case .columns(var form):
      guard form.insert(text) else { return false }
      self = .columns(form)
    case .copyPicker, .groupPicker: return false
    case .close, .send, .limit, .confirm, .tapAll, .leave:
      guard var form, form.insert(text) else { return false }
      self = form.dialog
    }
    return true
  }
}

extension String {
  /// The text with blanks for line breaks.
  var onOneLine: String { String(map { $0.isNewline ? " " : $0 }) }
}

extension ScreenContext {
  /// Performs an action in the open form.
  mutating func performInForm(_ action: Action) -> [Effect] {
    guard var form = dialog?.form else { return [] }
    let step = form.perform(action)
    dialog = step == .stay ? form.dialog : nil
    return step == .perform ? form.act(in: &self) : []
  }

  /// Opens the dialog that sends or closes, for some sessions or the alternatives to them.
  mutating func openAct(
    isClose: Bool, on sessions: [SessionID], otherChoices: [ActSubjects] = []
  ) -> [Effect] {
    guard let first = sessions.first else {
      note("there is no session under the cursor", .warning)
      return []
    }
    if sessions.count == 1, refuseClosed(first) { return [] }
    errands.append(.pinSession)
    return openAct(isClose: isClose, on: ActPlan([.sessions(sessions)] + otherChoices))
  }

  /// Opens the dialog that sends or closes, for a plan.
  mutating func openAct(isClose: Bool, on plan: ActPlan) -> [Effect] {
    guard isReadyToAct() else { return [] }
    dialog = isClose ? .close(CloseForm(plan)) : .send(SendForm(plan))
    return askForPreview()
  }

  /// Opens the dialog that sets or unsets a limit.
  mutating func openLimit(_ row: LimitRow, isUnset: Bool) {
    guard isReadyToAct() else { return }
    if isUnset, row.scope == .engine, row.source == .default {
      note("\(row.key.rawValue) is not set: its default holds", .warning)
      return
    }
    var scopes: [LimitScope] = []
    let permitted = row.key.definition.scopes
    if permitted.contains(.engine) { scopes.append(.engine) }
    if permitted.contains(.route) {
      scopes += (latest.statistics?.engine.routes ?? []).map { .route(UTF8Name($0)) }
    }
    if permitted.contains(.session) { scopes += chosen.subjects.prefix(64).map { .session($0) } }
    dialog = .limit(LimitForm(row: row, isUnset: isUnset, otherScopes: scopes))
  }

  /// Shows that a session is closed; true if it is known to be.
  mutating func refuseClosed(_ id: SessionID) -> Bool {
    let row =
      latest.index(of: id).flatMap { latest.row(at: $0) }
      ?? latest.details.flatMap { $0.row.id == id ? $0.row : nil }
    guard let row, row.state == .closed else { return false }
    let words = row.ending.map { EndingText.sentence($0, in: self) } ?? "closed"
    note("\(id) was \(words): nothing can be done to it", .warning)
    return true
  }

  /// Whether acts are possible; if not, shows why.
  mutating func isReadyToAct() -> Bool {
    guard !refuseReadOnly() else { return false }
    guard connection.isConnected, run != nil else {
      note("not connected: nothing can be done", .failed)
      return false
    }
    return true
  }
}
