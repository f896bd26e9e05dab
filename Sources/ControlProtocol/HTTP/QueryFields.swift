/// The parameters of a request's query, of which each has to be one that the path takes.
public struct QueryFields {
  private let values: [String: String]

  /// Reads what stands behind the `?`, percent-encoded; nil: nothing does.
  ///
  /// - Parameter known: the names that the path takes.
  /// - Throws: `ControlError` for a broken escape, a name that comes twice, and one that is not
  ///   known, with the nearest that is.
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

  /// The value of a parameter; nil if it is not there.
  public subscript(name: String) -> String? { values[name] }

  /// The value of a parameter as a whole number; nil if it is not there.
  ///
  /// - Throws: `ControlError` for anything else.
  public func count(_ name: String) throws(ControlError) -> Int? {
    try QueryValue.count(values[name], name: name)
  }
}
