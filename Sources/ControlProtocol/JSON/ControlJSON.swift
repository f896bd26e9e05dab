internal import FoundationEssentials
internal import Vocabulary

/// The control API's JSON; the only place that uses Foundation's coders.
public enum ControlJSON {
  /// A value as JSON on one line, keys sorted, in UTF-8.
  public static func encode(_ value: some Encodable) -> [UInt8] {
    encode(value, formatting: [.sortedKeys, .withoutEscapingSlashes])
  }

  /// A value as JSON for a terminal or a file, with everything but ASCII escaped, so that no text
  /// from the network can move a cursor or reorder a line.
  public static func encodeASCII(_ value: some Encodable, isIndented: Bool) -> [UInt8] {
    var formatting: JSONEncoder.OutputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isIndented { formatting.insert(.prettyPrinted) }
    return escaped(encode(value, formatting: formatting))
  }

  /// Checked JSON with everything but ASCII escaped; it is not decoded.
  public static func ascii(_ json: some Collection<UInt8>, isIndented: Bool) -> [UInt8] {
    let json = escaped(Array(json))
    return isIndented ? JSONLines.indented(json) : json
  }

  /// JSON with everything but ASCII escaped.
  private static func escaped(_ json: [UInt8]) -> [UInt8] {
    guard var start = json.firstIndex(where: { $0 >= 0x7F }) else { return json }
    var ascii: [UInt8] = []
    ascii.reserveCapacity(json.count + json.count / 8)
    ascii += json[..<start]
    while start < json.count {
      // `start` is inside a string, since JSON is ASCII outside of its strings.
      let end = json[start...].firstIndex { $0 < 0x7F } ?? json.endIndex
      for unit in String(decoding: json[start..<end], as: UTF8.self).utf16 {
        let digits = String(unit, radix: 16)
        ascii += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
      }
      start = json[end...].firstIndex { $0 >= 0x7F } ?? json.endIndex
      ascii += json[end..<start]
    }
    return ascii
  }

  private static func encode(
    _ value: some Encodable, formatting: JSONEncoder.OutputFormatting
  ) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return Array(try encoder.encode(value))
    } catch {
      // Values of this module have an encoding in every state.
      preconditionFailure("\(type(of: value)) has no JSON: \(error)")
    }
  }

  /// Decodes a value; unknown fields are ignored.
  ///
  /// - Throws: `ControlError` with the code `invalid-json`, which names place and fault, safe to
  ///   show.
  public static func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, from bytes: some Sequence<UInt8>
  ) throws(ControlError) -> Value {
    let bytes = Array(bytes)
    try check(bytes)
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as DecodingError {
      throw invalid(sentence(error))
    } catch {
      throw invalid("the body cannot be read")
    }
  }

  /// Decodes a request that acts; an unknown or repeated field is refused.
  ///
  /// - Throws: `ControlError` with the code `invalid-json`, `unknown-field` or `repeated-field`,
  ///   which names place and fault, safe to show.
  public static func decodeRequest<Value: Decodable>(
    _ type: Value.Type = Value.self, from bytes: some Sequence<UInt8>
  ) throws(ControlError) -> Value {
    let bytes = Array(bytes)
    try check(bytes)
    do {
      return try RequestBody.decode(type, from: bytes)
    } catch let error as ControlError {
      throw error
    } catch let error as DecodingError {
      throw invalid(requestSentence(error))
    } catch {
      throw invalid("the body cannot be read")
    }
  }

  /// Bytes in base 64.
  public static func base64(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString()
  }

  /// Decodes base 64 without line breaks; nil if it is invalid.
  public static func bytes(fromBase64 text: String) -> [UInt8]? {
    Data(base64Encoded: text).map(Array.init)
  }

  /// Checks bytes before a decoder does, which recurses and does not tell where it fails.
  private static func check(_ bytes: [UInt8]) throws(ControlError) {
    do throws(JSONText.Fault) {
      try JSONText.check(bytes.span, maximumDepth: JSONText.maximumDecodedDepth)
    } catch {
      throw invalid(error.description)
    }
  }

  private static func invalid(_ sentence: String) -> ControlError {
    ControlError(code: "invalid-json", message: UntrustedText.escaped(sentence))
  }

  private static func sentence(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "\(place(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(place(context.codingPath)) has the wrong type"
    case .dataCorrupted(let context): "\(place(context.codingPath)): \(context.debugDescription)"
    @unknown default: "the body cannot be read"
    }
  }

  private static func requestSentence(_ error: DecodingError) -> String {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(place(context.codingPath)) has the wrong type: \(context.debugDescription)"
    default: sentence(error)
    }
  }

  /// A path of keys such as `sessions[3].id`.
  static func place(_ path: [any CodingKey]) -> String {
    guard !path.isEmpty else { return "the body" }
    return path.reduce(into: "") { text, key in
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
  }
}
