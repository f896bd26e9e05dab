/// A property that a sender of another version may leave out, or fill with what we do not know.
///
/// The compiler's `Decodable` ignores the defaults of properties. This wrapper gives a missing
/// field, or `null`, the value of `init()`, and leaves out those elements of an array that cannot
/// be read, such as a limit that only a newer engine has. JSON and names stay as without it.
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

/// A value that has a default, which `init()` makes, for when it is missing.
public protocol TolerantlyCodable: Codable {
  /// The default.
  init()
  /// Decodes what can be read.
  init(tolerantlyFrom decoder: any Decoder) throws
}

extension TolerantlyCodable {
  /// Decodes the value, which for all but arrays can be read or cannot.
  public init(tolerantlyFrom decoder: any Decoder) throws {
    try self.init(from: decoder)
  }
}

extension Int: TolerantlyCodable {}
extension Double: TolerantlyCodable {}
extension Bool: TolerantlyCodable {}
extension String: TolerantlyCodable {}

extension Array: TolerantlyCodable where Element: Codable {
  /// Decodes the elements that can be read.
  public init(tolerantlyFrom decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    self.init()
    while !container.isAtEnd {
      // A failed decode does not move the container on; decoding an attempt always succeeds.
      if let element = try container.decode(Attempt<Element>.self).value { append(element) }
    }
  }
}

extension Optional: TolerantlyCodable where Wrapped: TolerantlyCodable {
  /// The default: nothing.
  public init() { self = nil }

  /// Decodes what can be read of the value.
  public init(tolerantlyFrom decoder: any Decoder) throws {
    self = try Wrapped(tolerantlyFrom: decoder)
  }
}

/// An element that may be unreadable.
private struct Attempt<Value: Decodable>: Decodable {
  var value: Value?

  init(from decoder: any Decoder) throws {
    value = try? Value(from: decoder)
  }
}

extension Tolerant: Codable {
  /// Decodes what can be read of the value.
  public init(from decoder: any Decoder) throws {
    self.init(wrappedValue: try Value(tolerantlyFrom: decoder))
  }

  /// Encodes the value as it is without the wrapper.
  public func encode(to encoder: any Encoder) throws {
    try wrappedValue.encode(to: encoder)
  }
}

// The compiler's `init(from:)` and `encode(to:)` call `decode` and `encode` for wrapped
// properties; these more specific overloads are what it finds in this module.
extension KeyedDecodingContainer {
  func decode<Value>(
    _ type: Tolerant<Value>.Type, forKey key: Key
  ) throws -> Tolerant<Value> {
    try decodeIfPresent(type, forKey: key) ?? Tolerant(wrappedValue: Value())
  }

  /// A value, or a default that is not the type's own.
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
