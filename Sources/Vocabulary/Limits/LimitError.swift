/// A limit that cannot be set so; its text names the key, the value and what would be right.
public enum LimitError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No limit has the name.
  case unknownKey(String)
  /// The text is no value of the limit: a bad number, unit, word, or out of range.
  case invalidValue(LimitKey, String)
  /// The limit cannot be set at that scope.
  case scopeNotPermitted(LimitKey, scope: String)
  /// A setting is not of the form `KEY=VALUE`.
  case malformedSetting(String)

  /// The whole sentence.
  public var description: String {
    switch self {
    case .unknownKey(let name):
      "no limit is called \"\(UntrustedText.escaped(name))\"; "
        + (LimitKey.nearest(to: name).map { "the nearest is \($0)" }
          ?? "the limits are " + LimitKey.allCases.map(\.rawValue).joined(separator: ", "))
    case .invalidValue(let key, let text):
      "\(key.rawValue)=\(UntrustedText.escaped(text)): wants \(key.rangeText)"
        + (key.fault(of: text).map { "; \($0)" } ?? "")
    case .scopeNotPermitted(let key, let scope):
      "\(key.rawValue) cannot be set for one \(scope): it holds for the whole engine"
    case .malformedSetting(let text):
      "\"\(UntrustedText.escaped(text))\" is not KEY=VALUE, such as message-bytes=64KiB"
    }
  }
}

extension LimitKey {
  /// The values the limit takes, in words, such as "1 B to 1 TiB" or "100ms to 1h, or off".
  public var rangeText: String {
    let definition = definition
    if case .choice(let words) = definition.unit { return words.joined(separator: " or ") }
    let low = text(of: .amount(definition.range.lowerBound))
    let high = text(of: .amount(definition.range.upperBound))
    return "\(low) to \(high)" + (definition.permitsOff ? ", or off" : "")
  }

  /// The cause why a text is no value at all, with what would be right; nil if it is a value, or
  /// one out of range.
  fileprivate func fault(of text: String) -> String? {
    switch definition.unit {
    case .bytes: QuantityText.faultOfBytes(text)
    case .time: QuantityText.faultOfTime(text)
    case .count: QuantityText.faultOfCount(text)
    case .choice: nil
    }
  }

  /// The name that is most similar to an unknown one; nil if none is similar.
  fileprivate static func nearest(to name: String) -> String? {
    NearestName.of(name, among: allCases.map(\.rawValue))
  }

  /// A value in the form that `value(from:)` reads: `64KiB`, `10s`, `off`, `close`.
  public func text(of value: LimitValue) -> String {
    switch value {
    case .off: "off"
    case .choice(let word): word
    case .amount(let amount):
      switch definition.unit {
      case .bytes: QuantityText.exactBytes(amount)
      case .time: QuantityText.exactMilliseconds(amount)
      case .count, .choice: String(amount)
      }
    }
  }

  /// Reads a value; sizes and times take units, and `off` where the table says so.
  ///
  /// - Throws: `LimitError.invalidValue`, which names the key, the text and the range.
  public func value(from text: String) throws(LimitError) -> LimitValue {
    let definition = definition
    if case .choice(let words) = definition.unit {
      guard words.contains(text) else { throw .invalidValue(self, text) }
      return .choice(text)
    }
    if text == "off", definition.permitsOff { return .off }
    let amount: Int? =
      switch definition.unit {
      case .bytes: QuantityText.bytes(from: text)
      case .time: QuantityText.milliseconds(from: text)
      case .count, .choice: QuantityText.count(from: text)
      }
    guard let amount, definition.range.contains(amount) else { throw .invalidValue(self, text) }
    return .amount(amount)
  }

  /// Reads a setting of the form `KEY=VALUE`.
  ///
  /// - Throws: `LimitError` for another form, an unknown key or a value that does not fit.
  public static func setting(
    from text: String
  ) throws(LimitError) -> (key: LimitKey, value: LimitValue) {
    guard let equals = text.firstIndex(of: "=") else { throw .malformedSetting(text) }
    let name = String(text[..<equals])
    guard let key = LimitKey(rawValue: name) else { throw .unknownKey(name) }
    return (key, try key.value(from: String(text[text.index(after: equals)...])))
  }
}
