extension ControlReply {
  /// The HTTP status of the reply.
  public var status: Int {
    if case .refused(let status, _) = self { status } else { 200 }
  }

  /// The JSON body of the reply.
  public var body: [UInt8] {
    switch self {
    case .statistics(let value): ControlJSON.encode(value)
    case .sessions(let value): ControlJSON.encode(value)
    case .session(let value): ControlJSON.encode(value)
    case .groups(let value): ControlJSON.encode(value)
    case .upstreams(let value): ControlJSON.encode(value)
    case .act(let value): ControlJSON.encode(value)
    case .preview(let value): ControlJSON.encode(value)
    case .progress(let value): ControlJSON.encode(value)
    case .acts(let value): ControlJSON.encode(value)
    case .limits(let value): ControlJSON.encode(value)
    case .limitPreview(let value): ControlJSON.encode(value)
    case .traffic(let value): ControlJSON.encode(value)
    case .reloaded(let value): ControlJSON.encode(value)
    case .closes(let value): ControlJSON.encode(value)
    case .history(let value): ControlJSON.encode(value)
    case .stopping: Array("{}".utf8)
    case .refused(_, let error):
      ControlJSON.encode(
        ControlError(code: error.code, message: error.message, column: error.column))
    }
  }

  /// Decodes the reply to a request from HTTP.
  ///
  /// - Throws: `ControlError` if the reply does not fit the request; a refusal is a reply.
  public init(
    to request: ControlRequest, status: Int, body: some Collection<UInt8>
  ) throws(ControlError) {
    guard status < 400 else {
      // A refusal may come from a proxy before the engine, or from another version of it.
      let error =
        (try? ControlJSON.decode(ControlError.self, from: body))
        ?? ControlError(code: "http-\(status)", message: "HTTP status \(status)")
      self = .refused(status: status, error.error)
      return
    }
    guard (200..<300).contains(status) else {
      throw ControlError(code: "http-\(status)", message: "unexpected HTTP status \(status)")
    }
    self =
      switch request {
      case .statistics: .statistics(try ControlJSON.decode(from: body))
      case .sessions: .sessions(try ControlJSON.decode(from: body))
      case .session, .sessionSecrets: .session(try ControlJSON.decode(from: body))
      case .close(let request): try Self.act(request.selection, body)
      case .send(let request): try Self.act(request.selection, body)
      case .acts: .acts(try ControlJSON.decode(from: body))
      case .act, .abort: .progress(try ControlJSON.decode(from: body))
      case .groups: .groups(try ControlJSON.decode(from: body))
      case .upstreams, .drainUpstream, .resumeUpstream:
        .upstreams(try ControlJSON.decode(from: body))
      case .traffic: .traffic(try ControlJSON.decode(from: body))
      case .changeLimits(let change) where change.dryRun ?? false:
        .limitPreview(try ControlJSON.decode(from: body))
      case .limits, .changeLimits, .keepLimits: .limits(try ControlJSON.decode(from: body))
      case .reload: .reloaded(try ControlJSON.decode(from: body))
      case .closes: .closes(try ControlJSON.decode(from: body))
      case .history: .history(try ControlJSON.decode(from: body))
      case .stop: .stopping
      }
  }

  private static func act(
    _ selection: ActSelection, _ body: some Collection<UInt8>
  ) throws(ControlError) -> ControlReply {
    if selection.isDryRun { return .preview(try ControlJSON.decode(from: body)) }
    return selection.isFollowed
      ? .progress(try ControlJSON.decode(from: body)) : .act(try ControlJSON.decode(from: body))
  }
}
