internal import ControlProtocol

extension SessionFilter {
  /// The filter of a text for a role: an operator finds live sessions by texts that are redacted for
  /// others.
  init(_ text: String, for role: ControlRole) throws(FilterError) {
    try self.init(text)
    seesSecrets = role == .operate
  }
}
