import ArgumentParser
import ControlProtocol
import ControlServer
import EventLoop
import Glibc
import History
import Logging
import Vocabulary
import WebSocketEngine

/// `wstop serve`: an engine in the foreground.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Run an engine in the foreground, until SIGTERM or wstop stop.",
    discussion: """
      Limits are also set by the environment: WSTOP_ and the key in capitals, such as \
      WSTOP_MESSAGE_BYTES=64KiB. SIGHUP and wstop reload read certificates and tokens again, and \
      open the file of --log-file again.
      """)

  @OptionGroup var engine: LocalEngineOptions
  @OptionGroup var options: ServeOptions

  @Option(help: .hidden)
  var readyDescriptor: Int32?

  func run() throws {
    // SIGPIPE is ignored before the first line, whose reader may have gone.
    Syscalls.ignoreBrokenPipes()
    let path = try engine.path()
    do {
      try serve(at: path)
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure("\(error)", exitCode: CommandFailure.refused)
    }
  }

  func validate() throws {
    guard readyDescriptor.map({ $0 > STDERR_FILENO && fcntl($0, F_GETFD) >= 0 }) ?? true else {
      throw ValidationError("--ready-descriptor is for the program itself")
    }
  }

  private func serve(at path: ControlPath) throws {
    Syscalls.keepMemoryOfLargeMessages()
    // `logFile` is the launcher's for an engine in the background.
    let logFile = options.logFile ?? (readyDescriptor == nil ? nil : path.log)
    let openLog = logFile.map { path -> @Sendable () throws -> String in
      {
        try Syscalls.redirect(STDERR_FILENO, toEndOf: path)
        return FileName.shown(path)
      }
    }
    _ = try openLog?()
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    // `signals` blocks them before any thread starts, so that all threads inherit the mask.
    let signals = try SignalDescriptor([SIGTERM, SIGINT, SIGHUP])
    try SystemTimers.open()
    if let directory = path.ownDirectory { try PrivateDirectory.make(at: directory) }
    // `check` precedes the lock, so that no lock file is created beside a file that is no socket.
    try SocketFile.check(path.socket)
    guard let lock = try LockFile(path.lock) else {
      if let readyDescriptor { Syscalls.tell(readyDescriptor, EngineLauncher.Word.taken.rawValue) }
      throw CommandFailure(
        "an engine runs there already: \(FileName.shown(path.socket))",
        exitCode: CommandFailure.refused)
    }
    let server = try Server(try options.configuration(), routes: try options.router())
    let history = try HistoryArchive(options.history.settings(of: path, run: server.run))
    defer { history.stop() }
    var settings = ControlSettings()
    settings.permitsTaps = options.tap == .on
    settings.remote = try options.remoteControl()
    settings.reopenLog = openLog
    let control = try ControlServer(
      server: server, name: path.name ?? FileName.shown(path.socket),
      version: ProgramVersion.current,
      path: path, settings: settings, history: history
    ) { kill(getpid(), SIGTERM) }
    try server.start()
    do {
      try control.start()
    } catch {
      blocking { await server.shutDown(timeout: .zero) }
      throw error
    }
    announce(server, control, path)
    // Errors of a reload go to the event log and the log; the old certificates stay in use.
    while signals.wait() == SIGHUP {
      control.reopenLog()
      blocking { _ = try? await server.reloadCertificates() }
      _ = try? control.reload()
    }
    withExtendedLifetime(lock) {
      blocking { await server.shutDown() }
      control.stop()
    }
  }

  /// Announces that sessions can connect: to a person, or to the process that started this one.
  private func announce(_ server: Server, _ control: ControlServer, _ path: ControlPath) {
    let addresses = server.listenerTexts.joined(separator: ", ")
    // `warnings` go to the standard error too: a log in a file may be read by nobody now.
    let warnings =
      options.logFile == nil
      ? ""
      : server.certificateWarnings.map { warning in
        "wstop: warning: \(UntrustedText.escaped(warning))\n"
      }.joined()
    let remote = control.remoteAddresses.map { ", \($0) tls for control" }.joined()
    if let readyDescriptor {
      Syscalls.tell(readyDescriptor, EngineLauncher.Word.ready.rawValue)
    } else {
      let socket = FileName.shown(path.socket)
      let place = "listening on \(addresses); control socket \(socket)\(remote)"
      greet("wstop: \(place)\n\(warnings)")
    }
  }

  /// The longest wait for the standard output to accept the greeting, in milliseconds.
  private static let greetingPatience: Int32 = 1000

  /// Writes a line to the standard output; the engine runs whether it is read or not.
  private func greet(_ line: String) {
    let isReady = !Poll.wait(
      for: STDOUT_FILENO, .writable, milliseconds: Self.greetingPatience
    ).isEmpty
    let error =
      isReady
      ? FileOutput.write(Array(line.utf8), to: STDOUT_FILENO)
      : SystemError(call: "write", number: EAGAIN, subject: "standard output")
    if let error { StandardError.write("wstop: nobody is told that the engine runs: \(error)") }
  }
}
