import EventLoop

/// An address that the server has bound: a descriptor for each reactor, or one for all.
struct BoundListener: Sendable {
  /// The address with the port it really has.
  let address: SocketAddress
  /// The address as it is shown.
  let text: String
  /// One descriptor a reactor; for a Unix socket the same one.
  let descriptors: [Int32]

  /// The path to remove at the end.
  var unixPath: String? {
    if case .unix(let path) = address { path } else { nil }
  }

  var isShared: Bool { unixPath != nil }

  /// Binds all addresses, or none.
  ///
  /// With SO_REUSEPORT a second engine of the same user would silently share a port, so each
  /// address is first bound without it and released.
  static func bind(
    _ listeners: [Listener], reactorCount: Int
  ) throws -> [BoundListener] {
    var bound: [BoundListener] = []
    do {
      for listener in listeners { bound.append(try bind(listener, reactorCount: reactorCount)) }
    } catch {
      for listener in bound { Set(listener.descriptors).forEach(Syscalls.close) }
      throw error
    }
    return bound
  }

  private static func bind(
    _ listener: Listener, reactorCount: Int
  ) throws -> BoundListener {
    let address = listener.address
    guard case .internet = address else {
      if case .unix(let path) = address, try !Socket.removeStaleSocket(path) {
        throw ConfigurationError.addressInUse(address.description)
      }
      let (descriptor, _) = try Socket.listen(on: address, sharesPort: false)
      return BoundListener(
        address: address, text: listener.description,
        descriptors: Array(repeating: descriptor, count: reactorCount))
    }
    Syscalls.close(try Socket.listen(on: address, sharesPort: false).descriptor)
    var descriptors: [Int32] = []
    var actual = address
    do {
      for _ in 0..<reactorCount {
        let listener = try Socket.listen(on: actual, sharesPort: true)
        descriptors.append(listener.descriptor)
        actual = listener.address
      }
    } catch {
      descriptors.forEach(Syscalls.close)
      throw error
    }
    return BoundListener(
      address: actual, text: Listener(actual, tls: listener.tls).description,
      descriptors: descriptors)
  }
}

extension SessionReactor {
  /// Watches this reactor's share of the listeners.
  func listen(on bound: [BoundListener], _ contexts: TLSContexts) {
    let server = server
    acceptors.whenExhausted = { error in
      server.notices.post(.outOfDescriptors)
      server.log("accepting pauses", about: [("error", "\(error)")])
    }
    acceptors.makeRoom = { [unowned self] in endSlowestOpenings() }
    for (index, listener) in bound.enumerated() {
      do throws(SystemError) {
        try acceptors.add(
          SessionListener(
            index, descriptor: listener.descriptors[share.index], address: listener.text,
            tls: contexts[index], isShared: listener.isShared, sessions: self))
      } catch {
        server.log(
          "cannot watch a listener",
          about: [("address", listener.address.description), ("error", "\(error)")])
      }
    }
  }
}
