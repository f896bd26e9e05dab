internal import FoundationEssentials

/// JSON as the control API writes and reads it; the only place that knows Foundation.
public enum ControlJSON {
  /// A value as JSON on one line, keys sorted, in UTF-8.
  public static func encode(_ value: some Encodable) -> [UInt8] {
    encode(value, formatting: [.sortedKeys, .withoutEscapingSlashes])
  }

  /// A value as JSON for people: indented, keys sorted, in UTF-8.
  public static func encodeIndented(_ value: some Encodable) -> [UInt8] {
    encode(value, formatting: [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted])
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
      // The values of this module have an encoding whatever they hold.
      preconditionFailure("\(type(of: value)) has no JSON: \(error)")
    }
  }

  /// Reads a value; unknown fields are ignored.
  ///
  /// - Throws: `ControlError` with the code `invalid-json`, which says where and what.
  public static func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, from bytes: some Sequence<UInt8>
  ) throws(ControlError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as DecodingError {
      throw ControlError(code: "invalid-json", message: sentence(error))
    } catch {
      throw ControlError(code: "invalid-json", message: "the body is not JSON")
    }
  }

  /// Bytes in base 64.
  public static func base64(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString()
  }

  /// Reads base 64 without line breaks; nil if it is not.
  public static func bytes(fromBase64 text: String) -> [UInt8]? {
    Data(base64Encoded: text).map(Array.init)
  }

  private static func sentence(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "\(place(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(place(context.codingPath)) has the wrong type"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "the body is not JSON" : "\(place(context.codingPath)): \(context.debugDescription)"
    @unknown default: "the body cannot be read"
    }
  }

  /// A path of keys such as `sessions[3].id`.
  private static func place(_ path: [any CodingKey]) -> String {
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
