package import Vocabulary

/// Limits to set and to unset at one level, together.
package struct LimitAssignments: Hashable, Sendable {
  /// The values to set.
  package var set: [LimitKey: LimitValue]
  /// The keys whose setting ends; a key that is also in `set` is set.
  package var unset: Set<LimitKey>

  /// A change.
  package init(set: [LimitKey: LimitValue] = [:], unset: Set<LimitKey> = []) {
    self.set = set
    self.unset = unset
  }

  /// Reads a change from text, as the control API brings it.
  ///
  /// - Throws: `LimitError` for an unknown key or a value that does not fit; of several the first
  ///   in the order of names.
  package init(set: [String: String], unset: [String]) throws(LimitError) {
    self.init()
    for name in set.keys.sorted() {
      guard let key = LimitKey(rawValue: name), let text = set[name] else {
        throw .unknownKey(name)
      }
      self.set[key] = try key.value(from: text)
    }
    for name in unset.sorted() {
      guard let key = LimitKey(rawValue: name) else { throw .unknownKey(name) }
      self.unset.insert(key)
    }
  }

  /// Every key that the change names, in the table's order.
  package var keys: [LimitKey] {
    LimitKey.allCases.filter { set[$0] != nil || unset.contains($0) }
  }
}
