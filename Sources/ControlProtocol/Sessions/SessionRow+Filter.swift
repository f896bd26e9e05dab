public import Vocabulary

extension SessionRow: SessionFilterSubject {
  /// Its age in seconds.
  ///
  /// - Parameter now: the time in seconds since 1970, for an engine that does not tell ages.
  public func age(now: Double) -> Double {
    max(0, ageSeconds ?? (ending?.at ?? now) - openedAt)
  }

  /// Who closed it.
  public var closeInitiator: CloseInitiator? { ending?.by }

  /// Tests the row's text; the rooms of a live session are known if the row tells all of them.
  public func hasText(_ key: FilterTextKey, where test: (Span<UInt8>) -> Bool) -> Bool? {
    switch key {
    case .route: test(route.utf8.span)
    case .path: test(path.utf8.span)
    case .address: test(address.utf8.span)
    case .userAgent: userAgent.map { test($0.utf8.span) } ?? false
    case .subprotocol: subprotocol.map { test($0.utf8.span) } ?? false
    case .tag: (tags ?? []).contains { SessionTag.hasText($0, where: test) }
    case .room: hasRoom(where: test)
    }
  }

  /// The row's number of that key.
  public func number(_ key: FilterNumberKey, now: Double) -> FilterNumber {
    switch key {
    case .port: .value(Double(port))
    case .age: .value(age(now: now))
    case .idle: .value(idleSeconds)
    case .messagesIn: .value(Double(messagesIn))
    case .messagesOut: .value(Double(messagesOut))
    case .bytesIn: .value(Double(bytesIn))
    case .bytesOut: .value(Double(bytesOut))
    case .largest: .value(Double(max(largestIn, largestOut)))
    case .backlog: .value(Double(backlogBytes))
    case .roundTrip: soFar(roundTripMilliseconds)
    case .closed: FilterNumber(orAbsent: ending.map { $0.secondsAgo ?? now - $0.at })
    case .code: FilterNumber(orAbsent: ending.map { Double($0.code.rawValue) })
    case .messageRateIn: soFar(rates?.messagesIn)
    case .messageRateOut: soFar(rates?.messagesOut)
    case .byteRateIn: soFar(rates?.bytesIn)
    case .byteRateOut: soFar(rates?.bytesOut)
    case .wireIn: .value(Double(wireBytesIn))
    case .wireOut: .value(Double(wireBytesOut))
    case .ratio: compressed ? soFar(compressionRatio) : .absent
    case .rooms: soFar(roomCount.map(Double.init))
    }
  }

  /// A number that a live session may still get, and a closed one will not.
  private func soFar(_ number: Double?) -> FilterNumber {
    state == .closed ? FilterNumber(orAbsent: number) : FilterNumber(orUnknown: number)
  }

  private func hasRoom(where test: (Span<UInt8>) -> Bool) -> Bool? {
    let rooms = rooms ?? []
    if rooms.contains(where: { test($0.utf8.span) }) { return true }
    return state == .closed || roomCount == rooms.count ? false : nil
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
