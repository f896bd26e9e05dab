import Vocabulary

/// Limits as amounts.
enum LimitAmount {
  /// The engine's `message-bytes`; nil before the limits came.
  static func messageBytes(_ model: Model) -> Int? {
    guard let text = model.picture.engineValue(of: .messageBytes),
      case .amount(let amount)? = try? LimitKey.messageBytes.value(from: text)
    else { return nil }
    return amount
  }
}
