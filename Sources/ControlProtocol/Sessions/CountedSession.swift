public import Vocabulary

/// A session whose numbers are counted; the numbers of its fields follow from these.
public protocol CountedSession: SessionFieldSubject {
  /// The client's port; 0 where there is none, nil if it is not known.
  var clientPort: Int? { get }
  /// Messages received.
  var messagesIn: Int { get }
  /// Messages sent.
  var messagesOut: Int { get }
  /// Payload bytes received.
  var bytesIn: Int { get }
  /// Payload bytes sent.
  var bytesOut: Int { get }
  /// Bytes received on the connection.
  var wireBytesIn: Int { get }
  /// Bytes sent on the connection.
  var wireBytesOut: Int { get }
  /// The largest message received, in bytes.
  var largestIn: Int { get }
  /// The largest message sent, in bytes.
  var largestOut: Int { get }
  /// Output that the peer has yet to take, in bytes.
  var backlogBytes: Int { get }
  /// The most that `backlogBytes` ever was.
  var backlogPeakBytes: Int { get }
  /// Messages that `backlog-policy` dropped.
  var droppedMessages: Int { get }
  /// The smoothed round trip; nil before the first pong.
  var roundTripMilliseconds: Double? { get }
  /// Payload bytes for each byte on the connection; nil without compression or bytes.
  var compressionRatio: Double? { get }
  /// The rates of the last second; nil while they are not known.
  var rates: SessionRates? { get }
  /// How many rooms it is in; nil while that is not known.
  var roomCount: Int? { get }
  /// The close code; nil for a live session.
  var closeCode: CloseCode? { get }
  /// Its age in seconds.
  func age(now: Double) -> Double
  /// Seconds since the last message in either direction.
  func idle(now: Double) -> Double
  /// Seconds since it was closed; nil for a live session.
  func secondsSinceClose(now: Double) -> Double?
}

extension CountedSession {
  /// The number of each field; states and flags have numbers to sort by.
  @inlinable
  public func number(_ field: SessionField, now: Double) -> SessionNumber {
    switch field {
    case .port: clientPort.map { .whole($0) } ?? .unknown
    case .state: .whole(SessionState.allCases.firstIndex(of: state) ?? 0)
    case .age: .value(age(now: now))
    case .idle: .value(idle(now: now))
    case .messagesIn: .whole(messagesIn)
    case .messagesOut: .whole(messagesOut)
    case .bytesIn: .whole(bytesIn)
    case .bytesOut: .whole(bytesOut)
    case .largest: .whole(max(largestIn, largestOut))
    case .backlog: .whole(backlogBytes)
    case .backlogPeak: .whole(backlogPeakBytes)
    case .dropped: .whole(droppedMessages)
    case .roundTrip: soFar(roundTripMilliseconds)
    case .messageRateIn: soFar(rates?.messagesIn)
    case .messageRateOut: soFar(rates?.messagesOut)
    case .byteRateIn: soFar(rates?.bytesIn)
    case .byteRateOut: soFar(rates?.bytesOut)
    case .wireIn: .whole(wireBytesIn)
    case .wireOut: .whole(wireBytesOut)
    case .ratio: flag(.compressed) ? soFar(compressionRatio) : .absent
    case .rooms: roomCount.map { .whole($0) } ?? soFar(nil)
    case .closed: SessionNumber(orAbsent: secondsSinceClose(now: now))
    case .code: closeCode.map { .whole(Int($0.rawValue)) } ?? .absent
    case .tls, .compressed, .tapped, .throttled: .whole(flag(field) ? 1 : 0)
    case .id, .route, .path, .query, .room, .address, .subprotocol, .userAgent, .tag, .who, .actor:
      .absent
    }
  }

  /// A number that a live session may still get, and a closed one will not.
  @inlinable
  func soFar(_ number: Double?) -> SessionNumber {
    state == .closed ? SessionNumber(orAbsent: number) : SessionNumber(orUnknown: number)
  }
}
