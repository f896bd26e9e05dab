import ArgumentParser
import ControlClient
import ControlProtocol
import Glibc

/// Which engine a command is for.
struct EngineOptions: ParsableArguments {
  @Option(help: "The engine's name: 1 to 32 of a-z, 0-9 and -. (default: default)")
  var name: String?

  @Option(help: "The path of the engine's control socket, instead of its name.")
  var control: String?

  func validate() throws {
    guard name == nil || control == nil else {
      throw ValidationError("--name and --control exclude each other")
    }
    do { _ = try path() } catch { throw ValidationError(error.description) }
  }

  /// Where the engine's control socket lies.
  func path() throws(ControlPathError) -> ControlPath {
    if let control { return try ControlPath(socket: control) }
    return try ControlPath(
      name: name ?? ControlPath.defaultName,
      runtimeDirectory: getenv("XDG_RUNTIME_DIR").map { String(cString: $0) },
      userID: geteuid())
  }

  /// Asks the engine and waits for its answer.
  func perform(_ request: ControlRequest) throws(CommandFailure) -> ControlReply {
    do throws(ControlClientError) {
      return try client().perform(request)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// A client of the engine.
  func client() throws(ControlClientError) -> ControlClient {
    do {
      return ControlClient(path: try path())
    } catch {
      // `validate` has refused such a path before.
      throw .notPermitted(path: control ?? name ?? "", reason: error.description)
    }
  }
}
