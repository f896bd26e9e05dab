package import Vocabulary

/// A value that was set, and its origin.
package struct LimitSetting: Hashable, Sendable {
  /// The value.
  package var value: LimitValue
  /// The origin of the value.
  package var origin: LimitOrigin

  /// A setting.
  package init(_ value: LimitValue, _ origin: LimitOrigin) {
    self.value = value
    self.origin = origin
  }
}
