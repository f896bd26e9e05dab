internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketProtocol

extension ControlLoop {
  // MARK: Connections

  /// Takes a connection from elsewhere, if there is room for one whose token is not known yet.
  func accept(_ descriptor: Int32, from address: PeerAddress) {
    let origin = RemoteGate.Origin(address)
    guard let remote, remote.gate.enter(origin, at: reactor.now) else {
      return Syscalls.close(descriptor)
    }
    do throws(TLSError) {
      let tls = try TLSConnection(server: remote.material.context, remote.buffers)
      Socket.keepAlive(descriptor)
      serve(ControlTransport(owning: descriptor, tls: tls), to: .remote(address, nil))
    } catch {
      remote.gate.leave(origin)
      Syscalls.close(descriptor)
    }
  }

  /// How many connections are served; connections without a known token do not count.
  var servedCount: Int { connections.count - (remote?.gate.openingCount ?? 0) }

  // MARK: Requests

  /// Finds the holder of a token in the head of a request; on the Unix socket the peer is known.
  func authenticate(
    _ head: RequestHead, on connection: ClientConnection
  ) throws(ControlRefusal) {
    guard case .remote(let address, let known) = connection.peer, let remote else { return }
    let origin = RemoteGate.Origin(address)
    guard let token = RemoteAccess.token(in: head.headers) else {
      throw ControlRefusal(
        status: 401, code: "token-missing",
        "the request has no token: wants Authorization: Bearer TOKEN")
    }
    // A right token passes, whatever wrong ones its address has shown.
    guard let holder = remote.material.tokens.holder(of: token) else {
      guard !remote.gate.isBlocked(origin, at: reactor.now) else {
        throw ControlRefusal(
          status: 429, code: "too-many-attempts",
          "the token is wrong, as \(RemoteGate.maximumFailureCount) others from your address were: "
            + "wait a minute")
      }
      tellOfFailure(remote.gate.fail(origin, at: reactor.now), from: address)
      throw ControlRefusal(
        status: 401, code: "token-unknown", "the engine does not know the token")
    }
    if known == nil {
      let count = connections.values.count { $0.peer.isRemote && $0.peer.isAuthenticated }
      guard count < ControlSettings.maximumRemoteCount else {
        throw ControlRefusal(
          status: 503, code: "too-many-connections",
          "the control API serves \(ControlSettings.maximumRemoteCount) connections from elsewhere")
      }
      remote.gate.leave(origin)
    }
    connection.peer = .remote(address, holder)
  }

  /// Records the first wrong token from an origin in a minute, and the one after which no more are
  /// looked at.
  private func tellOfFailure(_ count: Int, from address: PeerAddress) {
    if count == RemoteGate.maximumFailureCount {
      api.record(
        EventDraft(
          .problem,
          "looks at no wrong token of clients of the control API at \(address.address) for a minute: "
            + "they have shown \(count)"))
    } else if count == 1 {
      api.record(
        EventDraft(
          .problem, "refused a client of the control API at \(address.address): its token is wrong"),
        unlessToldLately: "wrong token")
    }
  }

  // MARK: Files

  /// Adopts certificates and tokens that were read again; clients whose tokens are no longer valid
  /// are sent away.
  func adopt(_ material: RemoteMaterial) {
    guard let remote else { return }
    remote.material = material
    for connection in Array(connections.values) {
      guard case .remote(_, let holder?) = connection.peer, !material.tokens.contains(holder) else {
        continue
      }
      connection.goAway(.policyViolation, reason: "the token holds no longer")
      if connection.isPushing { connection.finish() } else { connection.close() }
    }
  }
}
