internal import EventLoop

/// What is read from files for clients from elsewhere: certificates and tokens, all or nothing.
struct RemoteMaterial: Sendable {
  /// What their connections are secured with.
  let context: TLSContext
  /// Who they may be.
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
