extension ControlRequest {
  /// The endpoint of the request.
  public var endpoint: ControlEndpoint {
    switch self {
    case .statistics: .statistics
    case .sessions: .sessions
    case .session(let id): .session(id)
    case .sessionSecrets(let id): .sessionSecrets(id)
    case .groups(let query): query.by == nil ? .groups(query.kind) : .sessionGroups
    case .upstreams: .upstreams
    case .drainUpstream: .upstreamDrain
    case .resumeUpstream: .upstreamResume
    case .close: .close
    case .send: .send
    case .traffic: .traffic
    case .acts: .acts
    case .act(let number): .act(number)
    case .abort(let number, _): .actAbort(number)
    case .limits, .changeLimits: .limits
    case .keepLimits: .limitsKeep
    case .reload: .reload
    case .closes: .closes
    case .history: .history
    case .stop: .stop
    }
  }

  /// The method of the request.
  public var method: ControlMethod {
    switch self {
    case .statistics, .sessions, .session, .groups, .upstreams, .traffic, .acts, .act, .limits,
      .closes, .history:
      .get
    case .sessionSecrets, .drainUpstream, .resumeUpstream, .close, .send, .abort, .keepLimits,
      .reload, .stop:
      .post
    case .changeLimits: .patch
    }
  }

  /// The request in HTTP.
  public var http: ControlHTTPRequest {
    switch self {
    case .sessions(let query): http(query: query.queryString)
    case .groups(let query): http(query: query.queryString)
    case .traffic(let query): http(query: query.queryString)
    case .history(let query): http(query: query.queryString)
    case .drainUpstream(let body): http(body: body)
    case .resumeUpstream(let body): http(body: body)
    case .close(let body): http(body: body)
    case .send(let body): http(body: body)
    case .abort(_, let body): http(body: body)
    case .changeLimits(let body): http(body: body)
    case .keepLimits(let body): http(body: body)
    case .statistics, .session, .sessionSecrets, .upstreams, .acts, .act, .limits, .reload, .closes,
      .stop:
      http(query: "")
    }
  }

  private func http(query: String) -> ControlHTTPRequest {
    ControlHTTPRequest(method: method, target: endpoint.path + query)
  }

  private func http(body: some Encodable) -> ControlHTTPRequest {
    ControlHTTPRequest(
      method: method, target: endpoint.path, body: ControlJSON.encode(body))
  }

  /// Decodes a request from HTTP, with all checks that do not need the engine.
  ///
  /// - Parameters:
  ///   - method: The method, such as `GET`.
  ///   - path: The path as it is in the request target.
  ///   - query: The query behind the `?`, percent-encoded, or nil.
  ///   - body: The body; may be empty if every field is optional.
  /// - Throws: `ControlRefusal` with 404 for an unknown path, 405 for a method that the path does
  ///   not allow, and 400 for an invalid query or body.
  public init(
    method: String, path: String, query: String?, body: some Collection<UInt8>
  ) throws(ControlRefusal) {
    guard let endpoint = ControlEndpoint(path: path) else {
      throw ControlRefusal(
        status: 404, ControlError(code: "no-such-path", message: "the control API has no such path")
      )
    }
    guard let method = ControlMethod(rawValue: method), endpoint.methods.contains(method) else {
      let allowed = endpoint.methods.map(\.rawValue).joined(separator: ", ")
      throw ControlRefusal(
        status: 405,
        ControlError(code: "method-not-allowed", message: "the path takes \(allowed)"),
        allowedMethods: endpoint.methods)
    }
    do {
      try self.init(endpoint, method, query: query ?? "", body: body)
    } catch {
      throw ControlRefusal(status: 400, error)
    }
  }

  private init(
    _ endpoint: ControlEndpoint, _ method: ControlMethod, query: String,
    body: some Collection<UInt8>
  ) throws(ControlError) {
    switch endpoint {
    case .sessions, .groups, .sessionGroups, .traffic, .history: break
    default: _ = try QueryFields(query, known: [])
    }
    switch endpoint {
    case .statistics: self = .statistics
    case .sessions: self = .sessions(try SessionQuery(queryString: query))
    case .session(let id): self = .session(id)
    case .groups(let kind): self = .groups(try GroupQuery(kind, queryString: query))
    case .sessionGroups: self = .groups(try GroupQuery(ofSessions: query))
    case .upstreams: self = .upstreams
    case .upstreamDrain:
      self = .drainUpstream(
        try ControlJSON.decodeRequest(UpstreamSelection.self, from: body).checked())
    case .upstreamResume:
      self = .resumeUpstream(
        try ControlJSON.decodeRequest(UpstreamSelection.self, from: body).checked())
    case .close:
      self = .close(try ControlJSON.decodeRequest(CloseRequest.self, from: body).checked())
    case .sessionClose(let id):
      var request = try Self.decode(CloseRequest(), from: body)
      request.selection = try id.alone(in: request.selection)
      self = .close(try request.checked())
    case .send:
      self = .send(try ControlJSON.decodeRequest(SendRequest.self, from: body).checked())
    case .sessionSend(let id):
      var request = try Self.decode(SendRequest(), from: body)
      request.selection = try id.alone(in: request.selection)
      self = .send(try request.checked())
    case .limits where method == .get: self = .limits
    case .limits:
      self = .changeLimits(try ControlJSON.decodeRequest(LimitChange.self, from: body).checked())
    case .traffic: self = .traffic(try TrafficQuery(queryString: query))
    case .limitsKeep:
      self = .keepLimits(try Self.decode(LimitKeep(), from: body).checked())
    case .sessionLimits(let id):
      var change = try Self.decode(LimitChange(), from: body)
      guard change.scope == nil || change.scope == .session(id) else {
        throw ControlError(
          code: "invalid-scope", message: "the path names session \(id), the body another scope")
      }
      change.scope = .session(id)
      self = .changeLimits(try change.checked())
    case .sessionSecrets(let id):
      _ = try Self.decode(NoFields(), from: body)
      self = .sessionSecrets(id)
    case .acts: self = .acts
    case .act(let number) where method == .get: self = .act(number)
    case .act(let number), .actAbort(let number):
      self = .abort(number, try Self.decode(AbortRequest(), from: body))
    case .reload:
      _ = try Self.decode(NoFields(), from: body)
      self = .reload
    case .closes: self = .closes
    case .history: self = .history(try HistoryQuery(queryString: query))
    case .stop:
      _ = try Self.decode(NoFields(), from: body)
      self = .stop
    }
  }

  /// The body of a request without fields, which may be empty.
  private struct NoFields: Decodable {
    private enum CodingKeys: CodingKey {}

    init() {}

    init(from decoder: any Decoder) throws {
      _ = try decoder.container(keyedBy: CodingKeys.self)
    }
  }

  private static func decode<Value: Decodable>(
    _ empty: Value, from body: some Collection<UInt8>
  ) throws(ControlError) -> Value {
    body.isEmpty ? empty : try ControlJSON.decodeRequest(Value.self, from: body)
  }
}
