import Vocabulary
import WebSocketEngine
import WebSocketProtocol

/// Sends as many bytes as the query asks for, in binary messages, and closes with 1000.
///
/// `?bytes=N` takes units, such as `10MiB`; the default is 1 MiB, the maximum 64 MiB. Each `send`
/// returns when the peer's pace allows it, so that a slow reader costs no memory.
enum ByteStream {
  private static let defaultByteCount = 1 << 20
  private static let maximumByteCount = 64 << 20
  private static let messageByteCount = 16 << 10

  /// Serves one session.
  static func serve(_ socket: WebSocket) async throws {
    let text = socket.request.query["bytes"]
    guard let byteCount = text.map(QuantityText.bytes) ?? defaultByteCount,
      byteCount <= maximumByteCount
    else {
      return try await socket.reject(
        .badRequest, body: "bytes: wants a size up to 64MiB, such as 65536 or 10MiB")
    }
    try await socket.accept()
    let pattern = (0..<messageByteCount).map { UInt8(truncatingIfNeeded: $0) }
    var left = byteCount
    while left > 0 {
      let count = min(left, messageByteCount)
      try await socket.send(count == messageByteCount ? pattern : Array(pattern[..<count]))
      left -= count
    }
    try await socket.close(.normalClosure, reason: "\(byteCount) bytes")
  }
}
