import Vocabulary

extension LimitValue {
  /// The amount, or nil for `off`.
  var amount: Int? {
    if case .amount(let amount) = self { amount } else { nil }
  }

  /// The amount, or the greatest integer for `off`.
  var amountOrMaximum: Int { amount ?? .max }

  /// An amount of milliseconds in nanoseconds, or nil for `off`.
  var nanoseconds: Int64? { amount.map { Int64($0) * 1_000_000 } }
}
