import FoundationEssentials
import Vocabulary
import WebSocketEngine

/// A JSON API over messages: `{"op":"time"}`, `{"op":"echo","data":…}`, `{"op":"stats"}`.
///
/// Any other message is answered with `{"error":…}`, and the session stays open.
enum API {
  /// Serves one session.
  static func serve(_ socket: WebSocket) async throws {
    let request = socket.request
    try await socket.accept(
      subprotocol: request.subprotocol ?? request.subprotocols.first { $0 == "json" })
    let openedAt = ContinuousClock.now
    var messageCount = 0
    while true {
      do {
        let request = try await socket.receive(json: RawJSON.self)
        messageCount += 1
        switch request["op"]?.string {
        case "time":
          try await socket.send(json: Reply(op: "time", time: Date().ISO8601Format()))
        case "echo":
          // `data` is not decoded: it goes back as it came, whatever it contains.
          try await socket.send(#"{"data":\#(request["data"]?.text ?? "null"),"op":"echo"}"#)
        case "stats":
          let session = Reply.Statistics(
            messages: messageCount, seconds: (ContinuousClock.now - openedAt).inSeconds,
            id: socket.id.description)
          try await socket.send(json: Reply(op: "stats", session: session))
        case nil:
          try await socket.send(json: Failure(error: #"wants an object such as {"op":"time"}"#))
        case .some:
          try await socket.send(
            json: Failure(error: "unknown op; the ops are time, echo and stats"))
        }
      } catch WebSocketError.closed {
        return
      } catch WebSocketError.invalidJSON(let reason) {
        messageCount += 1
        try await socket.send(json: Failure(error: reason))
      }
    }
  }

  private struct Reply: Encodable {
    struct Statistics: Encodable {
      var messages: Int
      var seconds: Double
      var id: String
    }

    var op: String
    var time: String?
    var session: Statistics?
  }

  private struct Failure: Encodable {
    var error: String
  }
}
