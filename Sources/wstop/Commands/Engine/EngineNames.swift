import ControlProtocol
import EventLoop
import Glibc
import Vocabulary

/// The names of the engines that run on this machine.
enum EngineNames {
  /// The most sockets that are tried.
  private static let maximumCount = 64

  /// The end of the sentence that no engine listens at a path: the engines that run, or how one is
  /// started; empty for an engine elsewhere.
  static func advice(beside path: String) -> String {
    guard !path.hasPrefix("wss://"),
      let home = try? ControlPath(
        runtimeDirectory: Environment.socketDirectory.path, userID: geteuid()
      ).ownDirectory
    else { return "" }
    let names = running(in: home)
    guard !names.isEmpty else { return "; none runs here: wstop serve starts one" }
    return "; here runs " + names.map { "--name \($0)" }.joined(separator: ", ")
  }

  /// The names of engines that take connections at sockets in a directory, in alphabetical order;
  /// none if the directory is not this user's own.
  static func running(in directory: String) -> [String] {
    let files = (try? PrivateDirectory.names(in: directory)) ?? []
    let names = files.filter { $0.hasSuffix(".sock") }.map { String($0.dropLast(5)) }.sorted()
    return names.prefix(maximumCount).filter { name in
      guard
        let number = try? Socket.connect(to: .unix(path: "\(directory)/\(name).sock"))
      else { return false }
      close(number)
      return true
    }
  }
}
