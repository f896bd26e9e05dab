import ControlProtocol
package import Vocabulary

/// A number of the engine as a whole that an alarm can watch.
package enum EngineNumber: Hashable, Sendable {
  case sessions
  case opened
  case closed
  case closedWith(CloseCode)
  case refused
  case messagesIn
  case messagesOut
  case bytesIn
  case bytesOut
  case bufferedBytes

  /// One of each kind, in the order in which help lists them.
  static let all: [EngineNumber] = [
    .sessions, .opened, .closed, .closedWith(.messageTooBig), .refused, .messagesIn, .messagesOut,
    .bytesIn, .bytesOut, .bufferedBytes,
  ]

  /// The number of a name, such as `closes.1009/s`.
  init?(_ name: some StringProtocol) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 2, parts[0] == "closes", parts[1].hasSuffix("/s"),
      let code = QuantityText.count(from: String(parts[1].dropLast(2)))
        .flatMap(UInt16.init(exactly:))
    {
      self = .closedWith(CloseCode(rawValue: code))
      return
    }
    guard let number = Self.all.first(where: { $0.name == name }) else { return nil }
    self = number
  }

  /// The name in `console.conf`; rates are those of the last second, and of closes by code those of
  /// the last ten.
  var name: String {
    switch self {
    case .sessions: "sessions"
    case .opened: "opened/s"
    case .closed: "closes/s"
    case .closedWith(let code): "closes.\(code.rawValue)/s"
    case .refused: "refused/s"
    case .messagesIn: "messages.in/s"
    case .messagesOut: "messages.out/s"
    case .bytesIn: "bytes.in/s"
    case .bytesOut: "bytes.out/s"
    case .bufferedBytes: "buffered.bytes"
    }
  }

  /// A condition that is right, for errors and help.
  var example: String { name + (isBytes ? ">1MiB" : self == .sessions ? ">10000" : ">1") }

  private var isBytes: Bool {
    switch self {
    case .bytesIn, .bytesOut, .bufferedBytes: true
    default: false
    }
  }

  /// The amount that a text means, such as `1MiB`, `10000`, `0.5` or `30/m`; nil if it is none.
  func amount(_ text: String) -> Double? {
    if isBytes { return QuantityText.bytes(from: text).map(Double.init) }
    if self == .sessions { return QuantityText.count(from: text).map(Double.init) }
    return QuantityText.perSecond(from: text)
  }

  /// An amount of it, for people.
  func shown(_ amount: Double) -> String {
    switch self {
    case .sessions: QuantityText.shortCount(Int(amount))
    case .bufferedBytes: QuantityText.readableBytes(amount)
    case .bytesIn, .bytesOut: QuantityText.readableBytes(amount) + "/s"
    default: QuantityText.shortCount(amount) + "/s"
    }
  }

  /// The number now; nil before it is known.
  func value(in latest: LatestSnapshot) -> Double? {
    guard let statistics = latest.statistics else { return nil }
    let rates = statistics.rates
    return switch self {
    case .sessions: Double(statistics.sessions.open)
    case .opened: rates.opened
    case .closed: rates.closed
    case .closedWith(let code): latest.closeRates.perSecond(of: code)
    case .refused: rates.refused
    case .messagesIn: rates.messagesIn
    case .messagesOut: rates.messagesOut
    case .bytesIn: rates.bytesIn
    case .bytesOut: rates.bytesOut
    case .bufferedBytes: Double(statistics.bufferedBytes)
    }
  }
}
