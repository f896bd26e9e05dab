extension CloseCode {
  /// The codes with names that may be sent, in the order of their numbers.
  public static let named = (1000...1014).map { CloseCode(rawValue: $0) }
    .filter { $0.mayBeSent && $0.name != nil }

  /// The name as one word, such as `service-restart`; nil for a code without a name.
  public var word: String? {
    name.map { String($0.lowercased().map { $0 == " " ? "-" : $0 }) }
  }

  /// Reads a code that may be sent, by its number or by its name: `1012`, `service-restart`,
  /// `Service Restart`, `serviceRestart`.
  public init?(sendable text: String) {
    if let number = QuantityText.count(from: text) {
      guard let raw = UInt16(exactly: number), CloseCode(rawValue: raw).mayBeSent else {
        return nil
      }
      self.init(rawValue: raw)
      return
    }
    func letters(_ name: String) -> String {
      name.lowercased().filter { !" -_".contains($0) }
    }
    let wanted = letters(text)
    guard let code = Self.named.first(where: { letters($0.name ?? "") == wanted }) else {
      return nil
    }
    self = code
  }

  /// The codes that may be sent, in words, for errors.
  public static let sendableText = "1000-1003, 1007-1014 and 3000-4999, or names such as going-away"
}
