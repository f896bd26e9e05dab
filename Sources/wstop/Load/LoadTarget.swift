import EventLoop
import Vocabulary
import WebSocketProtocol

/// Finding the one address that a load goes to.
enum LoadTarget {
  /// How long one of several addresses may take to answer.
  private static let probeMilliseconds: Int32 = 3000

  /// Looks the host up once.
  ///
  /// Of several addresses the first one is taken where somebody listens,
  /// so that `localhost` means 127.0.0.1 if nobody listens on ::1.
  ///
  /// - Throws: `CommandFailure` if the name does not resolve.
  static func find(_ url: WebSocketURL) throws(CommandFailure) -> ResolvedAddress {
    let addresses: [ResolvedAddress]
    do throws(SystemError) {
      addresses = try ResolvedAddress.all(host: url.host, port: url.port)
    } catch {
      throw CommandFailure(
        "the host \(UntrustedText.escaped(url.host)) cannot be resolved",
        exitCode: CommandFailure.unavailable)
    }
    guard let first = addresses.first else {
      throw CommandFailure(
        "the host \(UntrustedText.escaped(url.host)) has no address",
        exitCode: CommandFailure.unavailable)
    }
    guard addresses.count > 1 else { return first }
    return addresses.first(where: listens) ?? first
  }

  private static func listens(at address: ResolvedAddress) -> Bool {
    guard let number = try? Socket.connect(to: address) else { return false }
    let descriptor = OwnedDescriptor(owning: number)
    let readiness = Poll.wait(
      for: descriptor.number, .writable, milliseconds: probeMilliseconds)
    return !readiness.isEmpty && Socket.connectError(descriptor.number) == nil
  }
}
