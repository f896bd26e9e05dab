import ControlClient

/// The failure of a command: one line for people, and the exit code.
struct CommandFailure: Error, Equatable {
  /// The engine refused, or a session does not exist.
  static let refused: Int32 = 1
  /// The command line is wrong (EX_USAGE of sysexits.h).
  static let usage: Int32 = 64
  /// No engine is there, or it does not answer (EX_UNAVAILABLE).
  static let unavailable: Int32 = 69

  /// The act was aborted, as by Ctrl-C (128 and the number of SIGINT).
  static let interrupted: Int32 = 130

  /// The line, safe to show.
  var message: String
  var exitCode: Int32

  init(_ message: String, exitCode: Int32) {
    self.message = message
    self.exitCode = exitCode
  }

  init(_ error: ControlClientError) {
    message =
      switch error {
      case .notSecured: error.description + " (see --ca and --fingerprint)"
      case .noEngine(let path): error.description + EngineNames.advice(beside: path)
      default: error.description
      }
    exitCode =
      switch error {
      case .noEngine, .unreachable, .connectionLost, .timedOut, .closed: Self.unavailable
      case .notPermitted, .notSecured, .malformed, .refused, .tooManyRequests, .system: Self.refused
      }
  }

  /// The failure for a reply that does not fit the request.
  static let unexpectedAnswer = CommandFailure(
    "the engine answered something else", exitCode: refused)
}
