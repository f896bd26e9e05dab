package import Vocabulary

/// One limit in force somewhere: its value, its origin and its level.
package struct EffectiveLimit: Hashable, Sendable {
  /// The limit.
  package var key: LimitKey
  /// The value.
  package var value: LimitValue
  /// The value when nothing sets the limit.
  package var defaultValue: LimitValue
  /// The origin of the value.
  package var origin: LimitOrigin
  /// The level at which it is set; the engine for a default.
  package var level: LimitLevel
}
