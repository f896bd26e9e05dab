/// A field of a form, from top to bottom; the buttons come last.
package protocol FormField: CaseIterable, Equatable
where AllCases: RandomAccessCollection, AllCases.Index == Int {
  static var buttons: Self { get }
}

/// A dialog with fields and, at the end, two buttons of which the harmless one has the focus first.
///
/// Keys do the same in every form; a form supplies the fields, the validation and the act.
package protocol Form: Equatable, Sendable {
  associatedtype Field: FormField

  /// The field with the focus.
  var focus: Field { get set }

  /// The buttons.
  var buttons: Buttons { get set }

  /// The problem that keeps the form from being confirmed, or nil.
  var problem: String? { get }

  /// Whether the button that acts has the focus first, because the act destroys nothing.
  var isHarmless: Bool { get }

  /// Whether a field is of use now; the others are passed over.
  func isOfUse(_ field: Field) -> Bool

  /// The field that Enter goes to from a filled one; nil: the next.
  func next(after field: Field) -> Field?

  /// Edits the focused field; never called for the buttons.
  mutating func edit(_ edit: Action.Edit)

  /// Steps the focused field to its next value; false if it cannot be stepped.
  mutating func step(isUp: Bool) -> Bool

  /// Inserts typed or pasted text; false where the focused field takes none.
  mutating func insert(_ text: String) -> Bool

  /// Chooses the next target.
  mutating func chooseOthers()

  /// Performs an action.
  mutating func perform(_ action: Action) -> FormStep

  /// The form as the dialog that is open.
  var dialog: Dialog { get }

  /// Performs the confirmed act.
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

/// A form about sessions, with a choice of targets.
package protocol PlannedForm: Form {
  /// The target and the pace.
  var plan: ActPlan { get set }
}

extension PlannedForm {
  package mutating func chooseOthers() {
    guard plan.chooseNext() else { return }
    // `buttons` goes back to the harmless one: a yes counts for one target alone.
    buttons = Buttons()
    if !isOfUse(focus) { focus = .buttons }
  }
}
