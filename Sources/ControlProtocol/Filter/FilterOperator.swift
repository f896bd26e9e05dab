/// The operators of a filter.
enum FilterOperator: String, CaseIterable {
  case equal = "="
  case notEqual = "!="
  case greater = ">"
  case less = "<"
  case greaterOrEqual = ">="
  case lessOrEqual = "<="
  case contains = "~"
}
