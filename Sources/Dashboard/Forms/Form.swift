/// What can have the focus in a form, from top to bottom; the buttons come last.
package protocol FormField: CaseIterable, Equatable
where AllCases: RandomAccessCollection, AllCases.Index == Int {
  static var buttons: Self { get }
}

/// A dialog with fields and, at the end, two buttons of which the harmless one has the focus first.
///
/// What keys do is the same in every form; a form tells which fields there are, and what becomes of
/// it.
package protocol Form: Equatable, Sendable {
  associatedtype Field: FormField

  /// What has the focus.
  var focus: Field { get set }

  /// The buttons.
  var buttons: Buttons { get set }

  /// What is wrong; nil if it can be done.
  var problem: String? { get }

  /// Whether the button that acts has the focus first, because to act destroys nothing.
  var isHarmless: Bool { get }

  /// Whether a field is of use now; the others are passed over.
  func isOfUse(_ field: Field) -> Bool

  /// Where Enter leads from a field that is filled in; nil: to the next.
  func next(after field: Field) -> Field?

  /// Changes the field that has the focus, which is not the buttons.
  mutating func edit(_ edit: Action.Edit)

  /// Steps the field that has the focus to its next value; false if it is not stepped through.
  mutating func step(isUp: Bool) -> Bool

  /// Takes typed or pasted text; false where no field takes it.
  mutating func insert(_ text: String) -> Bool

  /// Goes on to others that the form could be about.
  mutating func chooseOthers()

  /// Takes an action.
  mutating func perform(_ action: Action) -> FormStep

  /// The form as the dialog that is open.
  var dialog: Dialog { get }

  /// Does what was confirmed.
  func act(in context: inout ScreenContext) -> [Effect]

  /// The form as it is drawn.
  func view(in context: ScreenContext) -> FormView
}

extension Form {
  package var isHarmless: Bool { false }

  package func isOfUse(_ field: Field) -> Bool { true }

  package func next(after field: Field) -> Field? { nil }

  package mutating func step(isUp: Bool) -> Bool { false }

  package mutating func chooseOthers() {}

  package mutating func perform(_ action: Action) -> FormStep {
    let isOnButtons = focus == .buttons
    switch action {
    case .cancel: return .cancel
    case .yes, .no:
      guard isOnButtons else { return .stay }
      return action == .yes ? confirmed : .cancel
    case .accept where isOnButtons: return buttons.isYes ? confirmed : .cancel
    case .accept:
      if let next = next(after: focus) { focus = next } else { move(by: 1) }
    case .nextField: move(by: 1)
    case .previousField: move(by: -1)
    case .stepUp, .stepDown:
      let isUp = action == .stepUp
      if !step(isUp: isUp) { move(by: isUp ? -1 : 1) }
    case .nextSubjects: chooseOthers()
    case .edit(let edit):
      if isOnButtons { buttons.perform(edit) } else { self.edit(edit) }
    default: break
    }
    return .stay
  }

  private var confirmed: FormStep { problem == nil ? .perform : .stay }

  private mutating func move(by step: Int) {
    repeat { focus = focus.cycled(by: step) } while !isOfUse(focus)
    buttons.isYes = focus == .buttons && isHarmless
  }
}

/// A form about some sessions, which may be chosen otherwise.
package protocol PlannedForm: Form {
  /// Whom, and how fast.
  var plan: ActPlan { get set }
}

extension PlannedForm {
  package mutating func chooseOthers() {
    guard plan.chooseNext() else { return }
    // What was chosen for the others is chosen for them alone.
    buttons = Buttons()
    if !isOfUse(focus) { focus = .buttons }
  }
}
