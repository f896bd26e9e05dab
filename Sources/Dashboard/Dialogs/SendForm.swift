package import Vocabulary

/// The dialog that sends a message or a ping.
package struct SendForm: Equatable, Sendable {
  /// The sessions, as they were when the dialog was opened.
  package var sessions: [SessionID]
  /// What is sent.
  package var mode = Mode.text
  /// The message, as typed: text, or bytes as hexadecimal digits.
  package var payload = LineEditor(maximumByteCount: 256 << 10)
  /// The buttons.
  package var buttons = Buttons()
  /// What has the focus.
  package var focus = Focus.payload

  /// What is sent.
  package enum Mode: String, CaseIterable, Sendable {
    case text
    case binary
    case ping
  }

  /// What can have the focus, from top to bottom.
  package enum Focus: Int, CaseIterable, Sendable {
    case mode, payload, buttons
  }

  /// A dialog for some sessions.
  package init(sessions: [SessionID]) {
    self.sessions = sessions
  }

  /// The message's bytes, or what is wrong with them.
  package var bytes: Result<[UInt8], HexBytes.Problem> {
    switch mode {
    case .text: .success(Array(payload.text.utf8))
    case .ping: .success([])
    case .binary: Result { () throws(HexBytes.Problem) in try HexBytes.bytes(from: payload.text) }
    }
  }

  /// What is wrong; nil if it can be sent.
  package var problem: String? {
    switch bytes {
    case .success: nil
    case .failure(.notADigit(let column)): "column \(column) is no hexadecimal digit"
    case .failure(.oddDigit): "a byte has two hexadecimal digits"
    }
  }

  /// Takes an action.
  package mutating func perform(_ action: Action) -> FormStep {
    switch action {
    case .cancel: return .cancel
    case .yes, .no:
      guard focus == .buttons else { return .stay }
      return action == .yes ? confirmed : .cancel
    case .accept:
      guard focus == .buttons else { return move(by: 1) }
      return buttons.isYes ? confirmed : .cancel
    case .nextField, .stepDown: return move(by: 1)
    case .previousField, .stepUp: return move(by: -1)
    case .edit(let edit):
      switch focus {
      case .mode:
        if edit == .left { mode = mode.cycled(by: -1) }
        if edit == .right { mode = mode.cycled(by: 1) }
      case .payload: payload.perform(edit)
      case .buttons: buttons.perform(edit)
      }
    default: break
    }
    return .stay
  }

  /// Takes typed or pasted text; false where no field has the focus.
  package mutating func insert(_ text: String) -> Bool {
    guard focus == .payload, mode != .ping else { return false }
    payload.insert(text)
    return true
  }

  private var confirmed: FormStep { problem == nil ? .perform : .stay }

  private mutating func move(by step: Int) -> FormStep {
    focus = focus.cycled(by: step)
    if focus == .payload, mode == .ping { focus = focus.cycled(by: step) }
    // Sending destroys nothing: the button that sends comes first.
    buttons.isYes = focus == .buttons
    return .stay
  }
}
