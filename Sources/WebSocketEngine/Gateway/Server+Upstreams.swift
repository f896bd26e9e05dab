import Synchronization

extension Server {
  /// The routes that have upstreams, in their order, with their pools.
  package var upstreamPools: [(route: String, pool: UpstreamPool)] {
    pools.withLock { $0.map { (route: $0.route, pool: $0) } }
  }

  /// Adds the upstreams of a route.
  package func add(_ pool: UpstreamPool) {
    pools.withLock { $0.append(pool) }
  }
}
