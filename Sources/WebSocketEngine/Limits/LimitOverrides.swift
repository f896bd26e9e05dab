package import Vocabulary

/// The limits that are set at one level; others come from the wider one.
///
/// A route's are kept in ``LimitSettings``, a session's in the session itself.
package struct LimitOverrides: Hashable, Sendable {
  private var settings: [LimitKey: LimitSetting] = [:]

  /// Nothing set.
  package init() {}

  /// Whether nothing is set.
  package var isEmpty: Bool { settings.isEmpty }

  /// The keys that are set, in the table's order.
  package var keys: [LimitKey] { LimitKey.allCases.filter { settings[$0] != nil } }

  /// The setting of a key, or nil.
  package subscript(key: LimitKey) -> LimitSetting? { settings[key] }

  /// Sets and unsets; all of the change takes effect, or none.
  ///
  /// - Parameters:
  ///   - change: the keys to set and to unset.
  ///   - level: the level of these overrides.
  ///   - origin: the origin of the settings.
  /// - Throws: `LimitError` for a value out of its range, or a key that cannot be set there.
  package mutating func apply(
    _ change: LimitAssignments, at level: LimitLevel, origin: LimitOrigin
  ) throws(LimitError) {
    for key in change.keys where !key.definition.scopes.contains(level.scope) {
      throw .scopeNotPermitted(key, scope: level.scopeName)
    }
    for (key, value) in change.set where !key.permits(value) {
      throw .invalidValue(key, key.text(of: value))
    }
    for key in change.unset { settings[key] = nil }
    for (key, value) in change.set { settings[key] = LimitSetting(value, origin) }
  }
}

extension LimitKey {
  /// Whether a value is in the limit's range, or one of its words.
  package func permits(_ value: LimitValue) -> Bool {
    let definition = definition
    switch (value, definition.unit) {
    case (.off, _): return definition.permitsOff
    case (.choice(let word), .choice(let words)): return words.contains(word)
    case (.choice, _), (.amount, .choice): return false
    case (.amount(let amount), _): return definition.range.contains(amount)
    }
  }
}
