import EventLoop

/// An address that the server has bound: a descriptor for each reactor, or one for all.
struct BoundListener: Sendable {
  /// The address with the port it really has.
  let address: SocketAddress
  /// The address as it is shown.
  let text: String
  /// One descriptor a reactor; for a Unix socket the same one.
  let descriptors: [Int32]
  /// The file to remove at the end; nil for an Internet address.
  var file: SocketFile?

  var isShared: Bool { file != nil }

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
      for listener in bound { listener.release() }
      throw error
    }
    return bound
  }

  /// Removes the file and closes the descriptors; nobody watches them any more.
  ///
  /// - Returns: why the file could not be removed, or nil.
  @discardableResult
  func release() -> SystemError? {
    defer { Set(descriptors).forEach(Syscalls.close) }
    do throws(SystemError) {
      try file?.remove()
      return nil
    } catch {
      return error
    }
  }

  private static func bind(
    _ listener: Listener, reactorCount: Int
  ) throws -> BoundListener {
    let address = listener.address
    if case .unix(let path) = address {
      do throws(SocketFile.Failure) {
        let (descriptor, file) = try SocketFile.listen(at: path)
        return BoundListener(
          address: address, text: listener.description,
          descriptors: Array(repeating: descriptor, count: reactorCount), file: file)
      } catch {
        guard case .inUse = error else { throw error }
        throw ConfigurationError.addressInUse(address.description)
      }
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
