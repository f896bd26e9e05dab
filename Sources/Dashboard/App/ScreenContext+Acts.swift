import ControlProtocol
import Vocabulary

extension ScreenContext {
  /// Closes the sessions of a confirmed form.
  mutating func close(_ form: CloseForm) -> [Effect] {
    guard let code = form.validCode else { return [] }
    let reason = form.reason.text
    let selection = form.plan.selection(run: run)
    return request(
      .close(CloseRequest(selection, code: code, reason: reason.isEmpty ? nil : reason)),
      selection.isFollowed ? .follow : .close,
      command: EquivalentCommand.close(form, setup),
      saying: "closing " + Self.count(form.plan.count ?? 0, "session"))
  }

  /// Sends the message of a confirmed form.
  mutating func send(_ form: SendForm) -> [Effect] {
    guard case .success(let bytes) = form.bytes else { return [] }
    let selection = form.plan.selection(run: run)
    var body = SendRequest(selection)
    switch form.mode {
    case .text, .json: body.text = form.payload.text
    case .binary: body.binary = ControlJSON.base64(bytes)
    case .ping: body.ping = true
    }
    return request(
      .send(body), selection.isFollowed ? .follow : .send,
      command: EquivalentCommand.send(form, setup),
      saying: "sending to " + Self.count(form.plan.count ?? 0, "session"))
  }

  /// Asks for the preview of the open dialog's act, if that is not known.
  mutating func askForPreview() -> [Effect] {
    guard var plan = dialog?.plan, plan.wantsPreview else { return [] }
    guard connection.isConnected else {
      plan.preview = .failed("not connected")
      dialog?.plan = plan
      return []
    }
    var selection = plan.selection(run: run)
    selection.dryRun = true
    selection.wait = nil
    (selection.rate, selection.jitter) = (nil, nil)
    let tag = pending.add(PendingAct(kind: .preview, command: ""))
    plan.preview = .awaited(tag: tag)
    let isClose = if case .close? = dialog { true } else { false }
    dialog?.plan = plan
    return [
      .request(
        tag: tag, isClose ? .close(CloseRequest(selection)) : .send(SendRequest(selection)))
    ]
  }

  private mutating func takePreview(_ reply: ControlReply, tag: Int) {
    guard var plan = dialog?.plan, plan.preview == .awaited(tag: tag) else { return }
    switch reply {
    case .preview(let preview): plan.preview = .known(preview)
    case .refused(_, let error): plan.preview = .failed(shown(error.message))
    default: plan.preview = .failed("the engine cannot tell how many it would be")
    }
    dialog?.plan = plan
  }

  /// Shows the preview of an act.
  private mutating func show(_ preview: ActPreview, of act: PendingAct) {
    var lines = [
      "\(QuantityText.readableCount(preview.count)) of "
        + Self.count(preview.total, "open session") + (preview.sample.isEmpty ? "" : ":")
    ]
    lines += preview.sample.prefix(ActPreview.maximumSampleCount).map { row in
      "  \(row.id)  \(shown(SessionColumn.address(of: row)))  \(shown(row.decodedPath))"
    }
    let restCount = preview.count &- min(preview.sample.count, ActPreview.maximumSampleCount)
    if restCount > 0, !preview.sample.isEmpty {
      lines.append("  … and \(QuantityText.readableCount(restCount)) more")
    }
    lines += ["", "nothing was done"]
    notice = nil
    let verb = act.kind == .close ? "close" : "send to"
    pages.append(.text("What it would \(verb)", lines, ListPosition()))
  }

  /// Aborts the running act; of several, the newest.
  mutating func abortAct() -> [Effect] {
    guard let act = acts.running.last else {
      note("no act goes on", .warning)
      return []
    }
    return request(
      .abort(act.id, AbortRequest(engine: run)), .abort,
      command: EquivalentCommand.abort(act.id, setup), saying: "ending act \(act.id)")
  }

  /// Takes the engine's list of acts.
  mutating func take(_ statuses: [ActStatus]) {
    for end in acts.take(statuses) { tell(end) }
  }

  private mutating func tell(_ end: ShownActs.End) {
    let summary = ActSummary(end.status)
    let isOwn = end.command != nil
    if end.status.kind == .close, end.status.state == .finished {
      errands.append(.unmark(end.sessions))
    }
    note(
      (isOwn ? "" : "act \(end.status.id), by \(shown(end.status.actor ?? "another")): ")
        + summary.text,
      summary.isComplete ? .done : .warning,
      command: end.command ?? end.status.command.map(shown))
  }

  /// Changes the limit of a confirmed form.
  mutating func changeLimit(_ form: LimitForm) -> [Effect] {
    let key = form.row.key
    var change = form.change
    change.engine = run
    let kind: PendingAct.Kind =
      form.isUnset
      ? .unsetLimit(key, scope: form.scope.text)
      : .setLimit(
        key, scope: form.scope, old: form.forecast?.old ?? form.row.value, new: form.value.text,
        revertAfter: change.revertAfter)
    return request(
      .changeLimits(change), kind,
      command: EquivalentCommand.limit(form, setup),
      saying: "changing \(key.rawValue)")
  }

  /// Makes a request, and shows that it was made.
  mutating func request(
    _ request: ControlRequest, _ kind: PendingAct.Kind, command: String, saying text: String
  ) -> [Effect] {
    guard !refuseReadOnly() else { return [] }
    guard connection.isConnected else {
      note("not connected: nothing was done", .failed)
      return []
    }
    var act = PendingAct(kind: kind, command: command)
    switch request {
    case .close(let close): act.sessions = close.selection.sessions ?? []
    case .send(let send): act.sessions = send.selection.sessions ?? []
    default: break
    }
    let tag = pending.add(act)
    note(text + "…", .done, command: command)
    return [.request(tag: tag, request)]
  }

  /// Takes the reply to a request.
  mutating func take(_ reply: ControlReply, tag: Int) -> [Effect] {
    guard let act = pending.acts.removeValue(forKey: tag) else { return [] }
    if act.kind == .preview {
      takePreview(reply, tag: tag)
      return actIfConfirmed()
    }
    let command = act.command
    switch reply {
    case .act(let result):
      let summary = ActSummary(result, of: act.kind)
      note(summary.text, summary.isComplete ? .done : .warning, command: command)
      if act.kind == .close {
        let gone = result.outcomes.filter {
          $0.outcome == .done || $0.outcome == .noSuchSession
        }
        errands.append(.unmark(gone.map(\.id)))
      }
    case .limits(let list):
      latest.limits = list.limits
      if case .setLimit(let key, let scope, _, _, _) = act.kind {
        errands.append(.limit(key, scope))
      }
      note(sentence(on: list, for: act.kind), .done, command: command)
    case .limitPreview(let preview): takeLimitPreview(preview, for: act.kind)
    case .refused(_, let error) where act.kind.isLimitPreview:
      refuseLimitPreview(shown(error.message), for: act.kind)
    case .refused(let status, let error):
      note("refused (\(status)): \(shown(error.message))", .failed, command: command)
    case .stopping: note("the engine stops", .warning, command: command)
    case .progress(let status):
      let end = act.kind == .abort ? acts.take(status) : acts.begin(status, act)
      if let end { tell(end) }
    case .preview(let preview): show(preview, of: act)
    case .acts: break
    case .reloaded(let result):
      note(
        "\(Self.count(result.certificates, "certificate")) read again", .done, command: command)
    case .upstreams(let list):
      let states = list.upstreams.map { row in
        "\(shown(row.name)) of \(shown(row.route)) is \(shown(row.state.rawValue))"
      }
      note(states.joined(separator: ", "), .done, command: command)
    case .statistics, .sessions, .session, .closes, .history, .traffic, .groups:
      note("done", .done, command: command)
    }
    return []
  }

  /// A count with its noun: `1 session`, `3 sessions`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(QuantityText.readableCount(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}
