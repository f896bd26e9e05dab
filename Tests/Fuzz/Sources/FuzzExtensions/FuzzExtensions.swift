import FuzzSupport
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
  return 0
}

func isToken(_ text: String) -> Bool {
  let separators = "\"(),/:;<=>?@[\\]{}".utf8
  return !text.isEmpty
    && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !separators.contains($0) }
}
