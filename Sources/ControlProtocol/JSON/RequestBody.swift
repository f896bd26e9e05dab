internal import Vocabulary

/// The JSON body of a request that acts, in which unknown fields are errors: the decoded type has
/// to ask for every field.
///
/// Foundation's decoder ignores unknown fields, so that a misspelt `dryRun` would be an act, and
/// does not tell where a number or a text is invalid.
final class RequestBody {
  let bytes: [UInt8]
  /// The objects that were decoded from, by the index where they begin.
  private var objects: [Int: RequestObject] = [:]

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Decodes a value from bytes that have been checked for JSON.
  ///
  /// - Throws: `DecodingError`, with the whole path, for a value of the wrong type or out of range;
  ///   `ControlError` for an unknown or repeated field.
  static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    let body = RequestBody(bytes)
    let value = try RequestValue(body, body.whole, path: []).decode(type)
    for (_, object) in body.objects.sorted(by: { $0.key < $1.key }) { try object.check() }
    return value
  }

  /// The range of the value, without the space around it.
  private var whole: Range<Int> {
    let bytes = bytes
    var scanner = JSONScanner(maximumDepth: .max)
    scanner.skipSpace(bytes.span)
    let start = scanner.cursor
    try? scanner.value(bytes.span)
    return start..<scanner.cursor
  }

  /// The object at a place; the same instance each time, since several types may be decoded from
  /// it.
  func object(_ value: RequestValue) throws -> RequestObject {
    if let object = objects[value.range.lowerBound] { return object }
    let object = try RequestObject(self, value.range, path: value.codingPath)
    objects[value.range.lowerBound] = object
    return object
  }
}

/// An object of a body, and the fields that were asked for.
final class RequestObject {
  /// The names of its fields, in their order.
  let names: [String]
  private let values: [Range<Int>]
  private let places: [[UInt8]: Int]
  private let path: [any CodingKey]
  /// The names that were asked for, present or not.
  private var asked: [String] = []
  /// Whether any name is a field, as in a dictionary.
  private var takesAnyName = false

  init(_ body: RequestBody, _ range: Range<Int>, path: [any CodingKey]) throws {
    let whole = body.bytes
    let bytes = whole.span
    var members: [(name: Range<Int>, value: Range<Int>)] = []
    var scanner = JSONScanner(at: range.lowerBound, maximumDepth: .max)
    try scanner.object(bytes) { members.append(($0, $1)) }
    var names: [String] = []
    var places: [[UInt8]: Int] = [:]
    for (index, member) in members.enumerated() {
      let name = try RequestValue.text(bytes.extracting(member.name), path: path)
      // A repeated field is an error, since it is ambiguous.
      guard places.updateValue(index, forKey: Array(name.utf8)) == nil else {
        throw ControlError(
          code: "repeated-field",
          message: "the field "
            + UntrustedText.escaped(ControlJSON.place(path + [RequestCodingKey(name)]), limit: 64)
            + " comes twice")
      }
      names.append(name)
    }
    self.names = names
    self.places = places
    self.path = path
    values = members.map(\.value)
  }

  /// The range of a field's value; nil if it is missing.
  func value(of name: String) -> Range<Int>? {
    if !asked.contains(name) { asked.append(name) }
    return places[Array(name.utf8)].map { values[$0] }
  }

  /// All names, for a type that takes any of them.
  var allNames: [String] {
    takesAnyName = true
    return names
  }

  /// Refuses fields that were not asked for.
  func check() throws(ControlError) {
    guard !takesAnyName, let unknown = names.first(where: { !asked.contains($0) }) else { return }
    let prefix = path.isEmpty ? "" : ControlJSON.place(path) + "."
    throw NameError(prefix + unknown, among: asked.map { prefix + $0 }).error(.field)
  }
}

/// The name of a field, or the index of an element.
struct RequestCodingKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ name: String) {
    stringValue = name
    intValue = nil
  }

  init(index: Int) {
    stringValue = String(index)
    intValue = index
  }

  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { self.init(index: intValue) }
}
