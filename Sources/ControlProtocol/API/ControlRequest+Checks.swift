extension ControlRequest {
  /// The request, checked as the engine checks it: it is read from what HTTP would send of it, so
  /// that the same is refused in the same words.
  ///
  /// - Throws: `ControlRefusal` with 400.
  public func checked() throws(ControlRefusal) -> ControlRequest {
    let http = http
    let target = http.target.split(separator: "?", maxSplits: 1)
    return try ControlRequest(
      method: http.method.rawValue, path: endpoint.path,
      query: target.count > 1 ? String(target[1]) : nil, body: http.body)
  }
}
