internal import ControlProtocol
internal import EventLoop

/// The peer at the other end of a connection.
enum ControlPeer {
  /// A process of this machine, on the Unix socket.
  case local(PeerCredentials, userName: String?)
  /// A client from elsewhere; its holder is known once a request has shown a token.
  case remote(PeerAddress, ControlTokens.Holder?)

  /// The role of the peer.
  var role: ControlRole {
    switch self {
    case .local: .operate
    case .remote(_, let holder): holder?.role ?? .view
    }
  }

  /// Whether it came in through TLS.
  var isRemote: Bool { if case .remote = self { true } else { false } }

  /// Whether the peer's identity is known.
  var isAuthenticated: Bool {
    if case .remote(_, nil) = self { false } else { true }
  }

  /// The peer as the API and the event log know it: `alice uid 1000 pid 4242`,
  /// `bob (view) at 10.0.0.7:5544`.
  var actor: ControlActor {
    switch self {
    case .local(let process, let userName):
      let user = userName.map { "\($0) " } ?? ""
      return ControlActor(
        name: "\(user)uid \(process.userID) pid \(process.processID)",
        who: userName ?? "uid \(process.userID)", role: role)
    case .remote(let address, let holder):
      let place = SocketAddress.internet(host: address.address, port: address.port).description
      let name = holder.map { "\($0.name) (\($0.role.rawValue)) at " } ?? ""
      return ControlActor(
        name: name + place, who: holder?.name ?? place, role: role, holder: holder?.name)
    }
  }
}
