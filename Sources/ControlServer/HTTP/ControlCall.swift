internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

/// What a request asks for: a request of the API proper, or one of the few beside it.
enum ControlCall {
  case api(ControlRequest)
  case closed(limit: Int)
  case events(after: Int, follows: Bool)
  case watch(UpgradeRequest)
  case tap(TapRequest, UpgradeRequest)
  case health
  case readiness

  /// Reads a request, and checks all that can be checked without looking at the engine.
  init(_ request: HTTPRequest) throws(ControlRefusal) {
    let head = request.head
    guard let read = try Self.reading(of: head) else {
      self = .api(
        try ControlRequest(
          method: head.method, path: head.path, query: head.query, body: request.body))
      return
    }
    guard head.method == ControlMethod.get.rawValue else {
      throw ControlRefusal(
        status: 405, code: "method-not-allowed", "the path takes GET", allowedMethods: [.get])
    }
    self = try read(head)
  }

  private typealias Reading = @Sendable (RequestHead) throws(ControlRefusal) -> ControlCall

  /// How a request is read that is not answered with one value; nil for all others.
  private static func reading(of head: RequestHead) throws(ControlRefusal) -> Reading? {
    if let read = beside[head.path] { return read }
    let tap: TapRequest?
    do throws(ControlError) {
      tap = try TapRequest(path: head.path, query: head.query)
    } catch {
      throw ControlRefusal(status: 400, error)
    }
    guard let tap else { return nil }
    return { (head) throws(ControlRefusal) in .tap(tap, try upgrade(head)) }
  }

  private static func upgrade(_ head: RequestHead) throws(ControlRefusal) -> UpgradeRequest {
    do throws(HandshakeRefusal) {
      return try UpgradeRequest(head)
    } catch {
      throw ControlRefusal(error)
    }
  }

  /// The paths that are not answered with one value, each with how its request is read.
  private static let beside: [String: Reading] = [
    "/healthz": { _ in .health },
    "/readyz": { _ in .readiness },
    "/v1/closed": { (head) throws(ControlRefusal) in
      .closed(limit: try count("limit", in: head.query) ?? ClosedSessions.capacity)
    },
    "/v1/events": { (head) throws(ControlRefusal) in
      let query = QueryParameters(raw: head.query)
      guard ["0", "1", nil].contains(query["follow"]) else {
        throw ControlRefusal(status: 400, code: "invalid-query", "follow is 0 or 1")
      }
      return .events(
        after: try count("after", in: head.query) ?? 0, follows: query["follow"] == "1")
    },
    ControlEndpoint.watchPath: { (head) throws(ControlRefusal) in .watch(try upgrade(head)) },
  ]

  private static func count(
    _ name: String, in query: String?
  ) throws(ControlRefusal) -> Int? {
    guard let text = QueryParameters(raw: query)[name] else { return nil }
    guard let count = QuantityText.count(from: text) else {
      throw ControlRefusal(status: 400, code: "invalid-query", "\(name) is a whole number")
    }
    return count
  }
}
