internal import Vocabulary

/// The values of a query's fields.
enum QueryValue {
  /// Reads a whole number.
  static func count(_ text: String?, name: String) throws(ControlError) -> Int? {
    guard let text else { return nil }
    guard let count = QuantityText.count(from: text) else {
      throw invalid("\(name) is a whole number")
    }
    return count
  }

  /// Reads what is true or false; false where it is missing.
  static func truth(_ text: String?, name: String) throws(ControlError) -> Bool {
    switch text {
    case nil, "false": false
    case "true": true
    default: throw invalid("\(name) is true or false")
    }
  }

  /// The error of a value that is none.
  static func invalid(_ message: String) -> ControlError {
    ControlError(code: "invalid-query", message: message)
  }
}
