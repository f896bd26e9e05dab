// All requirements of a container lead to one generic `decode`: `RequestValue.decode` chooses how a
// type is decoded.

extension RequestValue: Decoder {
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(
    keyedBy type: Key.Type
  ) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Fields(object: try object(), value: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    Elements(values: try elements(), codingPath: codingPath)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }
}

extension RequestValue: SingleValueDecodingContainer {
  func decodeNil() -> Bool { isNull }
}

/// The fields of an object.
private struct Fields<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let object: RequestObject
  let value: RequestValue

  var codingPath: [any CodingKey] { value.codingPath }
  var allKeys: [Key] { object.allNames.compactMap(Key.init(stringValue:)) }

  func contains(_ key: Key) -> Bool { object.value(of: key.stringValue) != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try field(key).isNull }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try field(key).decode(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try field(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try field(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { value }

  func superDecoder(forKey key: Key) throws -> any Decoder { try field(key) }

  private func field(_ key: Key) throws -> RequestValue {
    guard let range = object.value(of: key.stringValue) else {
      throw DecodingError.keyNotFound(
        key, DecodingError.Context(codingPath: codingPath, debugDescription: "it is missing"))
    }
    return RequestValue(value.body, range, path: codingPath + [key])
  }
}

/// The elements of an array.
private struct Elements: UnkeyedDecodingContainer {
  let values: [RequestValue]
  let codingPath: [any CodingKey]
  private(set) var currentIndex = 0

  init(values: [RequestValue], codingPath: [any CodingKey]) {
    self.values = values
    self.codingPath = codingPath
  }

  var count: Int? { values.count }
  var isAtEnd: Bool { currentIndex == values.count }

  mutating func decodeNil() throws -> Bool {
    guard try next().isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let value = try next().decode(type)
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    let container = try next().container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try next().unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let value = try next()
    currentIndex += 1
    return value
  }

  private func next() throws -> RequestValue {
    guard currentIndex < values.count else {
      throw DecodingError.valueNotFound(
        Any.self,
        DecodingError.Context(codingPath: codingPath, debugDescription: "an element is missing"))
    }
    return values[currentIndex]
  }
}
