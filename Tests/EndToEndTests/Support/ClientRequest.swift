/// One line to the Python program that holds the clients.
struct ClientRequest: Encodable {
  var op: String
  var name: String?
  var url: String?
  var headers: [String: String]?
  var origin: String?
  var subprotocols: [String]?
  var unix: String?
  /// The file of the certificate that the server's has to be signed by.
  var authority: String?
  /// The files of the client's own certificate and its key.
  var certificate: String?
  var key: String?
  var reads: Bool?
  var text: String?
  /// Bytes in base 64.
  var binary: String?
  var size: Int?
  /// How many fragments of that size make the message.
  var parts: Int?
  var isText: Bool?
  var code: Int?
  var reason: String?
  var port: Int?
  /// The number of the line, by which its answer is known.
  var number: Int?
}
