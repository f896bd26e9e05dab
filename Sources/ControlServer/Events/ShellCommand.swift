internal import ControlProtocol
internal import Vocabulary

/// Command lines that do the same as acts, quoted for a POSIX shell.
struct ShellCommand {
  /// The longest command that is kept, in bytes: events are many and payloads long.
  static let maximumByteCount = 4096

  private let attachWords: [String]
  private let redacts: Bool

  /// The commands for the engine at a path.
  ///
  /// - Parameter redacts: whether `sendForAll` leaves out the payload.
  init(_ path: ControlPath, redacts: Bool = true) {
    self.redacts = redacts
    attachWords =
      switch path.name {
      case nil: ["--control", path.socket]
      case ControlPath.defaultName?: []
      case let name?: ["--name", name]
      }
  }

  /// Closes sessions.
  func close(_ request: CloseRequest) -> String? {
    var words = words(request.selection)
    if let code = request.code { words += ["--code", String(code.rawValue)] }
    if let reason = request.reason, !reason.isEmpty { words += ["--reason", reason] }
    return line(["close"], words)
  }

  /// Sends to sessions, as everybody may see it: the payload is replaced by its length and digest.
  func sendForAll(_ request: SendRequest) -> String? {
    guard redacts else { return send(request) }
    let ids = words(request.selection)
    if let text = request.text {
      return line(["send"], ids + ["--text", SentDigest(text.utf8).mark])
    }
    guard let binary = request.binary else { return line(["send"], ids + ["--ping"]) }
    let bytes = ControlJSON.bytes(fromBase64: binary) ?? []
    return line(["send"], ids + ["--binary", SentDigest(bytes).mark])
  }

  /// Sends to sessions, with the payload.
  func send(_ request: SendRequest) -> String? {
    let ids = words(request.selection)
    if let text = request.text { return line(["send"], ids + ["--text", text]) }
    guard let binary = request.binary else { return line(["send"], ids + ["--ping"]) }
    return line(["send"], ids + ["--binary", "-"]).flatMap { command in
      Self.checked("printf %s \(Self.quoted(binary)) | base64 -d | \(command)")
    }
  }

  /// Sets limits, takes settings away, or both.
  func change(_ change: LimitChange) -> String? {
    var scope = words(change.scope)
    if let over = change.over { scope += ["--over", over.rawValue] }
    if let order = change.order { scope += ["--order", order.rawValue] }
    if let time = change.revertAfter { scope += ["--revert-after", time] }
    let settings = (change.set ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let set = settings.isEmpty ? "" : line(["limits", "set"], settings + scope)
    let ended = (change.unset ?? []).sorted()
    let unset = ended.isEmpty ? "" : line(["limits", "unset"], ended + scope)
    guard let set, let unset else { return nil }
    return Self.checked([set, unset].filter { !$0.isEmpty }.joined(separator: " && "))
  }

  /// Keeps limits that would revert.
  func keep(_ request: LimitKeep) -> String? {
    line(["limits", "keep"], (request.keys ?? []).sorted() + words(request.scope))
  }

  private func words(_ scope: LimitScope?) -> [String] {
    switch scope {
    case nil, .engine?: []
    case .route(let pattern)?: ["--route", pattern.text]
    case .session(let id)?: ["--session", id.description]
    }
  }

  /// Taps sessions.
  func tap(_ request: TapRequest) -> String? {
    var words: [String] =
      switch request.subject {
      case .session(let id): [id.description]
      case .filter(let filter): ["--filter", filter]
      }
    let options = request.options
    if let direction = options.direction { words += ["--direction", direction.rawValue] }
    if let kinds = options.kinds {
      words += ["--kind", kinds.map(\.rawValue).joined(separator: ",")]
    }
    if let least = options.minimumBytes { words += ["--min", String(least)] }
    if let most = options.maximumBytes { words += ["--max", String(most)] }
    if let text = options.text { words += ["--text", text] }
    return line(["tap"], words)
  }

  /// Shows a session with its secrets.
  func showSecrets(of id: SessionID) -> String? {
    line(["show"], [id.description, "--show-secrets"])
  }

  /// Reads the certificates again.
  func reload() -> String? { line(["reload"], []) }

  /// Stops the engine.
  func stop() -> String? { line(["stop"], []) }

  /// The words of a selection: its sessions, and its pace.
  private func words(_ selection: ActSelection) -> [String] {
    var words = (selection.sessions ?? []).map(\.description)
    if let filter = selection.filter { words += ["--filter", filter] }
    if let rate = selection.rate { words += ["--rate", QuantityText.exactPerSecond(rate)] }
    if let jitter = selection.jitter { words += ["--jitter", QuantityText.exactShare(jitter)] }
    return words
  }

  /// The line that these words make; nil if it is too long, or has a zero, which no shell takes.
  private func line(_ verbs: [String], _ words: [String]) -> String? {
    let words = ["wstop"] + verbs + attachWords + words
    guard words.reduce(0, { $0 + $1.utf8.count }) <= Self.maximumByteCount,
      !words.contains(where: { $0.utf8.contains(0) })
    else { return nil }
    return Self.checked(words.map(Self.quoted).joined(separator: " "))
  }

  private static func checked(_ line: String) -> String? {
    line.utf8.count <= maximumByteCount ? line : nil
  }

  /// A word that the shell takes as it is: everything but plain characters in single quotes.
  static func quoted(_ word: String) -> String {
    guard word.isEmpty || !word.utf8.allSatisfy(isPlain) else { return word }
    // Quotes are found by scalars: one with a combining mark behind it would be another Character.
    var text = "'"
    for scalar in word.unicodeScalars {
      if scalar == "'" { text += "'\\''" } else { text.unicodeScalars.append(scalar) }
    }
    return text + "'"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._/:=,@%+".utf8.contains(byte)
    }
  }
}
