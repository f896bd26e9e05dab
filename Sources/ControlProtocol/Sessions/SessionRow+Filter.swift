public import Vocabulary

extension SessionRow: SessionFilterSubject {
  /// Who closed it.
  public var closeInitiator: CloseInitiator? { ending?.by }

  /// Tests the row's text; a row does not tell the rooms and tags of its session.
  public func hasText(_ key: FilterTextKey, where test: (Span<UInt8>) -> Bool) -> Bool {
    switch key {
    case .route: test(route.utf8.span)
    case .path: test(path.utf8.span)
    case .address: test(address.utf8.span)
    case .userAgent: userAgent.map { test($0.utf8.span) } ?? false
    case .subprotocol: subprotocol.map { test($0.utf8.span) } ?? false
    case .room, .tag: false
    }
  }

  /// The row's number of that key.
  public func number(_ key: FilterNumberKey, now: Double) -> Double? {
    switch key {
    case .port: Double(port)
    case .age: (ending?.at ?? now) - openedAt
    case .idle: idleSeconds
    case .messagesIn: Double(messagesIn)
    case .messagesOut: Double(messagesOut)
    case .bytesIn: Double(bytesIn)
    case .bytesOut: Double(bytesOut)
    case .largest: Double(max(largestIn, largestOut))
    case .backlog: Double(backlogBytes)
    case .roundTrip: roundTripMilliseconds
    case .closed: ending.map { now - $0.at }
    case .code: ending.map { Double($0.code.rawValue) }
    case .messageRateIn: rates?.messagesIn
    case .messageRateOut: rates?.messagesOut
    case .byteRateIn: rates?.bytesIn
    case .byteRateOut: rates?.bytesOut
    case .wireIn: Double(wireBytesIn)
    case .wireOut: Double(wireBytesOut)
    case .ratio: compressionRatio
    case .rooms: roomCount.map(Double.init)
    }
  }

  /// Whether the row has a flag.
  public func flag(_ flag: FilterFlag) -> Bool {
    switch flag {
    case .tls: tls
    case .compressed: compressed
    case .tapped: tapped
    case .throttled: throttled
    }
  }
}
