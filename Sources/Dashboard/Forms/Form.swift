/// A field of a form, from top to bottom; the buttons come last.
package protocol FormField: CaseIterable, Equatable
where Self: Sendable, AllCases: RandomAccessCollection, AllCases.Index == Int {
  static var buttons: Self { get }
}

/// What keeps a form from being confirmed, and where.
package struct FormProblem<Field: FormField>: Equatable, Sendable {
  /// The sentence; not escaped.
  package var text: String
  /// The field that has to change; nil: none, such as while the engine is asked.
  package var field: Field?
  /// The offset of the character in its text that is wrong, if one is.
  package var offset: Int?

  init(_ text: String, in field: Field?, at offset: Int? = nil) {
    self.text = text
    self.field = field
    self.offset = offset
  }
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
  var problem: FormProblem<Field>? { get }

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

  /// Whether Up, Down and Tab step a field through its values.
  func isStepped(_ field: Field) -> Bool

  /// Puts the cursor of the focused field before the character at an offset.
  mutating func moveCursor(to offset: Int)

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

  package func isStepped(_ field: Field) -> Bool { false }

  package mutating func moveCursor(to offset: Int) {}

  package mutating func chooseOthers() {}

  package mutating func perform(_ action: Action) -> FormStep {
    let isOnButtons = focus == .buttons
    switch action {
    case .cancel: return .cancel
    case .yes, .no:
      guard isOnButtons else { return .stay }
      return action == .yes ? confirm() : .cancel
    case .accept where isOnButtons: return buttons.isYes ? confirm() : .cancel
    case .accept:
      if let next = next(after: focus) { focus = next } else { move(by: 1) }
    case .nextField, .previousField:
      let isNext = action == .nextField
      if !isStepped(focus) || !step(isUp: isNext) { move(by: isNext ? 1 : -1) }
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

  /// Confirms the form; with a problem it stays open, and the focus goes to where that is.
  private mutating func confirm() -> FormStep {
    guard let problem else { return .perform }
    if let field = problem.field, isOfUse(field) {
      focus = field
      if let offset = problem.offset { moveCursor(to: offset) }
    }
    return .stay
  }

  /// Whether Up, Down and Tab step the focused field through its values.
  var stepsFocus: Bool { isStepped(focus) }

  /// The index of a field among all.
  func index(of field: Field) -> Int { Field.allCases.firstIndex(of: field) ?? 0 }

  /// The index of the focused field among all.
  var focusIndex: Int { index(of: focus) }

  /// Focuses a field, given by its index among all.
  package mutating func point(at index: Int) {
    guard Field.allCases.indices.contains(index), isOfUse(Field.allCases[index]) else { return }
    focus = Field.allCases[index]
    buttons.isYes = focus == .buttons && isHarmless
  }

  private mutating func move(by step: Int) {
    repeat { focus = focus.cycled(by: step) } while !isOfUse(focus)
    buttons.isYes = focus == .buttons && isHarmless
  }
}
