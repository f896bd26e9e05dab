import ControlProtocol

/// Changes the model by an event; pure: work for the caller is returned as effects.
package func update(_ model: inout Model, _ event: ConsoleEvent) -> [Effect] {
  var effects: [Effect] = []
  model.screens.forEach(in: &model.context) { $0.prepare(in: $1) }
  switch event {
  case .key(let key):
    effects = model.press(key)
  case .paste(let text):
    _ = model.insert(text)
  case .resize(let columns, let rows):
    model.context.columns = min(max(columns, 0), Canvas.maximumSide)
    model.context.rows = min(max(rows, 0), Canvas.maximumSide)
  case .tick(let now):
    model.context.take(now)
    model.screens.forEach(in: &model.context) { screen, _ in screen.tick() }
  case .connected:
    model.context.connect()
    model.screens.forEach(in: &model.context) { screen, _ in screen.connect() }
  case .connectionLost(let reason):
    model.context.disconnect(reason: reason)
    model.screens.forEach(in: &model.context) { screen, _ in screen.disconnect() }
  case .snapshot(let snapshot):
    model.take(snapshot)
  case .tapBatch(let batch):
    model.context.take(batch)
  case .tapEnded(let reason):
    model.context.endTap(reason: reason)
  case .reply(let tag, let reply):
    if !model.screens.take(reply, tag: tag) { effects = model.context.take(reply, tag: tag) }
  case .command(let line, let result):
    effects = model.take(result, of: line)
  case .mouse(let event):
    effects = model.take(event)
  case .saved(let path, let failure):
    model.context.saved(path, failure: failure)
  }
  model.runErrands()
  model.settle()
  return effects + model.watchIfChanged() + model.context.tapIfChanged()
    + model.screens[model.context.screen].ask(in: &model.context)
    + model.context.limitPreviewIfChanged()
}

extension Model {
  /// Clamps every position to the content.
  fileprivate mutating func settle() {
    // What the screen shares changes its layout.
    screens[context.screen].share(with: &context)
    for screen in Screen.allCases {
      if screen == context.screen {
        screens[screen].settle(in: context)
      } else {
        screens[screen].settleHidden(in: context)
      }
      screens[screen].share(with: &context)
    }
    context.settlePage()
  }

  /// The watch to send, if it has changed.
  fileprivate mutating func watchIfChanged() -> [Effect] {
    guard context.connection.isConnected else { return [] }
    let wanted = watch
    if var sent = context.pacing.sentWatch {
      // `eventsAfter` is compared by presence alone: the engine advances it by itself.
      if sent.eventsAfter != nil, wanted.eventsAfter != nil {
        sent.eventsAfter = wanted.eventsAfter
      }
      guard sent != wanted else { return [] }
    }
    context.pacing.sentWatch = wanted
    context.pacing.awaitsSnapshot = context.pacing.isPaused
    return [.watch(wanted)]
  }

  /// Takes a snapshot; while the display is paused, only the parts that count all the same.
  fileprivate mutating func take(_ snapshot: Snapshot) {
    // News of another run are not taken: their events were asked for behind the old run's last
    // number.
    let isAnother = context.greet(snapshot.statistics.engine)
    if isAnother { screens.forEach(in: &context) { screen, _ in screen.forgetRun() } }
    if !isAnother { screens.forEach(in: &context) { $0.takeNews(of: snapshot, in: $1) } }
    context.takeNews(of: snapshot)
    if context.pacing.isPaused {
      guard context.pacing.awaitsSnapshot, isWanted(snapshot) else { return }
      context.pacing.awaitsSnapshot = false
    }
    // Screens come first: they can still see the snapshot before.
    screens.forEach(in: &context) { $0.take(snapshot, in: &$1) }
    context.take(snapshot)
  }

  /// Whether a snapshot answers the last watch, and not the one before.
  private func isWanted(_ snapshot: Snapshot) -> Bool {
    guard let wish = context.pacing.sentWatch else { return false }
    if let id = wish.details, let details = snapshot.details, details.row.id != id { return false }
    return screens[context.screen].isAnswered(by: snapshot, to: wish)
  }
}
