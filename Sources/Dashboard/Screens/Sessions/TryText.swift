import ControlProtocol
import Vocabulary

/// A command that opens a session, for a person with an empty table.
enum TryText {
  /// The command for the first listener and the first route without parameters; nil without them.
  static func command(for context: ScreenContext) -> String? {
    guard let engine = context.latest.statistics?.engine,
      let listener = engine.listeners.first(where: { !$0.hasPrefix("unix:") })
    else { return nil }
    let words = listener.split(separator: " ").map(String.init)
    guard var host = words.first else { return nil }
    let scheme = words.dropFirst().contains("tls") ? "wss" : "ws"
    for (wildcard, local) in [("0.0.0.0:", "127.0.0.1:"), ("[::]:", "[::1]:"), (":", "127.0.0.1:")]
    where host.hasPrefix(wildcard) {
      host = local + host.dropFirst(wildcard.count)
      break
    }
    let route = engine.routes.first { !$0.contains("{") && !$0.contains("*") } ?? "/"
    return ShellText.command(
      ["python3", "-m", "websockets", "\(scheme)://\(host)\(route)"],
      asciiOnly: context.setup.repertoire == .ascii)
  }
}
