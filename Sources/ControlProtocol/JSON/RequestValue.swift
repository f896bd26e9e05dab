internal import Vocabulary

/// One value of a request's body.
struct RequestValue {
  let body: RequestBody
  /// The range of the value.
  let range: Range<Int>
  let codingPath: [any CodingKey]

  init(_ body: RequestBody, _ range: Range<Int>, path: [any CodingKey]) {
    self.body = body
    self.range = range
    codingPath = path
  }

  /// Decodes the value as a type.
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let scalar = type as? any RequestScalar.Type, let value = try scalar.init(self) as? Value {
      return value
    }
    return try Value(from: self)
  }

  // MARK: Values

  var isNull: Bool { first == UInt8(ascii: "n") }

  func truth() throws -> Bool {
    switch first {
    case UInt8(ascii: "t"): return true
    case UInt8(ascii: "f"): return false
    default: throw wrongType(Bool.self, "true or false")
    }
  }

  func text() throws -> String {
    guard first == UInt8(ascii: "\"") else { throw wrongType(String.self, "a text") }
    let bytes = body.bytes
    return try Self.text(bytes.span.extracting(range), path: codingPath)
  }

  /// Decodes a string in its quotes.
  static func text(_ string: Span<UInt8>, path: [any CodingKey]) throws -> String {
    do throws(JSONText.Fault) {
      return try JSONText.text(ofString: string)
    } catch {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: path,
          debugDescription: "at character \(error.column - 1) of the text: \(error.expectation)"))
    }
  }

  func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
    let digits = try number(Number.self)
    // `exactly` takes 1000.0 and 1e3, as languages without integers write them.
    guard let number = Number(digits) ?? Double(digits).flatMap(Number.init(exactly:)) else {
      throw meaningless(
        "\(digits.cut(to: 32)) is no whole number from \(Number.min) to \(Number.max)")
    }
    return number
  }

  func real() throws -> Double {
    let digits = try number(Double.self)
    guard let number = Double(digits), number.isFinite else {
      throw meaningless("\(digits.cut(to: 32)) is out of range")
    }
    return number
  }

  private func number(_ type: Any.Type) throws -> String {
    guard let first, first == UInt8(ascii: "-") || (48...57).contains(first) else {
      throw wrongType(type, "a number")
    }
    return String(decoding: body.bytes[range], as: UTF8.self)
  }

  private var first: UInt8? { range.isEmpty ? nil : body.bytes[range.lowerBound] }

  // MARK: Errors

  func wrongType(_ type: Any.Type, _ wanted: String) -> DecodingError {
    DecodingError.typeMismatch(
      type,
      DecodingError.Context(
        codingPath: codingPath, debugDescription: "\(wanted) is wanted, not \(kind)"))
  }

  private func meaningless(_ sentence: String) -> DecodingError {
    DecodingError.dataCorrupted(
      DecodingError.Context(codingPath: codingPath, debugDescription: sentence))
  }

  /// The type of the value, for people.
  private var kind: String {
    switch first {
    case UInt8(ascii: "{"): "an object"
    case UInt8(ascii: "["): "an array"
    case UInt8(ascii: "\""): "a text"
    case UInt8(ascii: "t"), UInt8(ascii: "f"): "true or false"
    case UInt8(ascii: "n"): "null"
    default: "a number"
    }
  }

  // MARK: Containers

  func object() throws -> RequestObject {
    guard first == UInt8(ascii: "{") else { throw wrongType([String: Int].self, "an object") }
    return try body.object(self)
  }

  func elements() throws -> [RequestValue] {
    guard first == UInt8(ascii: "[") else { throw wrongType([Int].self, "an array") }
    var ranges: [Range<Int>] = []
    var scanner = JSONScanner(at: range.lowerBound, maximumDepth: .max)
    let bytes = body.bytes
    try scanner.array(bytes.span) { ranges.append($0) }
    return ranges.enumerated().map { index, range in
      RequestValue(body, range, path: codingPath + [RequestCodingKey(index: index)])
    }
  }
}

/// A type that is decoded from a value without containers.
private protocol RequestScalar {
  init(_ value: RequestValue) throws
}

extension Bool: RequestScalar {
  fileprivate init(_ value: RequestValue) throws { self = try value.truth() }
}

extension String: RequestScalar {
  fileprivate init(_ value: RequestValue) throws { self = try value.text() }
}

extension Double: RequestScalar {
  fileprivate init(_ value: RequestValue) throws { self = try value.real() }
}

extension RequestScalar where Self: FixedWidthInteger {
  fileprivate init(_ value: RequestValue) throws { self = try value.integer(Self.self) }
}

extension Int: RequestScalar {}
extension Int64: RequestScalar {}
extension UInt16: RequestScalar {}
extension UInt64: RequestScalar {}
