package import Vocabulary

/// One limit as it holds somewhere: its value, who set it and where.
package struct EffectiveLimit: Hashable, Sendable {
  /// The limit.
  package var key: LimitKey
  /// The value.
  package var value: LimitValue
  /// The value when nothing sets the limit.
  package var defaultValue: LimitValue
  /// Who set it.
  package var origin: LimitOrigin
  /// Where it is set; the engine for a default.
  package var level: LimitLevel
}
