import EventLoop

/// An address that the server has bound: a descriptor for each reactor, or one for all.
struct BoundListener: Sendable {
  /// The place of its listener among those of the configuration: a listener on a name may have
  /// several addresses.
  let index: Int
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
      for (index, listener) in listeners.enumerated() {
        bound += try bind(listener, at: index, reactorCount: reactorCount)
      }
    } catch {
      for listener in bound { listener.release() }
      throw error
    }
    return bound
  }

  /// Removes the file and closes the descriptors; nobody watches them any more.
  ///
  /// - Returns: the reason why the file could not be removed, or nil.
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
    _ listener: Listener, at index: Int, reactorCount: Int
  ) throws -> [BoundListener] {
    if case .unix(let path) = listener.address {
      return [try bind(path, listener, at: index, reactorCount: reactorCount)]
    }
    return try Socket.listen(everywhere: listener.place) { address, port throws(SystemError) in
      try bind(address, port, listener, at: index, reactorCount: reactorCount)
    } port: { bound in
      if case .internet(_, let port) = bound.address { port } else { nil }
    } release: { bound in
      bound.release()
    }
  }

  private static func bind(
    _ path: String, _ listener: Listener, at index: Int, reactorCount: Int
  ) throws -> BoundListener {
    do throws(SocketFile.Failure) {
      let (descriptor, file) = try SocketFile.listen(at: path, mode: listener.place.fileMode)
      return BoundListener(
        index: index, address: listener.address, text: listener.description,
        descriptors: Array(repeating: descriptor, count: reactorCount), file: file)
    } catch {
      guard case .inUse = error else { throw error }
      throw ConfigurationError.addressInUse(listener.address.description)
    }
  }

  private static func bind(
    _ address: ResolvedAddress, _ port: UInt16?, _ listener: Listener, at index: Int,
    reactorCount: Int
  ) throws(SystemError) -> BoundListener {
    // The address is bound alone first, so that an engine which shares its port with its own
    // reactors is found out.
    Syscalls.close(try Socket.listen(on: address, port: port, sharesPort: false).descriptor)
    var descriptors: [Int32] = []
    var actual = address.address
    do throws(SystemError) {
      for _ in 0..<reactorCount {
        let known: UInt16? = if case .internet(_, let number) = actual { number } else { nil }
        let bound = try Socket.listen(
          on: address, port: descriptors.isEmpty ? port : known, sharesPort: true)
        descriptors.append(bound.descriptor)
        actual = bound.address
      }
    } catch {
      descriptors.forEach(Syscalls.close)
      throw error
    }
    return BoundListener(
      index: index, address: actual, text: Listener(actual, tls: listener.tls).description,
      descriptors: descriptors)
  }
}

extension SessionReactor {
  /// Watches this reactor's share of the listeners.
  func listen(on bound: [BoundListener], _ contexts: TLSContexts) {
    let server = server
    acceptors.whenExhausted = { error in
      server.acceptingPauses(error)
    }
    acceptors.whenSettled = { duration in
      server.acceptingGoesOn(after: duration)
    }
    acceptors.makeRoom = { [unowned self] in endSlowestOpenings() }
    for listener in bound {
      do throws(SystemError) {
        try acceptors.add(
          SessionListener(
            listener.index, descriptor: listener.descriptors[handle.index], address: listener.text,
            tls: contexts[listener.index], isShared: listener.isShared, sessions: self))
      } catch {
        server.log(
          "cannot watch a listener",
          about: [("address", listener.address.description), ("error", "\(error)")])
      }
    }
  }
}
