import FoundationEssentials
import Vocabulary
import WebSocketEngine

/// A JSON API over messages: `{"op":"time"}`, `{"op":"echo","data":…}`, `{"op":"stats"}`.
///
/// Anything else is answered with `{"error":…}`, and the session stays open.
enum API {
  /// Serves one session.
  static func serve(_ socket: WebSocket) async throws {
    try await socket.accept(subprotocol: socket.request.subprotocols.first { $0 == "json" })
    let openedAt = Date()
    var messageCount = 0
    while true {
      do {
        let request: Request = try await socket.receive()
        messageCount += 1
        switch request.op {
        case "time":
          try await socket.send(json: Reply(op: "time", time: Date().ISO8601Format()))
        case "echo":
          try await socket.send(json: Reply(op: "echo", data: request.data ?? .null))
        case "stats":
          let session = Reply.Statistics(
            messages: messageCount, seconds: Date().timeIntervalSince(openedAt),
            id: socket.id.description)
          try await socket.send(json: Reply(op: "stats", session: session))
        default:
          try await socket.send(
            json: Failure(error: "unknown op; the ops are time, echo and stats"))
        }
      } catch WebSocketError.closed {
        return
      } catch WebSocketError.invalidJSON {
        messageCount += 1
        try await socket.send(json: Failure(error: "not JSON of the form {\"op\":\"time\"}"))
      }
    }
  }

  private struct Request: Decodable {
    var op: String
    var data: JSONValue?
  }

  private struct Reply: Encodable {
    struct Statistics: Encodable {
      var messages: Int
      var seconds: Double
      var id: String
    }

    var op: String
    var time: String?
    var data: JSONValue?
    var session: Statistics?
  }

  private struct Failure: Encodable {
    var error: String
  }
}

/// Any JSON value, to be sent back as it came.
enum JSONValue: Codable, Hashable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
