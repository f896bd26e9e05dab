import Vocabulary

/// Limits as amounts.
enum LimitAmount {
  /// The engine's `message-bytes`; nil before the limits came.
  static func messageBytes(_ context: ScreenContext) -> Int? {
    context.latest.engineValue(of: .messageBytes).flatMap { messageBytes($0) }
  }

  /// A value of `message-bytes`; nil if it is none.
  static func messageBytes(_ text: String) -> Int? {
    guard case .amount(let amount)? = try? LimitKey.messageBytes.value(from: text) else {
      return nil
    }
    return amount
  }
}
