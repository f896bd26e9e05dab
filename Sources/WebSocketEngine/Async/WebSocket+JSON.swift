import FoundationEssentials

extension WebSocket {
  /// Sends a value as a text message of JSON.
  ///
  /// - Throws: `EncodingError`, or what `send` throws.
  public func send(json value: some Encodable) async throws {
    try await send(String(decoding: try JSONEncoder().encode(value), as: UTF8.self))
  }

  /// Receives a message of JSON, text or binary.
  ///
  /// - Throws: `WebSocketError.closed` if the session ends instead, `invalidJSON` for a message
  ///   of another shape, or what `receive` throws.
  public func receive<Value: Decodable>(json type: Value.Type = Value.self) async throws -> Value {
    let data: Data
    switch try await receive() {
    case .text(let text): data = Data(text.utf8)
    case .binary(let bytes): data = Data(bytes)
    case .close: throw WebSocketError.closed
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw WebSocketError.invalidJSON(String(describing: error))
    }
  }
}
