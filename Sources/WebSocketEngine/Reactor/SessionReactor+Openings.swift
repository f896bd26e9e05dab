import Vocabulary

extension SessionReactor {
  /// The most connections that give way at once.
  static let maximumGivingWayCount = 64

  /// Ends the oldest connections whose request is slow to come, since no descriptor is left: many
  /// that never finish it would otherwise keep everybody out for `handshake-timeout`.
  func endSlowestOpenings() {
    // Names are given in the order of accepting.
    let slow = openings.filter { $0.value.isSlow }.keys.sorted().prefix(Self.maximumGivingWayCount)
    for id in slow { openings[id]?.giveWay() }
  }
}
