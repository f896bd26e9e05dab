import WebSocketProtocol

extension ClosingHandshake {
  /// Whether both close frames were exchanged, the RFC's *clean* (§7.1.4).
  var isClean: Bool { hasSentClose && hasReceivedClose }
}
