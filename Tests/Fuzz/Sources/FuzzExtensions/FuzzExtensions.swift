import FuzzSupport
import Vocabulary
import WebSocketProtocol

/// Lists of extensions: the values of Sec-WebSocket-Extensions fields, a zero byte between them.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let values = input.parts().map { String(decoding: $0, as: UTF8.self) }
  guard let extensions = Extension.parse(values) else { return 0 }
  for one in extensions {
    promise(isToken(one.name), "a name is \(one.name)")
    for parameter in one.parameters {
      promise(isToken(parameter.name), "a parameter is called \(parameter.name)")
      promise(parameter.value.map(isToken) ?? true, "a value is no token")
    }
  }
  let again = extensions.map(\.fieldValue)
  promiseEqual(Extension.parse(again), extensions, "a field for each")
  promiseEqual(Extension.parse([again.joined(separator: ", ")]), extensions, "one field for all")
  for mode in [CompressionMode.off, .shared, .dedicated] { negotiate(extensions, mode) }
  return 0
}

/// What the server answers, the client of the offers must take, and mean the same by it.
///
/// But for the client's window: where the answer says nothing of it, the client keeps to what it
/// offered, and the server inflates with any.
func negotiate(_ offers: [Extension], _ mode: CompressionMode) {
  guard let answer = PermessageDeflate.answer(to: offers, mode: mode) else { return }
  promise(mode != .off, "an answer without compression")
  guard var agreed = PermessageDeflate.parameters(answered: answer.extension, to: offers) else {
    fatalError("the client refuses \(answer.extension.fieldValue) to \(offers)")
  }
  promise(
    agreed.clientMaxWindowBits <= answer.parameters.clientMaxWindowBits,
    "the client's window is larger than the server's: \(answer) to \(offers)")
  agreed.clientMaxWindowBits = answer.parameters.clientMaxWindowBits
  promiseEqual(agreed, answer.parameters, "the answer to \(offers)")
  promiseEqual(
    Extension.parse([answer.extension.fieldValue]), [answer.extension], "the answer in a field")
  for bits in [answer.parameters.serverMaxWindowBits, answer.parameters.clientMaxWindowBits] {
    promise((8...15).contains(bits), "a window of 2^\(bits)")
  }
  if mode == .shared {
    promise(
      answer.parameters.serverNoContextTakeover && answer.parameters.clientNoContextTakeover,
      "a context in what is shared")
  }
}

func isToken(_ text: String) -> Bool {
  let separators = "\"(),/:;<=>?@[\\]{}".utf8
  return !text.isEmpty
    && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !separators.contains($0) }
}
