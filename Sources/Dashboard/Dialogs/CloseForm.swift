package import Vocabulary

/// The dialog that closes sessions: code, reason, and an explicit yes.
package struct CloseForm: Equatable, Sendable {
  /// The sessions, as they were when the dialog was opened.
  package var sessions: [SessionID]
  /// The code, as typed.
  package var code = LineEditor("1000", maximumByteCount: 5)
  /// The reason, as typed.
  package var reason = LineEditor(maximumByteCount: 512)
  /// The buttons.
  package var buttons = Buttons()
  /// What has the focus.
  package var focus = Focus.code

  /// What can have the focus, from top to bottom.
  package enum Focus: Int, CaseIterable, Sendable {
    case code, reason, buttons
  }

  /// The most bytes that a reason may have: a control frame's payload without the code
  /// (RFC 6455 §5.5).
  package static let maximumReasonByteCount = 123

  /// The codes with names that may be sent.
  package static let namedCodes = (1000...1014).map { CloseCode(rawValue: $0) }
    .filter { $0.mayBeSent && $0.name != nil }

  /// A dialog for some sessions.
  package init(sessions: [SessionID]) {
    self.sessions = sessions
  }

  /// The code, if it may be sent.
  package var validCode: CloseCode? {
    guard let number = UInt16(code.text) else { return nil }
    let code = CloseCode(rawValue: number)
    return code.mayBeSent ? code : nil
  }

  /// What is wrong; nil if the sessions can be closed so.
  package var problem: String? {
    if validCode == nil {
      return "\(code.text.isEmpty ? "the code" : code.text) may not be sent: "
        + "1000-1003, 1007-1014 and 3000-4999 may"
    }
    let count = reason.text.utf8.count
    if count > Self.maximumReasonByteCount {
      return "the reason has \(count) bytes; \(Self.maximumReasonByteCount) fit"
    }
    return nil
  }

  /// What the code means.
  package var codeName: String {
    guard let number = UInt16(code.text) else { return "no number" }
    let code = CloseCode(rawValue: number)
    if let name = code.name { return name }
    switch number {
    case 3000...3999: return "of a library or framework"
    case 4000...4999: return "of the application"
    default: return "unassigned"
    }
  }

  /// Steps the code through those that have names.
  package mutating func stepCode(by step: Int) {
    let current = UInt16(code.text) ?? 0
    let codes = Self.namedCodes
    let next =
      step > 0
      ? codes.first { $0.rawValue > current } ?? codes.first
      : codes.last { $0.rawValue < current } ?? codes.last
    if let next { code.replace(with: String(next.rawValue)) }
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
    case .nextField: return move(by: 1)
    case .previousField: return move(by: -1)
    case .stepUp:
      guard focus == .code else { return move(by: -1) }
      stepCode(by: 1)
    case .stepDown:
      guard focus == .code else { return move(by: 1) }
      stepCode(by: -1)
    case .edit(let edit):
      switch focus {
      case .code: code.perform(edit)
      case .reason: reason.perform(edit)
      case .buttons: buttons.perform(edit)
      }
    default: break
    }
    return .stay
  }

  /// Takes typed or pasted text; false where no field has the focus.
  package mutating func insert(_ text: String) -> Bool {
    switch focus {
    case .code: code.insert(text.filter(\.isASCII).filter(\.isNumber))
    case .reason: reason.insert(text)
    case .buttons: return false
    }
    return true
  }

  private var confirmed: FormStep { problem == nil ? .perform : .stay }

  private mutating func move(by step: Int) -> FormStep {
    focus = focus.cycled(by: step)
    buttons.isYes = false
    return .stay
  }
}
