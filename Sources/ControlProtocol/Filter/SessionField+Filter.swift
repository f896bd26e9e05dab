extension SessionField {
  /// The field that stands before an operator; nil for a name that no such field has.
  init?(filterKey name: String) {
    guard let field = SessionField(rawValue: name), SessionField.filterKeys.contains(field) else {
      return nil
    }
    self = field
  }

  /// The operators that make sense for the field.
  var operators: [FilterOperator] {
    switch kind {
    case .state: [.equal, .notEqual]
    case .flag: []
    case let kind where kind.isCompared:
      [.equal, .notEqual, .greater, .less, .greaterOrEqual, .lessOrEqual]
    default: [.equal, .notEqual, .contains]
    }
  }

  /// A term that is right, for errors and help; empty for a field that no filter looks at.
  var example: String { definition.filter ?? "" }
}
