import FoundationEssentials
public import Vocabulary

extension WebSocket {
  /// Sends a value as a text message of JSON.
  ///
  /// - Throws: `EncodingError`, or the error of `send`.
  public func send(json value: some Encodable) async throws {
    try await send(String(decoding: try JSONEncoder().encode(value), as: UTF8.self))
  }

  /// Sends JSON as a text message, as it came.
  ///
  /// - Throws: the error of `send`.
  public func send(json value: RawJSON) async throws {
    try await send(value.text)
  }

  /// Receives a message of JSON, text or binary.
  ///
  /// Its size is bounded by `message-bytes`. How deep its arrays and objects lie in each other is
  /// bounded here: the bytes are read once, without recursion, before the decoder sees any, so that
  /// it never recurses deeper than `maximumDepth`. The work of `Value` is its own: an `init(from:)`
  /// that tries types one after the other does the whole work anew at each level. `RawJSON` takes
  /// any JSON in one pass.
  ///
  /// - Parameter maximumDepth: how deep arrays and objects may lie in each other.
  /// - Throws: `WebSocketError.closed` if the session ends instead, `invalidJSON` for a message
  ///   that is no JSON, nested deeper, or of another shape, or the error of `receive`.
  public func receive<Value: Decodable>(
    json type: Value.Type = Value.self, maximumDepth: Int = JSONText.maximumDecodedDepth
  ) async throws -> Value {
    let bytes =
      switch try await receive() {
      case .text(let text): Array(text.utf8)
      case .binary(let bytes): bytes
      case .close: throw WebSocketError.closed
      }
    do throws(JSONText.Fault) {
      try JSONText.check(bytes.span, maximumDepth: maximumDepth)
    } catch {
      throw WebSocketError.invalidJSON(error.description)
    }
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      // The description is cut, since a decoder repeats numbers and names as they came, however
      // long they are.
      throw WebSocketError.invalidJSON(
        String(describing: error).cut(to: Self.maximumReasonByteCount))
    }
  }

  /// Receives a message of any JSON, text or binary, of which nothing is decoded.
  ///
  /// - Parameter maximumDepth: how deep arrays and objects may lie in each other.
  /// - Throws: `WebSocketError.closed` if the session ends instead, `invalidJSON` for a message
  ///   that is no JSON or nested deeper, or the error of `receive`.
  public func receive(
    json type: RawJSON.Type, maximumDepth: Int = JSONText.maximumDecodedDepth
  ) async throws -> RawJSON {
    let text: String?
    switch try await receive() {
    case .text(let message): text = message
    case .binary(let bytes): text = String(validating: bytes, as: UTF8.self)
    case .close: throw WebSocketError.closed
    }
    guard let text else { throw WebSocketError.invalidJSON("the message is not UTF-8") }
    do throws(JSONText.Fault) {
      return try RawJSON(text, maximumDepth: maximumDepth)
    } catch {
      throw WebSocketError.invalidJSON(error.description)
    }
  }

  /// The longest description of a message of another shape, in bytes.
  private static let maximumReasonByteCount = 512
}
