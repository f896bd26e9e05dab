import Foundation

/// A JSON value as a test reads it: by names and numbers, nil for what is not there.
///
/// It is read without the program's own types, so that the form itself is tested.
enum JSON: Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  init(_ data: Data) throws {
    self = try JSONDecoder().decode(JSON.self, from: data)
  }

  /// A field of an object.
  subscript(name: String) -> JSON? {
    if case .object(let fields) = self { fields[name] } else { nil }
  }

  /// An element of an array.
  subscript(index: Int) -> JSON? {
    if case .array(let values) = self, values.indices.contains(index) { values[index] } else { nil }
  }

  /// The elements of an array; none for anything else.
  var array: [JSON] {
    if case .array(let values) = self { values } else { [] }
  }

  /// The names of an object's fields.
  var names: Set<String> {
    if case .object(let fields) = self { Set(fields.keys) } else { [] }
  }

  /// The text of a string.
  var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// A whole number.
  var int: Int? { number.flatMap(Int.init(exactly:)) }

  /// A number.
  var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }
}

extension JSON: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }
}
