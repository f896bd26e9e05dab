import ArgumentParser
import ControlClient
import ControlProtocol
import EventLoop
import Glibc
import Synchronization
import Vocabulary
import WebSocketProtocol

/// The engine of this machine that a command is for.
struct LocalEngineOptions: ParsableArguments {
  @Option(help: "The engine's name: 1 to 32 of a-z, 0-9 and -. (default: default)")
  var name: String?

  @Option(
    help: "The path of the engine's control socket, instead of its name.", completion: .file())
  var control: String?

  func validate() throws {
    guard name == nil || control == nil else {
      throw ValidationError("--name and --control exclude each other")
    }
    do { _ = try place() } catch { throw ValidationError(error.description) }
  }

  /// The paths of the engine's control socket, lock and log.
  func path() throws(ControlPathError) -> ControlPath {
    if control == nil { Environment.complainOnce }
    return try place()
  }

  private func place() throws(ControlPathError) -> ControlPath {
    if let control { return try ControlPath(socket: control) }
    return try ControlPath(
      name: name ?? ControlPath.defaultName,
      runtimeDirectory: Environment.socketDirectory.path, userID: geteuid())
  }

  /// The flags as words, for a child process.
  var words: [String] {
    (name.map { ["--name", $0] } ?? []) + (control.map { ["--control", $0] } ?? [])
  }
}

/// The engine that a command is for, on this machine or elsewhere.
struct EngineOptions: ParsableArguments {
  @OptionGroup var local: LocalEngineOptions

  @Option(
    help: ArgumentHelp(
      "An engine elsewhere, that was started with --control-listen: wss://HOST:PORT.",
      valueName: "url"))
  var connect: String?

  @Option(
    help: ArgumentHelp(
      "The file with the token for --connect; nobody else may read it.", valueName: "file"),
    completion: .file())
  var tokenFile: String?

  @Option(
    help: ArgumentHelp(
      "The authorities that may have signed the engine's certificate, in PEM. (default: the "
        + "system's)", valueName: "file"), completion: .file())
  var ca: String?

  @Option(
    help: ArgumentHelp(
      "Take the engine's certificate by its SHA-256 alone, whoever has signed it.",
      valueName: "sha256"))
  var fingerprint: String?

  @Flag(help: "Refuse to do anything but look.")
  var readOnly = false

  func validate() throws {
    guard let connect else {
      guard tokenFile == nil, ca == nil, fingerprint == nil else {
        throw ValidationError("--token-file, --ca and --fingerprint are for --connect")
      }
      return
    }
    guard local.name == nil, local.control == nil else {
      throw ValidationError("--connect excludes --name and --control")
    }
    _ = try Self.url(connect)
    guard tokenFile != nil else { throw ValidationError("--connect wants --token-file FILE") }
    guard ca == nil || fingerprint == nil else {
      throw ValidationError("--ca and --fingerprint exclude each other")
    }
    if let fingerprint, Self.digest(fingerprint) == nil {
      throw ValidationError("--fingerprint wants the 64 hexadecimal digits of a SHA-256")
    }
  }

  // MARK: Where it is

  /// The engine's address; a remote host is looked up once.
  func target() throws(CommandFailure) -> ControlTarget {
    guard let connect, let tokenFile else {
      do throws(ControlPathError) {
        return .local(try local.path())
      } catch {
        // `validate` has refused such a path before.
        throw CommandFailure(error.description, exitCode: CommandFailure.usage)
      }
    }
    let words = attachWords
    if let known = Self.known.withLock({ $0?.words == words ? $0?.target : nil }) { return known }
    let token = try Self.token(in: tokenFile)
    let target: ControlTarget
    do {
      target = .remote(
        try RemoteTarget(try Self.url(connect), trusting: trust, token: token))
    } catch let error as ControlClientError {
      throw CommandFailure(error)
    } catch {
      throw CommandFailure("\(error)", exitCode: CommandFailure.usage)
    }
    Self.known.withLock { $0 = (words, target) }
    return target
  }

  /// The options with which other commands attach to the same engine.
  var attachWords: [String] {
    guard let connect else { return local.words }
    return ["--connect", connect] + (tokenFile.map { ["--token-file", $0] } ?? [])
      + (ca.map { ["--ca", $0] } ?? []) + (fingerprint.map { ["--fingerprint", $0] } ?? [])
  }

  private static let known = Mutex<(words: [String], target: ControlTarget)?>(nil)

  private var trust: RemoteTarget.Trust {
    if let fingerprint, let digest = Self.digest(fingerprint) { return .fingerprint(digest) }
    return ca.map { .authorities($0) } ?? .system
  }

  private static func digest(_ text: String) -> SHA256Digest? {
    SHA256Digest(hex: text.hasPrefix("sha256:") ? text.dropFirst(7) : text[...])
  }

  private static func url(_ text: String) throws -> WebSocketURL {
    let shown = UntrustedText.escaped(text)
    let url: WebSocketURL
    do throws(WebSocketURL.Failure) {
      url = try WebSocketURL(text)
    } catch {
      throw ValidationError(
        "--connect \(shown): "
          + (error == .scheme
            ? "wants wss://HOST:PORT" + (secured(text).map { ", such as \($0)" } ?? "")
            : error.sentence))
    }
    guard url.isSecure else {
      throw ValidationError(
        "--connect \(shown): wants wss://HOST:PORT; an engine's control port speaks TLS alone, as a "
          + "token is never sent in the clear")
    }
    guard url.target == "/" else {
      throw ValidationError("--connect \(shown): wants wss://HOST:PORT, with nothing behind it")
    }
    return url
  }

  /// The secure URL of an address that was typed with another scheme, or with none; nil if that is
  /// no address.
  private static func secured(_ text: String) -> String? {
    let address = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
    let url = "wss://\(address)"
    return (try? WebSocketURL(url)) == nil ? nil : UntrustedText.escaped(url)
  }

  /// The token on a file's first line.
  private static func token(in path: String) throws(CommandFailure) -> String {
    let bytes: [UInt8]
    do throws(SecretFile.Failure) {
      bytes = try SecretFile.read(path, maximumByteCount: 4096)
    } catch {
      throw CommandFailure(
        UntrustedText.escaped(error.description), exitCode: CommandFailure.usage)
    }
    let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }
    guard lines.count == 1, let token = lines.first, BearerToken.isToken(token) else {
      throw CommandFailure(
        "\(UntrustedText.escaped(path)): wants one line with the token, which \(BearerToken.rule)",
        exitCode: CommandFailure.usage)
    }
    return String(decoding: token, as: UTF8.self)
  }

  // MARK: Requests

  /// Makes a request and waits for the reply.
  func perform(_ request: ControlRequest) throws(CommandFailure) -> ControlReply {
    if readOnly, request.role != .view { throw Self.readOnlyFailure }
    let client = ControlClient(try target())
    do throws(ControlClientError) {
      return try client.perform(request)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Makes a request, and returns the JSON of the reply as it came.
  ///
  /// - Precondition: the request changes nothing.
  func json(of request: ControlRequest) throws(CommandFailure) -> RawJSON {
    precondition(request.role == .view, "what acts is performed")
    let client = ControlClient(try target())
    do throws(ControlClientError) {
      let body = try client.json(of: request)
      guard let text = String(validating: body, as: UTF8.self) else {
        throw .malformed("it is not UTF-8")
      }
      do throws(JSONText.Fault) {
        return try RawJSON(text)
      } catch {
        throw .malformed(error.description)
      }
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The failure of an act with `--read-only`.
  static let readOnlyFailure = CommandFailure(
    "--read-only: nothing was done", exitCode: CommandFailure.refused)
}
