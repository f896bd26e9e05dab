internal import ControlProtocol
internal import EventLoop
internal import Vocabulary

/// The sentences that the event log has for acts.
enum ActSentence {
  /// The result of an act on named sessions.
  static func done(_ act: RunningAct) -> EventDraft {
    let outcomes = act.outcomes
    let message =
      switch act.sessionAct {
      case .close: "closed \(count(outcomes) { $0 == .done })\(manner(act.sessionAct))"
      case .send(_, let payload):
        "sent \(what(payload)) to \(count(outcomes) { $0 == .done || $0 == .queued })"
      }
    return EventDraft(
      .act, message, actor: act.status.actor, command: act.status.command,
      subject: outcomes.count == 1 ? outcomes.first?.id : nil)
  }

  private static func what(_ payload: SendRequest.Payload) -> String {
    switch payload {
    case .text(let text): "text of \(amount(text.utf8))"
    case .binary(let bytes): "a binary message of \(amount(bytes))"
    case .ping: "a ping"
    }
  }

  private static func amount(_ payload: some Collection<UInt8>) -> String {
    "\(QuantityText.readableBytes(payload.count)) (sha256 \(SentDigest(payload).digits))"
  }

  /// The beginning of an act with a pace.
  static func begun(_ status: ActStatus, _ sessionAct: SessionAct) -> EventDraft {
    let verb = status.kind == .close ? "closing" : "sending to"
    return EventDraft(
      .act,
      "act \(status.id) begins: \(verb) \(subjects(status))\(manner(sessionAct))\(pace(status))",
      actor: status.actor, command: status.command)
  }

  /// The end of an act by filter or with a pace.
  static func ended(_ status: ActStatus, _ sessionAct: SessionAct, abortedBy: String?) -> EventDraft
  {
    var message = "act \(status.id)"
    if let abortedBy { message += " was aborted by \(abortedBy)" }
    let verb = status.kind == .close ? "closed" : "sent to"
    message += ": \(verb) \(status.hitCount) of \(subjects(status))\(manner(sessionAct))"
    if status.queued > 0 { message += ", \(status.queued) of them queued" }
    for (reason, count) in status.failed.counts.sorted(by: { $0.key < $1.key }) {
      message += ", \(count) \(reason)"
    }
    if status.leftCount > 0 { message += ", \(status.leftCount) left alone" }
    if let previewed = status.previewed, previewed != status.count {
      message += "; the dry run had counted \(previewed)"
    }
    return EventDraft(.act, message, actor: status.actor, command: status.command)
  }

  private static func subjects(_ status: ActStatus) -> String {
    "\(status.count) session\(status.count == 1 ? "" : "s")"
      + (status.filter.map { " that match \($0)" } ?? "")
  }

  private static func manner(_ sessionAct: SessionAct) -> String {
    switch sessionAct {
    case .close(let request):
      let reason = request.reason ?? ""
      return " with \((request.code ?? .normalClosure).rawValue)"
        + (reason.isEmpty ? "" : " \"\(reason)\"")
    case .send(_, let payload): return ", \(what(payload))"
    }
  }

  private static func pace(_ status: ActStatus) -> String {
    (status.rate.map { " at \(QuantityText.exactPerSecond($0))" } ?? "")
      + (status.jitter.map { " ± \(QuantityText.exactShare($0))" } ?? "")
  }

  /// The result of a reload of certificates.
  static func reload(_ count: Int) -> String {
    "reloaded \(count) certificate\(count == 1 ? "" : "s")"
  }

  /// The result of a reload of certificates and tokens for clients from elsewhere.
  static func reload(_ material: RemoteMaterial) -> String {
    reload(material.context.certificateCount, tokens: material.tokens.holders.count)
  }

  /// The result of a reload of all certificates and tokens.
  static func reload(_ certificateCount: Int, tokens count: Int) -> String {
    reload(certificateCount) + " and \(count) token\(count == 1 ? "" : "s") of the control API"
  }

  /// The failure of a reload of certificates and tokens for clients from elsewhere.
  static func tokensKept(_ reason: String) -> String {
    "certificates and tokens of the control API were not reloaded, and the old ones stay: \(reason)"
  }

  /// The failure of a reload of certificates.
  static func certificatesKept(_ reason: String) -> String {
    "the certificates were not reloaded, and the old ones stay: \(reason)"
  }

  private static func count(
    _ outcomes: [SessionOutcome], where isHit: (SessionOutcome.Outcome) -> Bool
  ) -> String {
    let hits = outcomes.count { isHit($0.outcome) }
    if outcomes.count == 1, let first = outcomes.first, hits == 1 { return first.id.description }
    return "\(hits) of \(outcomes.count) session\(outcomes.count == 1 ? "" : "s")"
  }
}
