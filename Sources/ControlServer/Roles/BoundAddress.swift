internal import ControlProtocol
internal import EventLoop
internal import Vocabulary

/// Where clients from elsewhere find the control API.
struct BoundAddress: Sendable {
  /// A listening socket and what is known of it.
  struct Listening {
    /// The socket, which the holder owns.
    var descriptor: Int32
    var address: BoundAddress
  }

  /// The address that was asked for, with the port that the system gave.
  let address: SocketAddress
  /// Whether only this machine can reach it.
  let isLoopback: Bool

  /// For people: `127.0.0.1:9443`.
  var text: String { UntrustedText.escaped(address.description) }

  /// What the event log says of it: a warning if other machines can reach it.
  var event: EventDraft {
    EventDraft(
      isLoopback ? .engine : .problem,
      "the control API listens on \(text) with TLS"
        + (isLoopback ? "" : ", which can be reached from other machines"))
  }

  /// Listens on all addresses, or on none.
  static func listen(on addresses: [SocketAddress]) throws(SystemError) -> [Listening] {
    var listening: [Listening] = []
    do throws(SystemError) {
      for address in addresses {
        let (descriptor, bound) = try Socket.listen(on: address, sharesPort: false, backlog: 128)
        let own = try? Socket.boundAddress(of: descriptor).address
        listening.append(
          Listening(
            descriptor: descriptor,
            address: BoundAddress(
              address: bound,
              isLoopback: own.flatMap { IPAddress($0) }?.isLoopback ?? false)))
      }
    } catch {
      for one in listening { Syscalls.close(one.descriptor) }
      throw error
    }
    return listening
  }
}
