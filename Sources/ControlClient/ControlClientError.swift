package import ControlProtocol
package import EventLoop
package import Vocabulary

/// The failure of a request to an engine.
package enum ControlClientError: Error, Equatable, Sendable {
  /// No engine listens at the path.
  case noEngine(path: String)
  /// The socket or its directory is not ours to use: the reason.
  case notPermitted(path: String, reason: String)
  /// The engine's machine cannot be reached: the reason.
  case unreachable(path: String, reason: String)
  /// The connection cannot be secured, or the engine is not the one that was meant: the reason.
  case notSecured(path: String, reason: String)
  /// The engine ended the connection before it had answered: it stopped or died.
  case connectionLost
  /// The engine closed a watch, with a close code.
  case closed(CloseCode, reason: String)
  /// The bytes received are not of the control API: the reason.
  case malformed(String)
  /// The engine did not answer in time.
  case timedOut
  /// The engine refused: the HTTP status and why.
  case refused(status: Int, ControlError.Body)
  /// More requests wait than an engine that answers would leave waiting.
  case tooManyRequests
  /// The operating system failed.
  case system(SystemError)
}

extension ControlClientError: CustomStringConvertible {
  /// The whole sentence, safe to show.
  package var description: String {
    switch self {
    case .noEngine(let path): "no engine listens at \(UntrustedText.escaped(path))"
    case .notPermitted(let path, let reason), .unreachable(let path, let reason),
      .notSecured(let path, let reason):
      "\(UntrustedText.escaped(path)): \(UntrustedText.escaped(reason))"
    case .connectionLost: "the engine ended the connection"
    case .closed(let code, let reason):
      "the engine closed the connection with \(code.rawValue)"
        + (reason.isEmpty ? "" : ": \(UntrustedText.escaped(reason))")
    case .malformed(let reason):
      "the engine's answer is malformed: \(UntrustedText.escaped(reason))"
    case .timedOut: "the engine did not answer in time"
    case .refused(_, let error):
      (error.column.map { "column \($0): " } ?? "") + UntrustedText.escaped(error.message)
    case .tooManyRequests: "too many requests wait for the engine"
    case .system(let error): UntrustedText.escaped(error.description)
    }
  }

  /// The failure of an attempt to connect to an engine elsewhere.
  init(connecting error: SystemError, to target: RemoteTarget) {
    self =
      error.isNobodyThere
      ? .noEngine(path: target.text) : .unreachable(path: target.text, reason: error.reason)
  }

  /// The failure of a call on an established connection.
  init(connectionFailed number: Int32, call: String) {
    let error = SystemError(call: call, number: number)
    self = error.isConnectionLost ? .connectionLost : .system(error)
  }
}
