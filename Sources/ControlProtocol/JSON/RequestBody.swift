internal import Vocabulary

/// The JSON body of a request that acts, read so that nothing of it is passed over: every field has
/// to be asked for by the type that is decoded.
///
/// Written here because Foundation's decoder passes over what a type does not know, so that a
/// misspelt `dryRun` would be an act, and does not say where a number or a text means nothing.
final class RequestBody {
  let bytes: [UInt8]
  /// The objects that were looked into, by where they begin.
  private var objects: [Int: RequestObject] = [:]

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Decodes a value from bytes that have been checked for JSON.
  ///
  /// - Throws: `DecodingError`, its path complete, for what has the wrong type or means nothing;
  ///   `ControlError` for a field that the type does not have, or that comes twice.
  static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    let body = RequestBody(bytes)
    let value = try RequestValue(body, body.whole, path: []).decode(type)
    for (_, object) in body.objects.sorted(by: { $0.key < $1.key }) { try object.check() }
    return value
  }

  /// Where the value stands, without the space around it.
  private var whole: Range<Int> {
    let bytes = bytes
    var scanner = JSONScanner(maximumDepth: .max)
    scanner.skipSpace(bytes.span)
    let start = scanner.cursor
    try? scanner.value(bytes.span)
    return start..<scanner.cursor
  }

  /// The object at a place; the same one each time, since several types may be decoded from it.
  func object(_ value: RequestValue) throws -> RequestObject {
    if let object = objects[value.range.lowerBound] { return object }
    let object = try RequestObject(self, value.range, path: value.codingPath)
    objects[value.range.lowerBound] = object
    return object
  }
}

/// An object of a body, and which of its fields were asked for.
final class RequestObject {
  /// The names of its fields as they came, in their order.
  let names: [String]
  private let values: [Range<Int>]
  private let places: [[UInt8]: Int]
  private let path: [any CodingKey]
  /// The names that were asked for, whether or not they are there.
  private var asked: [String] = []
  /// Whether any name is a field: that of a dictionary.
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
      // What comes twice might be read either way.
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

  /// Where the value of a field stands; nil if it is not there.
  func value(of name: String) -> Range<Int>? {
    if !asked.contains(name) { asked.append(name) }
    return places[Array(name.utf8)].map { values[$0] }
  }

  /// Its names, as whoever takes any of them asks for them.
  var allNames: [String] {
    takesAnyName = true
    return names
  }

  /// Refuses a field that nobody has asked for.
  func check() throws(ControlError) {
    guard !takesAnyName, let unknown = names.first(where: { !asked.contains($0) }) else { return }
    let prefix = path.isEmpty ? "" : ControlJSON.place(path) + "."
    throw NameError(prefix + unknown, among: asked.map { prefix + $0 }).error(.field)
  }
}

/// The name of a field, or the place of an element.
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
