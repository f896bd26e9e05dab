/// A property that a sender of another version may omit, or fill with unknown values.
///
/// The compiler's `Decodable` ignores the defaults of properties. This wrapper decodes a missing
/// field, or `null`, as `init()`, and leaves out undecodable elements of an array, such as a limit
/// that only a newer engine has. JSON and names are the same as without it.
@propertyWrapper
public struct Tolerant<Value: TolerantlyCodable> {
  /// The value.
  public var wrappedValue: Value

  /// A property with a value.
  public init(wrappedValue: Value) {
    self.wrappedValue = wrappedValue
  }
}

extension Tolerant: Equatable where Value: Equatable {}
extension Tolerant: Sendable where Value: Sendable {}

/// A value with a default, for a missing field.
public protocol TolerantlyCodable: Codable {
  /// The default.
  init()
  /// Decodes as much as possible.
  init(tolerantlyFrom decoder: any Decoder) throws
}

extension TolerantlyCodable {
  /// Decodes the value, which only arrays can in part.
  public init(tolerantlyFrom decoder: any Decoder) throws {
    try self.init(from: decoder)
  }
}

extension Int: TolerantlyCodable {}
extension Double: TolerantlyCodable {}
extension Bool: TolerantlyCodable {}
extension String: TolerantlyCodable {}

extension Array: TolerantlyCodable where Element: Codable {
  /// Decodes the decodable elements.
  public init(tolerantlyFrom decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    self.init()
    while !container.isAtEnd {
      // `Attempt` always decodes: a failed decode would not move the container on.
      if let element = try container.decode(Attempt<Element>.self).value { append(element) }
    }
  }
}

extension Optional: TolerantlyCodable where Wrapped: TolerantlyCodable {
  /// The default: nil.
  public init() { self = nil }

  /// Decodes as much of the value as possible.
  public init(tolerantlyFrom decoder: any Decoder) throws {
    self = try Wrapped(tolerantlyFrom: decoder)
  }
}

/// An element that may be undecodable.
private struct Attempt<Value: Decodable>: Decodable {
  var value: Value?

  init(from decoder: any Decoder) throws {
    value = try? Value(from: decoder)
  }
}

extension Tolerant: Codable {
  /// Decodes as much of the value as possible.
  public init(from decoder: any Decoder) throws {
    self.init(wrappedValue: try Value(tolerantlyFrom: decoder))
  }

  /// Encodes the value as without the wrapper.
  public func encode(to encoder: any Encoder) throws {
    try wrappedValue.encode(to: encoder)
  }
}

// The compiler's `init(from:)` and `encode(to:)` call `decode` and `encode` for wrapped properties,
// and prefer these more specific overloads in this module.
extension KeyedDecodingContainer {
  func decode<Value>(
    _ type: Tolerant<Value>.Type, forKey key: Key
  ) throws -> Tolerant<Value> {
    try decodeIfPresent(type, forKey: key) ?? Tolerant(wrappedValue: Value())
  }

  /// A value, or a given default.
  func decode<Value: Decodable>(_ key: Key, default fallback: Value) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? fallback
  }
}

extension KeyedEncodingContainer {
  mutating func encode<Value>(
    _ property: Tolerant<Value?>, forKey key: Key
  ) throws {
    try encodeIfPresent(property.wrappedValue, forKey: key)
  }
}
