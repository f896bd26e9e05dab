internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

/// The call that a request makes: a request of the API proper, or one of the few beside it.
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

  /// The reading of a request that is not answered with one value; nil for all others.
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
    "/healthz": { (head) throws(ControlRefusal) in
      _ = try query(of: head)
      return .health
    },
    "/readyz": { (head) throws(ControlRefusal) in
      _ = try query(of: head)
      return .readiness
    },
    "/v1/closed": { (head) throws(ControlRefusal) in
      let limit = try query(of: head, "limit") { (fields) throws(ControlError) in
        try fields.count("limit")
      }
      return .closed(limit: limit ?? ClosedSessions.capacity)
    },
    "/v1/events": { (head) throws(ControlRefusal) in
      try query(of: head, "after", "follow") { (fields) throws(ControlError) in
        guard ["0", "1", nil].contains(fields["follow"]) else {
          throw ControlError(code: "invalid-query", message: "follow is 0 or 1")
        }
        return .events(after: try fields.count("after") ?? 0, follows: fields["follow"] == "1")
      }
    },
    ControlEndpoint.watchPath: { (head) throws(ControlRefusal) in
      _ = try query(of: head)
      return .watch(try upgrade(head))
    },
  ]

  /// Reads a query, given the names that the path takes.
  private static func query<Value>(
    of head: RequestHead, _ known: String...,
    read: (QueryFields) throws(ControlError) -> Value = { $0 }
  ) throws(ControlRefusal) -> Value {
    do throws(ControlError) {
      return try read(try QueryFields(head.query, known: known))
    } catch {
      throw ControlRefusal(status: 400, error)
    }
  }
}
