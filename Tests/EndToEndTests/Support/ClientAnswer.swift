/// One line from the Python program that holds the clients.
struct ClientAnswer: Decodable {
  var number: Int
  var error: String?
  /// The HTTP status of a refused handshake.
  var status: Int?
  var port: Int?
  var text: String?
  /// Bytes in base 64.
  var binary: String?
  var size: Int?
  var digest: String?
  var isText: Bool?
  var code: Int?
  var reason: String?
  /// How many connections had each outcome.
  var counts: [String: Int]?
}
