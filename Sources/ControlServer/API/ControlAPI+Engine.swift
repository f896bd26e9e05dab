internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// The requests that are about the engine as a whole: its traffic, history, files and end.
extension ControlAPI {
  /// The traffic in a span of time.
  func traffic(_ query: TrafficQuery) throws(ControlRefusal) -> TrafficReport {
    guard let report = observer.traffic(query) else { throw noRoute(query.route ?? "") }
    return report
  }

  /// A page of the history.
  func history(_ query: HistoryQuery) async throws(ControlRefusal) -> HistoryPage {
    guard let history = context.history else {
      throw ControlRefusal(status: 404, code: "no-history", "the engine keeps no history")
    }
    // Journals are read first, so that the history has all sessions closed up to now.
    observer.readJournals()
    let redaction = context.server.configuration.redaction
    let found = await withCheckedContinuation { continuation in
      // Redacted on the history's thread: a page may have thousands of entries.
      history.page(query) { found in
        continuation.resume(
          returning: found.map { page in
            var page = page
            page.entries = page.entries.map { $0.redacted(by: redaction) }
            return page
          })
      }
    }
    do throws(ControlError) {
      var page = try found.get()
      page.engine = engineRun
      return page
    } catch {
      throw ControlRefusal(status: 503, error)
    }
  }

  /// Reads files again: the ones for clients from elsewhere first, adopted only if all can be used.
  func reload(for actor: ControlActor) async throws(ControlRefusal) -> ReloadResult {
    // The log is reopened first, so that a rotated one is left even if certificates are wrong.
    let log = LogReopening(context.settings)
    record(log?.event)
    let command = context.commands.line(.reload)
    let material: RemoteMaterial?
    do throws(RemoteControlError) {
      material = try context.settings.remote.map { remote throws(RemoteControlError) in
        try RemoteMaterial(remote)
      }
    } catch {
      record(
        EventDraft(
          .problem, ActSentence.tokensKept(error.description), actor: actor.name, command: command))
      throw ControlRefusal(status: 422, code: "invalid-control-files", error.description)
    }
    let certificates: CertificateReload
    do {
      certificates = try await context.server.replaceCertificates()
    } catch {
      record(
        EventDraft(
          .problem, ActSentence.certificatesKept(error.description), actor: actor.name,
          command: command))
      throw ControlRefusal(status: 422, code: "invalid-certificate", error.description)
    }
    var result = ReloadResult(
      engine: engineRun, certificates: certificates.count, warnings: certificates.warnings)
    result.log = log?.path
    result.warnings += [log?.failure].compactMap(\.self)
    var sentence = ActSentence.reload(certificates.count)
    if let material {
      result.tokens = material.tokens.holders.count
      result.warnings += material.context.warnings.filter { !certificates.warnings.contains($0) }
      result.certificates += material.context.certificateCount
      sentence = ActSentence.reload(result.certificates, tokens: material.tokens.holders.count)
    }
    record(EventDraft(.act, sentence, actor: actor.name, command: command))
    if let material {
      // A task of its own comes behind the one that answers: it may send that client away.
      context.begin { [front] in front?.adopt(material) }
    }
    return result
  }

  /// Asks for the engine's stop; the program that runs it stops it.
  func stop(for actor: ControlActor) -> ControlReply {
    record(
      EventDraft(
        .act, "asked the engine to stop", actor: actor.name, command: context.commands.line(.stop)))
    // A task of its own comes behind the one that answers.
    context.begin { [front] in front?.stopRequested() }
    return .stopping
  }

  /// The refusal of a request for a route that the engine does not have.
  func noRoute(_ pattern: String) -> ControlRefusal {
    let routes = context.server.routePatterns.map { UntrustedText.escaped($0, limit: 64) }
    // The list is cut for a person: an engine may have hundreds.
    let list = routes.prefix(20).joined(separator: " ") + (routes.count > 20 ? " ..." : "")
    return ControlRefusal(
      status: 404, code: "no-such-route",
      "the engine has no such route as \(UntrustedText.escaped(pattern, limit: 64)); "
        + (routes.isEmpty ? "it has none" : "its routes are \(list)"))
  }
}
