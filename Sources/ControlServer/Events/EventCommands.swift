internal import ControlProtocol

/// The command lines of the event log, which do the same as acts did.
struct EventCommands {
  /// The longest command that is kept, in bytes: events are many and payloads long.
  static let maximumByteCount = 4096

  private let attachWords: [String]
  private let redacts: Bool

  /// The commands for the engine at a path.
  ///
  /// - Parameter redacts: whether `lineForAll` leaves out the payload.
  init(_ path: ControlPath, redacts: Bool = true) {
    self.redacts = redacts
    attachWords =
      switch path.name {
      case nil: ["--control", path.socket]
      case ControlPath.defaultName?: []
      case let name?: ["--name", name]
      }
  }

  /// The line that does what a request does; nil if it is too long, or no shell can say it.
  func line(_ request: ControlRequest) -> String? {
    if case .send(let send) = request,
      max(send.text?.utf8.count ?? 0, send.binary?.utf8.count ?? 0) > Self.maximumByteCount
    {
      return nil
    }
    return line(request.shellCommands)
  }

  /// The line that taps the same sessions.
  func line(_ request: TapRequest) -> String? { line([request.shellCommand]) }

  /// The line that sends the same, as everybody may see it: the payload is replaced by its length
  /// and digest.
  func lineForAll(_ request: SendRequest) -> String? {
    guard redacts, let payload = try? request.payload() else { return line(.send(request)) }
    let digest =
      switch payload {
      case .text(let text): SentDigest(text.utf8)
      case .binary(let bytes): SentDigest(bytes)
      case .ping: nil as SentDigest?
      }
    guard let digest else { return line(.send(request)) }
    return line([request.shellCommand(showing: digest.mark)])
  }

  private func line(_ commands: [ShellCommand]) -> String? {
    // Sessions that are named may be many, too.
    let byteCount = commands.joinedArgumentByteCount
    guard byteCount <= Self.maximumByteCount else { return nil }
    return commands.line(attaching: attachWords).flatMap { line in
      line.utf8.count <= Self.maximumByteCount ? line : nil
    }
  }
}

extension [ShellCommand] {
  /// How many bytes the arguments have before they are quoted.
  fileprivate var joinedArgumentByteCount: Int {
    reduce(0) { $0 + $1.arguments.reduce(0) { $0 + $1.utf8.count } }
  }
}
