import EventLoop
import Vocabulary
import WebSocketProtocol

/// Finding the one address that a load goes to.
enum LoadTarget {
  /// Looks the host up once; of several addresses the first one is taken where somebody listens.
  ///
  /// - Throws: `CommandFailure` if the name does not resolve.
  static func find(_ url: WebSocketURL) throws(CommandFailure) -> ResolvedAddress {
    do throws(SystemError) {
      return try ResolvedAddress.listening(host: url.host, port: url.port)
    } catch {
      throw CommandFailure(
        "the host \(UntrustedText.escaped(url.host)) cannot be resolved: \(error.reason)",
        exitCode: CommandFailure.unavailable)
    }
  }
}
