import ControlClient
import ControlProtocol
import Dashboard
import EventLoop
import Glibc
import Terminal
import Vocabulary

/// The console's loop: one epoll on the keyboard, signals and the engine's control socket.
///
/// Inputs become events, `update` changes the model, effects are carried out here, and the canvas
/// is drawn once for all events of a turn.
final class Console {
  private enum Source: UInt64 {
    case keyboard, signals, watch, control, tap
  }

  /// The interval of ticks.
  private static let tick = Duration.milliseconds(500)
  /// The pause before it connects again.
  private static let reconnectInterval = Duration.seconds(1)
  /// The pause after a refusal by the engine, which only a person can resolve.
  private static let refusedInterval = Duration.seconds(10)
  /// The longest wait for an engine to accept a connection.
  private static let patience = Duration.seconds(10)

  private let target: ControlTarget
  private let files: SettingsFiles
  private let terminal: CursesTerminal
  private let signals: SignalDescriptor
  private var epoll: Epoll
  private var model: Model
  private var canvas: Canvas
  private var watch: WatchConnection?
  /// Whether the engine has accepted the watch.
  private var isWatching = false
  private var control: ControlConnection?
  private var tap: TapConnection?
  private var interests: [Source: Interest] = [:]
  private var nextAttempt = SystemClock.monotonic()
  private var nextTick = SystemClock.monotonic()
  private let clock = SteadyClock()
  private var exitCode: Int32?
  private let historyFile = CommandHistoryFile(
    stateHome: Environment["XDG_STATE_HOME"], home: Environment["HOME"])

  /// Takes over the terminal.
  ///
  /// - Throws: `TerminalError` or `SystemError`, with the terminal as it was.
  init(_ engine: EngineOptions, _ wishes: ConsoleWishes) throws {
    target = try engine.target()
    files = SettingsFiles()
    let appearance = files.appearance(
      wishes, noColour: !(Environment["NO_COLOR"] ?? "").isEmpty)
    // `signals` blocks them before the terminal is opened, so that none ends the program in
    // between.
    signals = try SignalDescriptor(CursesTerminal.interruptions)
    terminal = try CursesTerminal(appearance)
    epoll = try Epoll(maximumEventCount: 16)
    let size = terminal.size
    var setup = Setup(
      target: target.text, attachWords: engine.attachWords, isReadOnly: engine.readOnly,
      version: ProgramVersion.current, repertoire: terminal.repertoire,
      localTime: .system)
    setup.endsEngine = wishes.endsEngine
    setup.keys = files.settings.keys
    setup.alarms = files.settings.alarms
    setup.marks = files.settings.marks
    setup.complaint = files.complaint
    do {
      setup.commands = try .ofConsole()
    } catch {
      // Without completion commands can still be typed; the complaint tells that it is missing.
      setup.complaint = "no command can be completed: \(error)"
    }
    model = Model(
      setup: setup, columns: size.columns, rows: size.rows, now: clock.seconds)
    model.context.commandHistory = historyFile.load()
    model.context.appearance = appearance
    model.restore(files.table)
    if let interval = files.settings.intervalMilliseconds {
      model.context.pacing.intervalMilliseconds = interval
    }
    canvas = Canvas(
      columns: size.columns, rows: size.rows, repertoire: terminal.repertoire)
    try epoll.add(STDIN_FILENO, for: .readable, token: Source.keyboard.rawValue)
    try epoll.add(signals.number, for: .readable, token: Source.signals.rawValue)
  }

  /// Shows the engine until the person leaves or a signal ends it; returns the exit code.
  func run() -> Int32 {
    defer { terminal.restore() }
    connect()
    handle(.tick(now: clock.seconds))
    while exitCode == nil {
      present()
      wait()
    }
    return exitCode ?? 0
  }

  private func wait() {
    let now = SystemClock.monotonic()
    let next = isWatching ? nextTick : min(nextTick, nextAttempt)
    let left = max(0, now.duration(to: next).wholeNanoseconds)
    let count = epoll.wait(milliseconds: Int32(clamping: (left + 999_999) / 1_000_000))
    // Signals are read before the keyboard: keys typed before the terminal is taken again are
    // dropped.
    readSignals()
    for index in 0..<count {
      switch Source(rawValue: epoll.event(index).token) {
      case .keyboard: readKeyboard(epoll.event(index).readiness)
      case .signals: break
      case .watch: readWatch()
      case .control: readControl()
      case .tap: readTap()
      case nil: break
      }
    }
    if SystemClock.monotonic() >= nextTick {
      nextTick = SystemClock.monotonic().advanced(by: Self.tick)
      handle(.tick(now: clock.seconds))
    }
    guard !isWatching, SystemClock.monotonic() >= nextAttempt else { return }
    if watch != nil { lose(.timedOut) } else { connect() }
  }

  private func present() {
    draw(model, into: &canvas)
    terminal.present(canvas)
  }

  private func handle(_ event: ConsoleEvent) {
    for effect in update(&model, event) {
      switch effect {
      case .watch(let request): send(request)
      case .request(let tag, let request): send(request, tag: tag)
      case .interpret(let line, let context):
        handle(.command(line: line, ConsoleCommandLine.interpret(line, context)))
      case .remember(let line): historyFile.append(line)
      case .tap(let request): start(request)
      case .changeTap(let options): change(to: options)
      case .quit: exitCode = 0
      case .redraw: terminal.redraw()
      case .copy(let text): terminal.copy(text)
      case .save(let table): handle(files.save(table))
      case .appear(let appearance): terminal.appear(appearance)
      case .suspend:
        handle(terminal.suspend(.processGroup))
        present()
      }
    }
  }

  // MARK: The person

  private func readKeyboard(_ readiness: Readiness) {
    readKeys()
    // `isBroken` means that the terminal is gone, and with it the keyboard.
    if readiness.isBroken { exitCode = 128 + SIGHUP }
  }

  private func readKeys() {
    while true {
      let events = terminal.readEvents()
      guard !events.isEmpty else { break }
      for event in events where exitCode == nil { handle(event) }
    }
  }

  private func readSignals() {
    while let signal = signals.next() {
      switch signal {
      case SIGWINCH: handle(terminal.handleResize())
      case SIGTSTP:
        // Keys typed before the stop are the console's, and no command for a shell.
        readKeys()
        if exitCode == nil { handle(terminal.suspend(.program)) }
      case SIGCONT: handle(terminal.goOn())
      default: exitCode = 128 + signal
      }
    }
  }

  // MARK: The engine

  private func connect() {
    do throws(ControlClientError) {
      watch = try WatchConnection(to: target, watching: model.watch)
      nextAttempt = SystemClock.monotonic().advanced(by: Self.patience)
      updateInterest(of: .watch, watch?.descriptor, watch?.interest)
    } catch {
      nextAttempt = SystemClock.monotonic().advanced(by: Self.reconnectInterval)
      handle(.connectionLost(reason: "\(error)"))
    }
  }

  private func readWatch() {
    do throws(ControlClientError) {
      try watch?.flush()
      let snapshots = try watch?.receive() ?? []
      if !isWatching, watch?.isOpen ?? false {
        isWatching = true
        handle(.connected)
      }
      for snapshot in snapshots { handle(.snapshot(snapshot)) }
      updateInterest(of: .watch, watch?.descriptor, watch?.interest)
    } catch {
      lose(error)
    }
  }

  private func readControl() {
    do throws(ControlClientError) {
      try control?.flush()
      for answer in try control?.receive() ?? [] {
        handle(.reply(tag: answer.tag, answer.reply))
      }
      updateInterest(of: .control, control?.descriptor, control?.interest)
    } catch {
      // `control` is opened anew by the next request.
      control = nil
      interests[.control] = nil
      handle(.connectionLost(reason: "\(error)"))
      lose(error)
    }
  }

  private func send(_ request: WatchRequest) {
    do throws(ControlClientError) {
      try watch?.say(request)
      updateInterest(of: .watch, watch?.descriptor, watch?.interest)
    } catch {
      lose(error)
    }
  }

  private func send(_ request: ControlRequest, tag: Int) {
    do throws(ControlClientError) {
      let connection: ControlConnection
      if let control {
        connection = control
      } else {
        connection = try ControlConnection(to: target)
        control = connection
      }
      try connection.send(request, tag: tag)
      updateInterest(of: .control, connection.descriptor, connection.interest)
    } catch {
      control = nil
      interests[.control] = nil
      let failure = ControlError(code: "no-engine", message: "\(error)")
      handle(.reply(tag: tag, .refused(status: 503, failure.error)))
    }
  }

  private func start(_ request: TapRequest?) {
    // `tap` is closed first, which ends the old tap.
    tap = nil
    interests[.tap] = nil
    guard let request else { return }
    do throws(ControlClientError) {
      tap = try TapConnection(to: target, request)
      updateInterest(of: .tap, tap?.descriptor, tap?.interest)
    } catch {
      endTap(error)
    }
  }

  private func change(to options: TapOptions) {
    do throws(ControlClientError) {
      try tap?.say(options)
      updateInterest(of: .tap, tap?.descriptor, tap?.interest)
    } catch {
      endTap(error)
    }
  }

  private func readTap() {
    do throws(ControlClientError) {
      try tap?.flush()
      for batch in try tap?.receive() ?? [] { handle(.tapBatch(batch)) }
      updateInterest(of: .tap, tap?.descriptor, tap?.interest)
    } catch {
      endTap(error)
    }
  }

  private func endTap(_ error: ControlClientError) {
    tap = nil
    interests[.tap] = nil
    if case .closed(.normalClosure, let reason) = error {
      handle(.tapEnded(reason: reason))
    } else if error != .connectionLost {
      handle(.tapEnded(reason: "\(error)"))
    }
  }

  private func lose(_ error: ControlClientError) {
    guard watch != nil else { return }
    watch = nil
    isWatching = false
    interests[.watch] = nil
    let isRefused = if case .refused = error { true } else { false }
    nextAttempt = SystemClock.monotonic().advanced(
      by: isRefused ? Self.refusedInterval : Self.reconnectInterval)
    handle(.connectionLost(reason: "\(error)"))
  }

  private func updateInterest(of source: Source, _ descriptor: Int32?, _ wanted: Interest?) {
    guard let descriptor, let wanted, interests[source] != wanted else { return }
    let isKnown = interests[source] != nil
    interests[source] = wanted
    // Errors are ignored: the descriptors are open sockets, which the kernel has no reason to
    // refuse.
    if isKnown {
      try? epoll.change(descriptor, to: wanted, token: source.rawValue)
    } else {
      try? epoll.add(descriptor, for: wanted, token: source.rawValue)
    }
  }

}
