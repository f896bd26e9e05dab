internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

extension LimitRow {
  /// A limit as the engine holds it.
  init(_ limit: EffectiveLimit) {
    self.init(
      key: limit.key, value: limit.key.text(of: limit.value),
      defaultValue: limit.key.text(of: limit.defaultValue), source: LimitSource(limit.origin),
      scope: LimitScope(limit.level))
  }
}

extension LimitSource {
  fileprivate init(_ origin: LimitOrigin) {
    self =
      switch origin {
      case .default: .default
      case .environment: .environment
      case .flag: .flag
      case .operator: .operator
      case .handler: .handler
      }
  }
}

extension LimitScope {
  fileprivate init(_ level: LimitLevel) {
    self =
      switch level {
      case .engine: .engine
      case .route(let pattern): .route(pattern)
      case .session(let id): .session(id)
      }
  }

  /// The scope as the engine names it.
  var level: LimitLevel {
    switch self {
    case .engine: .engine
    case .route(let pattern): .route(pattern)
    case .session(let id): .session(id)
    }
  }
}
