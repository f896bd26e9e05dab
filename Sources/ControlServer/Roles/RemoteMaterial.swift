internal import EventLoop

/// The certificates and tokens for clients from elsewhere, read from files, all or nothing.
struct RemoteMaterial: Sendable {
  /// The TLS context of their connections.
  let context: TLSContext
  /// The tokens of their holders.
  let tokens: ControlTokens

  /// Reads the files.
  init(_ remote: RemoteControl) throws(RemoteControlError) {
    guard (1...RemoteControl.maximumAddressCount).contains(remote.addresses.count),
      remote.addresses.allSatisfy({ if case .internet = $0 { true } else { false } })
    else {
      throw RemoteControlError(
        "the control API wants 1 to \(RemoteControl.maximumAddressCount) Internet addresses")
    }
    do throws(TLSError) {
      context = try TLSContext.server(remote.tls)
    } catch {
      throw RemoteControlError(error)
    }
    tokens = try ControlTokens(file: remote.tokens)
  }
}
