internal import ControlProtocol

extension SessionFilter {
  /// The filter that a text means for somebody: who may act finds live sessions by what is redacted
  /// for others.
  init(_ text: String, for role: ControlRole) throws(FilterError) {
    try self.init(text)
    seesSecrets = role == .operate
  }
}
