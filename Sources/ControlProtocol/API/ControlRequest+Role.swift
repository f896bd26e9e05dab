extension ControlRequest {
  /// The role that the request needs: a request by GET changes nothing.
  public var role: ControlRole { method == .get ? .view : .operate }
}
