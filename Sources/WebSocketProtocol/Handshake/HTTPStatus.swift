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
  /// 504: the server behind this one did not answer in time.
  public static let gatewayTimeout = HTTPStatus(504)
  /// 505: the server does not speak that version of HTTP.
  public static let httpVersionNotSupported = HTTPStatus(505)

  /// IANA's phrase for the code, or an empty one, which the grammar allows (RFC 9112 §4).
  public var reasonPhrase: String {
    switch rawValue {
    case 101: "Switching Protocols"
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 206: "Partial Content"
    case 300: "Multiple Choices"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 303: "See Other"
    case 304: "Not Modified"
    case 307: "Temporary Redirect"
    case 308: "Permanent Redirect"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 402: "Payment Required"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 407: "Proxy Authentication Required"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 410: "Gone"
    case 411: "Length Required"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 416: "Range Not Satisfiable"
    case 417: "Expectation Failed"
    case 421: "Misdirected Request"
    case 422: "Unprocessable Content"
    case 425: "Too Early"
    case 426: "Upgrade Required"
    case 428: "Precondition Required"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 451: "Unavailable For Legal Reasons"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    case 511: "Network Authentication Required"
    default: ""
    }
  }
}
