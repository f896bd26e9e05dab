/// A field of a form about sessions: one of its own, or one of the plan.
package protocol PlannedField: FormField {
  /// The field of the plan, if it is one.
  var planned: ActPlan.Field? { get }
}

/// A form about sessions, with a choice of targets.
package protocol PlannedForm: Form where Field: PlannedField {
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

  /// The plan's problem, in the form's field.
  var planProblem: FormProblem<Field>? {
    plan.problem.map { problem in
      FormProblem(
        problem.text, in: problem.field.map { field(of: $0) })
    }
  }

  private func field(of planned: ActPlan.Field) -> Field {
    Field.allCases.first { $0.planned == planned } ?? .buttons
  }

  /// The index of a field of the plan among all.
  func index(of planned: ActPlan.Field) -> Int { index(of: field(of: planned)) }
}
