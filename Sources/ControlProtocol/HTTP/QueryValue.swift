internal import Vocabulary

/// The values of a query's fields.
enum QueryValue {
  /// Parses a whole number.
  static func count(_ text: String?, name: String) throws(ControlError) -> Int? {
    guard let text else { return nil }
    guard let count = QuantityText.count(from: text) else {
      throw invalid("\(name) is a whole number")
    }
    return count
  }

  /// Parses a truth value; false if it is missing.
  static func truth(_ text: String?, name: String) throws(ControlError) -> Bool {
    switch text {
    case nil, "false": false
    case "true": true
    default: throw invalid("\(name) is true or false")
    }
  }

  /// The error of an invalid value.
  static func invalid(_ message: String) -> ControlError {
    ControlError(code: "invalid-query", message: message)
  }
}
