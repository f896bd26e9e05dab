extension ControlRequest {
  /// The role that the request wants: what is asked with GET changes nothing.
  public var role: ControlRole { method == .get ? .view : .operate }
}
