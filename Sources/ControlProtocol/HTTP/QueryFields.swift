/// The parameters of a request's query, all of which the path has to know.
public struct QueryFields {
  private let values: [String: String]

  /// Parses the query behind the `?`, percent-encoded; nil: there is none.
  ///
  /// - Parameter known: the names that the path knows.
  /// - Throws: `ControlError` for a broken escape, a repeated name, and an unknown one, with the
  ///   nearest known.
  public init(_ query: String?, known: [String]) throws(ControlError) {
    var values: [String: String] = [:]
    for pair in (query ?? "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = TargetEncoding.decoded(parts[0], plusIsSpace: true),
        let value = TargetEncoding.decoded(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
      else {
        throw QueryValue.invalid("the query is not percent-encoded UTF-8")
      }
      guard known.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
        throw NameError(name, among: known).error(.parameter)
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw QueryValue.invalid("the parameter \(name) comes twice")
      }
    }
    self.values = values
  }

  /// The value of a parameter; nil if it is missing.
  public subscript(name: String) -> String? { values[name] }

  /// The value of a parameter as a whole number; nil if it is missing.
  ///
  /// - Throws: `ControlError` for any other value.
  public func count(_ name: String) throws(ControlError) -> Int? {
    try QueryValue.count(values[name], name: name)
  }
}
