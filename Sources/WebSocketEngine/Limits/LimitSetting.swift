package import Vocabulary

/// A value that somebody set.
package struct LimitSetting: Hashable, Sendable {
  /// The value.
  package var value: LimitValue
  /// Who set it.
  package var origin: LimitOrigin

  /// A setting.
  package init(_ value: LimitValue, _ origin: LimitOrigin) {
    self.value = value
    self.origin = origin
  }
}
