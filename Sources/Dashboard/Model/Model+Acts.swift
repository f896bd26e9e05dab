import ControlProtocol
import Vocabulary

extension Model {
  /// Closes the sessions of a confirmed form.
  mutating func close(_ form: CloseForm) -> [Effect] {
    guard let code = form.validCode else { return [] }
    let reason = form.reason.text
    return request(
      .close(
        CloseRequest(
          engine: run, sessions: form.sessions, code: code, reason: reason.isEmpty ? nil : reason)),
      .close, command: EquivalentCommand.close(form, setup),
      saying: "closing " + Self.count(form.sessions.count, "session"))
  }

  /// Sends the message of a confirmed form.
  mutating func send(_ form: SendForm) -> [Effect] {
    guard case .success(let bytes) = form.bytes else { return [] }
    var body = SendRequest(engine: run, sessions: form.sessions)
    switch form.mode {
    case .text: body.text = form.payload.text
    case .binary: body.binary = HexBytes.base64(bytes)
    case .ping: body.ping = true
    }
    return request(
      .send(body), .send, command: EquivalentCommand.send(form, setup),
      saying: "sending to " + Self.count(form.sessions.count, "session"))
  }

  /// Changes the limit of a confirmed form.
  mutating func changeLimit(_ form: LimitForm) -> [Effect] {
    let key = form.row.key
    var change = LimitChange(engine: run, scope: form.scope)
    let kind: PendingAct.Kind
    if form.isUnset {
      change.unset = [key.rawValue]
      kind = .unsetLimit(key, scope: form.scope.text)
    } else {
      change.set = [key.rawValue: form.value.text]
      kind = .setLimit(key, old: form.row.value, new: form.value.text)
    }
    return request(
      .changeLimits(change), kind,
      command: EquivalentCommand.limit(form, setup),
      saying: "changing \(key.rawValue)")
  }

  private mutating func request(
    _ request: ControlRequest, _ kind: PendingAct.Kind, command: String, saying text: String
  ) -> [Effect] {
    guard connection.isConnected else {
      note("not connected: nothing was done", .failed)
      return []
    }
    let tag = pending.add(PendingAct(kind: kind, command: command))
    note(text + "…", .done, command: command)
    return [.request(tag: tag, request)]
  }

  /// Takes the reply to a request.
  mutating func take(_ reply: ControlReply, tag: Int) {
    guard let act = pending.acts.removeValue(forKey: tag) else { return }
    let command = act.command
    switch reply {
    case .act(let result):
      let summary = ActSummary(result, of: act.kind)
      note(summary.text, summary.isComplete ? .done : .warning, command: command)
      if act.kind == .close {
        for outcome in result.outcomes
        where outcome.outcome == .done || outcome.outcome == .noSuchSession {
          table.marks.remove(outcome.id)
        }
      }
    case .limits(let list):
      picture.limits = list.limits
      switch act.kind {
      case .setLimit(let key, let old, let new):
        note("\(key.rawValue): \(shown(old)) → \(shown(new))", .done, command: command)
      case .unsetLimit(let key, let scope):
        note("\(key.rawValue) is no longer set for \(shown(scope))", .done, command: command)
      case .close, .send: note("done", .done, command: command)
      }
    case .refused(let status, let error):
      note("refused (\(status)): \(shown(error.message))", .failed, command: command)
    case .stopping: note("the engine stops", .warning, command: command)
    case .statistics, .sessions, .session, .groups, .reloaded: note("done", .done, command: command)
    }
  }

  /// A number of things in words: `1 session`, `3 sessions`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(QuantityText.readableCount(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}
