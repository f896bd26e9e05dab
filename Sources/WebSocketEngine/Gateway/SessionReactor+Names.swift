import EventLoop

extension SessionReactor {
  /// The addresses of a host or path, at once where they are known.
  ///
  /// A full mailbox takes the answer too: `NameResolver` bounds how many wait.
  ///
  /// - Parameter answer: run once on this thread in a later turn, if nil is returned; not run if the
  ///   engine stops meanwhile.
  func resolve(
    _ address: SocketAddress,
    orLater answer:
      @escaping @Sendable (SessionReactor, Result<ResolvedName, ResolutionError>) -> Void
  ) -> Result<ResolvedName, ResolutionError>? {
    server.names.resolve(address) { [handle] result in
      handle.post(isUrgent: true) { answer($0, result) }
    }
  }
}
