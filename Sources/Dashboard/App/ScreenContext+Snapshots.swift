import ControlProtocol
import Vocabulary

extension ScreenContext {
  /// Notes that the connection stands.
  mutating func connect() {
    if case .lost = connection { note("connected again", .done) }
    connection = .connected
    pacing.sentWatch = nil
    pacing.sentTap = nil
    for index in pages.indices {
      guard case .details(var page) = pages[index] else { continue }
      page.presence = .awaited(missing: 0)
      pages[index] = .details(page)
    }
  }

  /// Notes that there is no connection; the last snapshot stays.
  mutating func disconnect(reason: String) {
    if case .lost(let since, _) = connection {
      connection = .lost(since: since, reason: reason)
    } else {
      connection = .lost(since: now, reason: reason)
    }
    pacing.sentWatch = nil
    changeTap { if case .running = $0.state { $0.state = .connecting } }
    if case .limit(var form)? = dialog {
      form.preview.asked = nil
      dialog = .limit(form)
    }
    if case .awaited? = dialog?.plan?.preview { dialog?.plan?.preview = .failed("not connected") }
    let act = pending.acts.values.first { $0.kind != .preview && !$0.kind.isLimitPreview }
    defer { pending.acts = [:] }
    guard let act else { return }
    note(
      "the connection broke before the answer: whether it was done is not known", .failed,
      command: act.command)
  }

  /// Takes the parts of a snapshot that also count while the display is paused.
  mutating func takeNews(of snapshot: Snapshot) {
    latest.role = snapshot.role
    latest.holder = snapshot.holder
    latest.closeRates.add(snapshot.statistics.closes, at: snapshot.statistics.uptimeSeconds)
    if let acts = snapshot.acts { take(acts) }
  }

  /// Takes a snapshot.
  mutating func take(_ snapshot: Snapshot) {
    latest.statistics = snapshot.statistics
    if let limits = snapshot.limits { latest.limits = limits }
    if let history = snapshot.history { latest.history = history }
    takeDetails(snapshot.details)
  }

  /// Notices an engine of another run or version; true if there was a run before.
  mutating func greet(_ engine: EngineIdentity) -> Bool {
    guard run != engine.run else { return false }
    let isAnother = run != nil
    if isAnother {
      acts = ShownActs()
      pages.removeAll { if case .details = $0 { true } else { false } }
      // `sentTap` stays, so that the engine is told to end the tap: an ID of the old run may be
      // another session's now.
      if case .session? = tapPage?.subject {
        changeTap { $0.state = .ended("the engine was started anew") }
      }
      switch dialog {
      case .close, .send, .limit, .confirm, .tapAll: dialog = nil
      default: break
      }
      latest = LatestSnapshot()
      pacing.isPaused = false
      // `sentWatch` is nil, so that events are asked for from the first on.
      pacing.sentWatch = nil
      note("the engine was started anew: marks and sessions of the old run are gone", .warning)
    }
    if engine.version != setup.version {
      note(
        "engine \(shown(engine.version)), console \(setup.version): what one of them lacks is"
          + " shown as –", .warning)
    }
    return isAnother
  }

  private mutating func takeDetails(_ details: SessionDetails?) {
    guard
      let index = pages.lastIndex(where: { if case .details = $0 { true } else { false } }),
      case .details(var page) = pages[index]
    else { return }
    if let details, details.row.id == page.id {
      latest.details = details
      page.presence = details.row.state == .closed ? .closed : .present
    } else {
      switch page.presence {
      case .present: page.presence = .closed
      case .awaited(let missing) where missing >= 2:
        page.presence = latest.details?.row.id == page.id ? .closed : .unknown
      case .awaited(let missing): page.presence = .awaited(missing: missing + 1)
      case .closed, .unknown: break
      }
    }
    pages[index] = .details(page)
  }
}
