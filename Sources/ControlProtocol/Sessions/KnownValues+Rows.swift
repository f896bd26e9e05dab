extension KnownValues {
  /// Adds what rows tell of their texts: rooms, tags, subprotocols, user agents, actors.
  public mutating func add(_ rows: some Sequence<SessionRow>) {
    for row in rows {
      add(row.texts(.room), to: .room)
      add(row.texts(.tag), to: .tag)
      add(row.texts(.path), to: .path)
      add(row.texts(.address), to: .address)
      add(row.texts(.subprotocol), to: .subprotocol)
      add(row.texts(.userAgent), to: .userAgent)
      add(row.texts(.actor), to: .actor)
    }
  }
}
