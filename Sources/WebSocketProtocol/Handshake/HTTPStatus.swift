/// An HTTP status code, known or not (RFC 9110 §15).
public struct HTTPStatus: RawRepresentable, Hashable, Sendable {
  /// The number of three digits.
  public let rawValue: Int

  /// A status from its number; nil unless it has three digits and its class is 1 to 5.
  public init?(rawValue: Int) {
    guard (100...599).contains(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  private init(_ code: Int) {
    rawValue = code
  }

  /// 101: the connection speaks another protocol from here on.
  public static let switchingProtocols = HTTPStatus(101)
  /// 200: the request succeeded.
  public static let ok = HTTPStatus(200)
  /// 400: the request breaks the syntax or a rule.
  public static let badRequest = HTTPStatus(400)
  /// 401: the request needs credentials.
  public static let unauthorized = HTTPStatus(401)
  /// 403: the request is refused, whoever asks.
  public static let forbidden = HTTPStatus(403)
  /// 404: there is nothing at that path.
  public static let notFound = HTTPStatus(404)
  /// 405: the path does not take that method.
  public static let methodNotAllowed = HTTPStatus(405)
  /// 408: the request did not come in time.
  public static let requestTimeout = HTTPStatus(408)
  /// 409: the request does not fit the present state.
  public static let conflict = HTTPStatus(409)
  /// 411: the request needs a Content-Length.
  public static let lengthRequired = HTTPStatus(411)
  /// 413: the request's body is too large.
  public static let contentTooLarge = HTTPStatus(413)
  /// 421: the server does not answer for that host (RFC 9110 §15.5.20).
  public static let misdirectedRequest = HTTPStatus(421)
  /// 426: the path speaks another protocol only.
  public static let upgradeRequired = HTTPStatus(426)
  /// 429: the client asks too often.
  public static let tooManyRequests = HTTPStatus(429)
  /// 431: the head of the request is too large (RFC 6585 §5).
  public static let requestHeaderFieldsTooLarge = HTTPStatus(431)
  /// 500: the server failed.
  public static let internalServerError = HTTPStatus(500)
  /// 502: the server behind this one failed.
  public static let badGateway = HTTPStatus(502)
  /// 503: the server cannot take the request now.
  public static let serviceUnavailable = HTTPStatus(503)
  /// 505: the server does not speak that version of HTTP.
  public static let httpVersionNotSupported = HTTPStatus(505)

  /// IANA's phrase for the code, or an empty one, which the grammar allows (RFC 9112 §4).
  public var reasonPhrase: String {
    switch self {
    case .switchingProtocols: "Switching Protocols"
    case .ok: "OK"
    case .badRequest: "Bad Request"
    case .unauthorized: "Unauthorized"
    case .forbidden: "Forbidden"
    case .notFound: "Not Found"
    case .methodNotAllowed: "Method Not Allowed"
    case .requestTimeout: "Request Timeout"
    case .conflict: "Conflict"
    case .lengthRequired: "Length Required"
    case .contentTooLarge: "Content Too Large"
    case .misdirectedRequest: "Misdirected Request"
    case .upgradeRequired: "Upgrade Required"
    case .tooManyRequests: "Too Many Requests"
    case .requestHeaderFieldsTooLarge: "Request Header Fields Too Large"
    case .internalServerError: "Internal Server Error"
    case .badGateway: "Bad Gateway"
    case .serviceUnavailable: "Service Unavailable"
    case .httpVersionNotSupported: "HTTP Version Not Supported"
    default: ""
    }
  }
}
