internal import ControlProtocol
internal import EventLoop
internal import Vocabulary

/// The address at which clients from elsewhere find the control API.
struct BoundAddress: Sendable {
  /// A listening socket and its address.
  struct Listening {
    /// The socket, which the holder owns.
    var descriptor: Int32
    var address: BoundAddress
  }

  /// The address that was bound, with the port that the system gave.
  let address: SocketAddress
  /// Whether only this machine can reach it.
  let isLoopback: Bool

  /// The address for people: `127.0.0.1:9443`.
  var text: String { UntrustedText.escaped(address.description) }

  /// The event for the log: a warning if other machines can reach it.
  var event: EventDraft {
    EventDraft(
      isLoopback ? .engine : .problem,
      "the control API listens on \(text) with TLS"
        + (isLoopback ? "" : ", which can be reached from other machines"))
  }

  /// Listens on all places, or on none.
  static func listen(on places: [ListenAddress]) throws(SystemError) -> [Listening] {
    var listening: [Listening] = []
    do throws(SystemError) {
      for place in places {
        listening += try Socket.listen(everywhere: place) { address, port throws(SystemError) in
          try listen(on: address, at: port)
        } port: { one in
          if case .internet(_, let port) = one.address.address { port } else { nil }
        } release: { one in
          Syscalls.close(one.descriptor)
        }
      }
    } catch {
      for one in listening { Syscalls.close(one.descriptor) }
      throw error
    }
    return listening
  }

  private static func listen(
    on address: ResolvedAddress, at port: UInt16?
  ) throws(SystemError) -> Listening {
    let (descriptor, bound) = try Socket.listen(
      on: address, port: port, sharesPort: false, backlog: 128)
    let isLoopback =
      if case .internet(let host, _) = bound { IPAddress(host)?.isLoopback ?? false } else { false }
    return Listening(
      descriptor: descriptor, address: BoundAddress(address: bound, isLoopback: isLoopback))
  }
}
