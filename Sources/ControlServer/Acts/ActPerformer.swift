internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

/// The asynchronous part of the API, which awaits reactors and does what clients ask for.
struct ActPerformer: Sendable {
  /// The answer to a request, and its event for the log.
  struct Outcome: Sendable {
    var reply: ControlReply
    var event: EventDraft?
  }

  let server: Server
  let commands: EventCommands
  /// The client, such as `uid 1000 pid 4242`.
  let actor: String

  /// Closes sessions.
  func close(_ request: CloseRequest) async -> Outcome {
    if let refusal = otherRun(request.selection.engine) { return refusal }
    let ids = request.selection.sessions ?? []
    do {
      let outcomes = try await server.close(
        ids, code: request.code ?? .normalClosure, reason: request.reason ?? "")
      let result = result(ids, outcomes)
      return Outcome(
        reply: .act(result),
        event: EventDraft(
          .act, ActSentence.close(request, result.outcomes), actor: actor,
          command: commands.line(.close(request)), subject: Self.subject(ids)))
    } catch {
      return refused(400, "invalid-close", error.description)
    }
  }

  /// Sends to sessions.
  func send(_ request: SendRequest) async -> Outcome {
    if let refusal = otherRun(request.selection.engine) { return refusal }
    let ids = request.selection.sessions ?? []
    let payload: SendRequest.Payload
    do { payload = try request.payload() } catch {
      return Outcome(reply: .refused(status: 400, error.error))
    }
    let result = result(ids, await server.send(OperatorMessage(payload), to: ids))
    var event = EventDraft(
      .act, ActSentence.send(payload, result.outcomes), actor: actor,
      command: commands.lineForAll(request), subject: Self.subject(ids))
    event.fullCommand = commands.line(.send(request))
    return Outcome(reply: .act(result), event: event)
  }

  /// Reads the certificates again; the files for clients from elsewhere were read before.
  ///
  /// - Parameter log: the outcome of reopening the log's file; nil if there is none.
  func reload(with material: RemoteMaterial?, log: LogReopening?) async -> Outcome {
    do {
      let reload = try await server.replaceCertificates()
      var result = ReloadResult(
        engine: server.run, certificates: reload.count, warnings: reload.warnings)
      result.log = log?.path
      result.warnings += [log?.failure].compactMap(\.self)
      var message = ActSentence.reload(reload.count)
      if let material {
        result.tokens = material.tokens.holders.count
        result.warnings += material.context.warnings.filter { !reload.warnings.contains($0) }
        result.certificates += material.context.certificateCount
        message = ActSentence.reload(result.certificates, tokens: material.tokens.holders.count)
      }
      return Outcome(
        reply: .reloaded(result),
        event: EventDraft(.act, message, actor: actor, command: commands.line(.reload)))
    } catch {
      var outcome = refused(422, "invalid-certificate", error.description)
      outcome.event = EventDraft(
        .problem, ActSentence.certificatesKept(error.description), actor: actor,
        command: commands.line(.reload))
      return outcome
    }
  }

  /// The outcome of a reload that failed before any certificate was read.
  func notReloaded(_ error: RemoteControlError) -> Outcome {
    var outcome = refused(422, "invalid-control-files", error.description)
    outcome.event = EventDraft(
      .problem, ActSentence.tokensKept(error.description), actor: actor,
      command: commands.line(.reload))
    return outcome
  }

  /// Asks the engine to stop; the program that runs it does.
  func stop() -> Outcome {
    Outcome(
      reply: .stopping,
      event: EventDraft(
        .act, "asked the engine to stop", actor: actor, command: commands.line(.stop)))
  }

  // MARK: Parts

  /// The one session that an act is about; nil if there are several.
  private static func subject(_ ids: [SessionID]) -> SessionID? { ids.count == 1 ? ids[0] : nil }

  func noRoute(_ pattern: String) -> Outcome {
    let routes = server.routePatterns.map { UntrustedText.escaped($0, limit: 64) }
    // The list is cut for a person: an engine may have hundreds.
    let list = routes.prefix(20).joined(separator: " ") + (routes.count > 20 ? " ..." : "")
    return refused(
      404, "no-such-route",
      "the engine has no such route as \(UntrustedText.escaped(pattern, limit: 64)); "
        + (routes.isEmpty ? "it has none" : "its routes are \(list)"))
  }

  /// The refusal of a request that was meant for another run of the engine.
  func otherRun(_ run: String?) -> Outcome? {
    guard let run, run != server.run else { return nil }
    return refused(
      409, "other-engine",
      "the request names run \(UntrustedText.escaped(run, limit: 64)) of the engine; "
        + "this is run \(server.run)")
  }

  func refused(_ status: Int, _ code: String, _ message: String) -> Outcome {
    Outcome(reply: ControlRefusal(status: status, code: code, message).reply)
  }

  private func result(_ ids: [SessionID], _ outcomes: [SessionActOutcome]) -> ActResult {
    ActResult(
      engine: server.run,
      outcomes: zip(ids, outcomes).map { SessionOutcome(id: $0, outcome: .init($1)) })
  }
}

extension SessionOutcome.Outcome {
  /// The outcome as the API tells it.
  init(_ outcome: SessionActOutcome) {
    self =
      switch outcome {
      case .done: .done
      case .queued: .queued
      case .noSuchSession: .noSuchSession
      case .notOpen: .notOpen
      case .tooBig: .tooBig
      case .backlogFull: .backlogFull
      case .notMeant: .noLongerMatches
      }
  }
}
