internal import Vocabulary

extension ControlRequest {
  /// The commands of `wstop` that do the same: the only place that knows their words.
  ///
  /// There is one command; two for a change that both sets and unsets limits; none for a request
  /// that no command makes, such as the second page of a list. The run of the engine and the token
  /// of a preview are left out: the line is for the engine at the time, and asks.
  package var shellCommands: [ShellCommand] {
    switch self {
    case .statistics: [ShellCommand("stats")]
    case .sessions(let query): query.shellCommand.map { [$0] } ?? []
    case .session(let id): [ShellCommand("show", arguments: [id.description])]
    case .sessionSecrets(let id):
      [ShellCommand("show", arguments: [id.description, "--show-secrets"])]
    case .groups(let query): query.shellCommand.map { [$0] } ?? []
    case .upstreams: [ShellCommand("upstreams", "show")]
    case .drainUpstream(let selection): [selection.shellCommand("drain")]
    case .resumeUpstream(let selection): [selection.shellCommand("resume")]
    case .close(let request): [request.shellCommand]
    case .send(let request): request.shellCommand.map { [$0] } ?? []
    case .traffic(let query): [query.shellCommand]
    case .acts: [ShellCommand("acts")]
    case .act: []
    case .abort(let number, _): [ShellCommand("abort", arguments: [String(number)])]
    case .limits: [ShellCommand("limits", "show")]
    case .changeLimits(let change): change.shellCommands
    case .keepLimits(let keep): keep.shellCommand.map { [$0] } ?? []
    case .reload: [ShellCommand("reload")]
    case .closes: [ShellCommand("closes")]
    case .history(let query): query.shellCommand.map { [$0] } ?? []
    case .stop: [ShellCommand("stop")]
    }
  }
}

// MARK: Acts

extension ActSelection {
  /// Adds the target and the pace.
  fileprivate func add(to command: inout ShellCommand) {
    for id in sessions ?? [] { command.add(id.description) }
    if let filter { command.add("--filter", filter) }
    if let rate { command.add("--rate", QuantityText.exactPerSecond(rate)) }
    if let jitter { command.add("--jitter", QuantityText.exactShare(jitter)) }
    if isDryRun { command.add("--dry-run") }
  }
}

extension CloseRequest {
  fileprivate var shellCommand: ShellCommand {
    var command = ShellCommand("close")
    selection.add(to: &command)
    if let code { command.add("--code", String(code.rawValue)) }
    if let reason, !reason.isEmpty { command.add("--reason", reason) }
    return command
  }
}

extension SendRequest {
  /// Nil for a dry run without a message, which only the API has, and for a binary message that is
  /// not base 64.
  fileprivate var shellCommand: ShellCommand? {
    switch try? payload() {
    case .text(let text): shellCommand("--text", text)
    case .binary(let bytes): shellCommand("--hex", HexBytes.text(bytes))
    case .ping: shellCommand("--ping", nil)
    case nil: nil
    }
  }

  /// The command with a mark in place of the message, for readers who may not see that.
  package func shellCommand(showing mark: String) -> ShellCommand {
    shellCommand(text == nil ? "--hex" : "--text", mark)
  }

  private func shellCommand(_ option: String, _ value: String?) -> ShellCommand {
    var command = ShellCommand("send")
    selection.add(to: &command)
    if let value { command.add(option, value) } else { command.add(option) }
    return command
  }
}

extension UpstreamSelection {
  fileprivate func shellCommand(_ verb: String) -> ShellCommand {
    var command = ShellCommand("upstreams", verb)
    if let route { command.add("--route", route) }
    // A name that begins like an option stands behind the mark that no options follow.
    if name.utf8.first == UInt8(ascii: "-") { command.add("--") }
    command.add(name)
    return command
  }
}

// MARK: Limits

extension LimitScope {
  fileprivate func add(to command: inout ShellCommand) {
    switch self {
    case .engine: break
    case .route(let pattern): command.add("--route", pattern.text)
    case .session(let id): command.add("--session", id.description)
    }
  }
}

extension LimitChange {
  fileprivate var shellCommands: [ShellCommand] {
    let settings = (set ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let ended = (unset ?? []).sorted()
    var commands: [ShellCommand] = []
    if !settings.isEmpty { commands.append(ShellCommand("limits", "set", arguments: settings)) }
    if !ended.isEmpty { commands.append(ShellCommand("limits", "unset", arguments: ended)) }
    return commands.map { command in
      var command = command
      scope?.add(to: &command)
      if let over { command.add("--over", over.rawValue) }
      if let order { command.add("--order", order.rawValue) }
      if let revertAfter { command.add("--revert-after", revertAfter) }
      if dryRun ?? false { command.add("--dry-run") }
      return command
    }
  }
}

extension LimitKeep {
  /// Nil for all limits at the engine's scope alone: without keys and scope the command means all
  /// limits at every scope.
  fileprivate var shellCommand: ShellCommand? {
    guard keys != nil || scope != .engine else { return nil }
    var command = ShellCommand("limits", "keep", arguments: (keys ?? []).sorted())
    scope?.add(to: &command)
    return command
  }
}

// MARK: Queries

extension SessionQuery {
  /// Nil for a page other than the first.
  fileprivate var shellCommand: ShellCommand? {
    var command = ShellCommand("sessions")
    if !filter.isEmpty { command.add("--filter", filter) }
    guard offset == 0 else { return nil }
    command.addOrder(sort, isDescending: isDescending, default: .id)
    if let limit { command.add("--limit", String(limit)) }
    let columns = (wantsRooms ? [SessionField.rooms] : []) + (wantsQuery ? [.query] : [])
    if !columns.isEmpty {
      command.add("--columns", ([.id] + columns).map(\.rawValue).joined(separator: ","))
    }
    if wantsRates { command.add("--rates") }
    switch show {
    case .live: break
    case .closed: command.add("--closed")
    case .all: command.add("--all")
    }
    return command
  }
}

extension GroupQuery {
  /// Nil for a page other than the first.
  fileprivate var shellCommand: ShellCommand? {
    var command = ShellCommand(by == nil ? kind.rawValue : "groups")
    if let by { command.add("--by", by.rawValue) }
    if let filter { command.add("--filter", filter) }
    if !name.isEmpty { command.add("--match", name) }
    guard offset == 0 else { return nil }
    command.addOrder(sort, isDescending: isDescending, default: .sessions)
    if let limit { command.add("--limit", String(limit)) }
    return command
  }
}

extension ShellCommand {
  /// Adds the column to sort by, unless it is the command's default.
  fileprivate mutating func addOrder<Key: SortKey>(
    _ key: Key, isDescending: Bool, default standard: Key
  ) {
    guard key != standard || isDescending != key.isDescendingByDefault else { return }
    add("--sort", SortOrder(key, isDescending: isDescending).text)
  }
}

extension TrafficQuery {
  fileprivate var shellCommand: ShellCommand {
    var command = ShellCommand("traffic")
    command.add("--window", window.rawValue)
    if let route { command.add("--route", route) }
    return command
  }
}

extension HistoryQuery {
  /// Nil for a page other than the first, and for moments between two seconds.
  fileprivate var shellCommand: ShellCommand? {
    guard cursor == nil else { return nil }
    var command = ShellCommand("history")
    if !filter.isEmpty { command.add("--filter", filter) }
    for (option, moment) in [("--since", since), ("--until", until)] {
      guard let moment else { continue }
      guard let seconds = Int(exactly: moment), seconds >= 0 else { return nil }
      command.add(option, String(seconds))
    }
    if !kinds.isEmpty { command.add("--kind", kinds.map(\.rawValue).joined(separator: ",")) }
    command.add("--limit", String(limit))
    return command
  }
}
