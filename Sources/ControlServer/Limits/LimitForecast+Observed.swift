internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

extension LimitForecast {
  /// The forecast of one limit of a plan.
  init(_ item: LimitPlan.Item, of plan: LimitPlan, from observer: Observer) {
    self.init(key: item.key, old: item.key.text(of: item.old), new: item.key.text(of: item.new))
    narrowerRoutes = item.narrowerRoutes.count
    narrowerSessions = item.narrowerSessions.count
    sessionsOver = SessionsOver(item, of: plan, .largest, in: observer).ids?.count
    switch item.key {
    case .messageBytes: forecastMessages(item, plan, observer)
    case .sessions: forecastPeak(item, observer) { ($0.sessions.sessionCount, nil) }
    case .sessionsPerAddress:
      forecastPeak(item, observer) { ($0.sessions.addressSessionCount, $0.sessions.address) }
    // Peaks are those of the whole engine.
    case .backlogBytes where plan.scope == .engine && narrowerRoutes + narrowerSessions == 0:
      forecastPeak(item, observer) { ($0.backlogByteCount, nil) }
    default: break
    }
  }

  // MARK: Messages

  private mutating func forecastMessages(
    _ item: LimitPlan.Item, _ plan: LimitPlan, _ observer: Observer
  ) {
    let limit = item.new.amountOrNil ?? .max
    let moment = observer.moment
    if case .session(let id) = plan.scope {
      guard let sample = observer.session(id)?.sample else { return }
      recordedSeconds = moment.secondsSince(sample.openedAt)
      messagesIn = MessageForecast(ofOne: sample.messagesIn, sample.largestIn, over: limit)
      messagesOut = MessageForecast(ofOne: sample.messagesOut, sample.largestOut, over: limit)
      return
    }
    let routes = observer.routePatterns.enumerated().filter { _, pattern in
      switch plan.scope {
      case .route(let wanted): UTF8Name(pattern) == wanted
      default: !item.narrowerRoutes.contains(UTF8Name(pattern))
      }
    }.map(\.offset)
    let span = SizeRecord.Span.minutes(SizeRecord.minuteCount)
    recordedSeconds = observer.hour.seconds(in: span, at: moment)
    messagesIn = MessageForecast(
      observer.hour.sizeCounts(ofRoutes: routes, .received, span), over: limit)
    messagesOut = MessageForecast(
      observer.hour.sizeCounts(ofRoutes: routes, .sent, span), over: limit)
  }

  // MARK: Peaks

  private mutating func forecastPeak(
    _ item: LimitPlan.Item, _ observer: Observer,
    of measure: (HourRecord.Peaks) -> (amount: Int, address: String?)
  ) {
    let moment = observer.moment
    recordedSeconds = observer.hour.peakSeconds(at: moment)
    let limit = item.new.amountOrNil ?? .max
    let peaks = observer.hour.allPeaks(at: moment).map { ($0, measure($0)) }
    guard let greatest = peaks.max(by: { $0.1.amount < $1.1.amount }) else { return }
    peak = PeakForecast(
      greatest: greatest.1.amount, at: greatest.0.at,
      secondsAgo: moment.secondsSince(greatest.0.instant), address: greatest.1.address,
      minutesOver: peaks.count { $0.1.amount > limit }, minutes: peaks.count)
  }
}

extension MessageForecast {
  /// The messages over a limit among counts by `SizeBuckets`' indices.
  init(_ counts: [Int], over limit: Int) {
    // Sizes in buckets above the limit's are all over it; in its own bucket only some may be.
    let cut = SizeBuckets.index(of: limit)
    let above = counts[(cut + 1)...].reduce(0, &+)
    let range = SizeBuckets.range(of: cut)
    // The last bucket also takes all larger sizes, so that no value is its upper bound.
    let cutsBucket = limit < range.upperBound || cut == SizeBuckets.count - 1
    let doubtful = cutsBucket ? counts[cut] : 0
    self.init(
      atLeast: above, atMost: above &+ doubtful, total: counts.reduce(0, &+),
      bucket: doubtful > 0 ? range : nil)
  }

  /// The messages of one session, of which only the largest is known.
  fileprivate init(ofOne count: Int, _ largest: Int, over limit: Int) {
    if largest > limit {
      self.init(atLeast: 1, atMost: count == 1 ? 1 : nil, total: count)
    } else {
      self.init(atLeast: 0, atMost: 0, total: count)
    }
  }
}

extension LimitValue {
  /// The amount; nil for a word or `off`.
  var amountOrNil: Int? {
    if case .amount(let amount) = self { amount } else { nil }
  }
}
