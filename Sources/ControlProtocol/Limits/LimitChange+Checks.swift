public import Vocabulary

// Requests are checked here before the engine is asked, in one place for both ends.

extension LimitChange {
  /// A change with keys, values and scope of the table of limits.
  public struct Checked: Equatable, Sendable {
    /// The limits to set.
    public var set: [LimitKey: LimitValue]
    /// The limits to unset.
    public var unset: Set<LimitKey>
  }

  /// The allowed times until a revert, in milliseconds.
  public static let revertRange = 1000...604_800_000

  /// The request, if its settings, the fate of sessions and the time are valid.
  public func checked() throws(ControlError) -> LimitChange {
    let settings = try settings()
    _ = try revertAfterMilliseconds()
    if over != .close, order != nil {
      throw ControlError(
        code: "invalid-order", message: "an order is for sessions that are closed: over=close")
    }
    let keys = settings.unset.union(settings.set.keys)
    if over == .close,
      let key = LimitKey.allCases.first(where: {
        keys.contains($0) && !$0.knowsSessionsOver
      })
    {
      let known = LimitKey.allCases.filter(\.knowsSessionsOver).map(\.rawValue)
      throw ControlError(
        code: "over-not-known",
        message: "which sessions are over \(key.rawValue) is not known, so none can be closed for "
          + "it; it is known for \(known.joined(separator: ", "))")
    }
    return self
  }

  /// The time until the change reverts, in milliseconds; nil: never.
  ///
  /// - Throws: `ControlError` for an invalid time, or one out of range.
  public func revertAfterMilliseconds() throws(ControlError) -> Int? {
    guard let revertAfter else { return nil }
    let milliseconds = QuantityText.milliseconds(from: revertAfter)
    guard let milliseconds, Self.revertRange.contains(milliseconds) else {
      throw ControlError(
        code: "invalid-time",
        message: "revert after \(UntrustedText.escaped(revertAfter, limit: 32)): wants "
          + "\(QuantityText.exactMilliseconds(Self.revertRange.lowerBound)) to "
          + QuantityText.exactMilliseconds(Self.revertRange.upperBound)
          + (QuantityText.faultOfTime(revertAfter).map { "; \($0)" } ?? ""))
    }
    return milliseconds
  }

  /// The settings as values.
  ///
  /// - Throws: `ControlError` for an unknown key, a value out of range, a scope at which a limit
  ///   cannot be set, a key that is set and unset, and for no settings at all.
  public func settings() throws(ControlError) -> Checked {
    var checked = Checked(set: [:], unset: [])
    do throws(LimitError) {
      for (name, text) in (set ?? [:]).sorted(by: { $0.key < $1.key }) {
        let key = try self.key(name)
        checked.set[key] = try key.value(from: text)
      }
      for name in unset ?? [] { checked.unset.insert(try key(name)) }
    } catch {
      throw ControlError(code: "invalid-limit", message: error.description)
    }
    if let key = checked.unset.first(where: checked.set.keys.contains) {
      throw ControlError(
        code: "invalid-limit", message: "\(key.rawValue) cannot be set and unset at once")
    }
    guard !checked.set.isEmpty || !checked.unset.isEmpty else {
      throw ControlError(code: "invalid-limit", message: "no limit to set or unset is named")
    }
    return checked
  }

  private func key(_ name: String) throws(LimitError) -> LimitKey {
    try LimitKey(name, at: scope)
  }
}

extension LimitKeep {
  /// The request, if the limits exist at the scope.
  public func checked() throws(ControlError) -> LimitKeep {
    _ = try limitKeys()
    return self
  }

  /// The named limits; nil: all.
  public func limitKeys() throws(ControlError) -> Set<LimitKey>? {
    guard let keys else { return nil }
    var known: Set<LimitKey> = []
    do throws(LimitError) {
      for name in keys { known.insert(try LimitKey(name, at: scope)) }
    } catch {
      throw ControlError(code: "invalid-limit", message: error.description)
    }
    return known
  }
}

extension LimitKey {
  /// The limit of a name, if it can be set at a scope.
  fileprivate init(_ name: String, at scope: LimitScope?) throws(LimitError) {
    guard let key = LimitKey(rawValue: name) else { throw .unknownKey(name) }
    switch scope {
    case .route where !key.definition.scopes.contains(.route):
      throw .scopeNotPermitted(key, scope: "route")
    case .session where !key.definition.scopes.contains(.session):
      throw .scopeNotPermitted(key, scope: "session")
    default: self = key
    }
  }
}
