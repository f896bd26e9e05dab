import EventLoop

/// An address that the server has bound: a descriptor for each reactor, or one for all.
struct BoundListener: Sendable {
  /// The address with the port it really has.
  let address: SocketAddress
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
    _ addresses: [SocketAddress], reactorCount: Int
  ) throws -> [BoundListener] {
    var bound: [BoundListener] = []
    do {
      for address in addresses { bound.append(try bind(address, reactorCount: reactorCount)) }
    } catch {
      for listener in bound { Set(listener.descriptors).forEach(Syscalls.close) }
      throw error
    }
    return bound
  }

  private static func bind(
    _ address: SocketAddress, reactorCount: Int
  ) throws -> BoundListener {
    guard case .internet = address else {
      if case .unix(let path) = address, try !Socket.removeStaleSocket(path) {
        throw ConfigurationError.addressInUse(address.description)
      }
      let (descriptor, _) = try Socket.listen(on: address, sharesPort: false)
      return BoundListener(
        address: address, descriptors: Array(repeating: descriptor, count: reactorCount))
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
    return BoundListener(address: actual, descriptors: descriptors)
  }
}

extension SessionReactor {
  /// Watches this reactor's share of the listeners.
  func listen(on bound: [BoundListener]) {
    let server = server
    acceptors.whenExhausted = { error in
      server.notices.post(.outOfDescriptors)
      server.log("accepting pauses", about: [("error", "\(error)")])
    }
    acceptors.makeRoom = { [unowned self] in endSlowestOpenings() }
    for listener in bound {
      do throws(SystemError) {
        try acceptors.add(
          SessionListener(
            descriptor: listener.descriptors[share.index], address: listener.address.description,
            isShared: listener.isShared, sessions: self))
      } catch {
        server.log(
          "cannot watch a listener",
          about: [("address", listener.address.description), ("error", "\(error)")])
      }
    }
  }
}
