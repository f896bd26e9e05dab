/// The fields of an HTTP head in their order, RFC 9110 §5.
public struct Headers: Hashable, Sendable {
  private var fields: [HeaderField]

  /// Headers from fields.
  public init(_ fields: [HeaderField] = []) {
    self.fields = fields
  }

  /// Adds a field after the others; one of the same name stays.
  public mutating func append(_ field: HeaderField) {
    fields.append(field)
  }

  /// Adds a field made of a name and a value; false, and nothing added, if one is malformed.
  public mutating func append(name: String, value: String) -> Bool {
    guard let field = HeaderField(name: name, value: value) else { return false }
    fields.append(field)
    return true
  }

  /// The value of the first field of a name, without regard to case.
  ///
  /// - Complexity: O(number of fields)
  public subscript(_ name: String) -> String? {
    fields.first { $0.isNamed(name) }?.value
  }

  /// The values of all fields of a name, in their order.
  ///
  /// - Complexity: O(number of fields)
  public func values(of name: String) -> [String] {
    fields.filter { $0.isNamed(name) }.map(\.value)
  }

  /// The elements of a comma-separated list over all fields of a name, RFC 9110 §5.6.1.
  ///
  /// Empty elements are ignored. Not for values with quoted strings.
  package func listElements(of name: String) -> [String] {
    values(of: name).flatMap { value in
      // The split is by bytes: a comma and a combining mark behind it are one Character.
      value.utf8.split(separator: UInt8(ascii: ","))
        .map { String(HTTPGrammar.trimmed(Substring($0))) }.filter { !$0.isEmpty }
    }
  }

  /// Whether a comma-separated list over all fields of a name has an element, in any case.
  package func list(of name: String, contains element: String) -> Bool {
    fields.contains { $0.isNamed(name) && $0.listContains(element) }
  }

  /// Whether there is a field of the opening handshake.
  func has(_ name: HandshakeFieldName) -> Bool {
    indices.contains { fields[$0].handshakeName == name }
  }

  /// The value of a field of the opening handshake, and how many fields of its name there are.
  func first(_ name: HandshakeFieldName) -> (value: String?, count: Int) {
    var value: String?
    var count = 0
    // Fields are looked up by index: an element taken out is retained and released.
    for index in fields.indices where fields[index].handshakeName == name {
      if count == 0 { value = fields[index].value }
      count += 1
    }
    return (value, count)
  }

  /// Whether a comma-separated list over all fields of a name of the opening handshake has an
  /// element, in any case.
  func list(of name: HandshakeFieldName, contains element: String) -> Bool {
    indices.contains {
      fields[$0].handshakeName == name && fields[$0].listContains(element)
    }
  }
}

extension Headers: RandomAccessCollection {
  /// The position of the first field.
  public var startIndex: Int { fields.startIndex }

  /// The position after the last field.
  public var endIndex: Int { fields.endIndex }

  /// The field at a position.
  public subscript(position: Int) -> HeaderField { fields[position] }
}
