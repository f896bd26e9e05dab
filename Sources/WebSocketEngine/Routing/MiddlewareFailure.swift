package import WebSocketProtocol

/// The reason why middleware ended an opening handshake.
package enum MiddlewareFailure: Error {
  /// It rejected the request.
  case rejected(HandshakeRejection)
  /// It failed; the error is for the log, not for the client.
  case failed(any Error)

  /// The refusal for the client and for statistics.
  package var refusal: HandshakeRefusal {
    switch self {
    case .rejected(let rejection): .rejected(rejection.status, body: rejection.body)
    case .failed: .handlerFailed
    }
  }

  /// The header fields of the response, besides the refusal's own.
  package var headers: Headers {
    switch self {
    case .rejected(let rejection): rejection.headers
    case .failed: Headers()
    }
  }
}

extension Request {
  /// Runs middleware in order, until one throws.
  package mutating func pass(
    _ middleware: [any HandshakeMiddleware]
  ) throws(MiddlewareFailure) {
    for step in middleware {
      do {
        try step.handshake(&self)
      } catch let rejection as HandshakeRejection {
        throw .rejected(rejection)
      } catch {
        throw .failed(error)
      }
    }
  }
}
