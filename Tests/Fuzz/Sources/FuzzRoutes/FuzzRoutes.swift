import FuzzSupport
import WebSocketEngine
import WebSocketProtocol

/// Patterns of routes and a path, a zero byte between them, the path last.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  var texts = input.parts().map { String(decoding: $0, as: UTF8.self) }
  let path = texts.popLast() ?? "/"
  var table = RouteTable<Int>()
  for (index, pattern) in texts.prefix(16).enumerated() {
    do throws(RouteError) {
      try table.add(pattern, index)
    } catch {
      promise(!error.description.isEmpty, "an error without a text")
    }
  }
  do throws(HandshakeRefusal) {
    check(try table.match(path), path)
  } catch {
    promise(
      [.noRoute, .invalidPathParameter, .malformedPercentEncoding].contains(error),
      "\(path) is refused with \(error)")
  }
  return 0
}

/// The pattern with its parameters put in must be the path.
func check(_ match: RouteMatch<Int>, _ path: String) {
  let segments = path.utf8.dropFirst().split(
    separator: UInt8(ascii: "/"), omittingEmptySubsequences: false
  ).map { decoded(Array($0)) }
  var parameters = match.parameters.makeIterator()
  var expected: [[UInt8]] = []
  for segment in match.route.pattern.utf8.dropFirst().split(
    separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
  {
    let text = String(decoding: segment, as: UTF8.self)
    if text == "*" {
      promise(expected.count < segments.count, "\(match.route.pattern) takes no \(path)")
      promise(parameters.next() == nil, "more parameters than \(match.route.pattern) has")
      let taken = Array(segments.prefix(expected.count))
      promiseEqual(expected, taken, "\(match.route.pattern) is not \(path)")
      promise(
        !segments.dropFirst(expected.count).contains(Array("..".utf8)), "\(path) leads out of it")
      return
    }
    guard text.utf8.first == UInt8(ascii: "{") else {
      expected.append(Array(segment))
      continue
    }
    guard let parameter = parameters.next() else { fatalError("\(text) has no parameter") }
    promise(
      text.dropFirst().utf8.starts(with: parameter.name.utf8), "\(text) is \(parameter.name)")
    promise(!parameter.text.isEmpty, "\(text) is empty")
    if text.hasSuffix(":path}") {
      // It takes all that is left, and a slash between two segments is a slash in it.
      let rest = Array(segments.dropFirst(expected.count).joined(separator: [UInt8(ascii: "/")]))
      promiseEqual(Array(parameter.text.utf8), rest, "the rest of \(path)")
      return
    }
    expected.append(Array(parameter.text.utf8))
  }
  promise(parameters.next() == nil, "more parameters than \(match.route.pattern) has")
  promiseEqual(expected, segments, "\(match.route.pattern) is not \(path)")
}

func decoded(_ segment: [UInt8]) -> [UInt8] {
  var bytes: [UInt8] = []
  var index = 0
  while index < segment.count {
    if segment[index] == UInt8(ascii: "%"), index + 2 < segment.count,
      let byte = UInt8(
        String(decoding: segment[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
    {
      bytes.append(byte)
      index += 3
    } else {
      bytes.append(segment[index])
      index += 1
    }
  }
  return bytes
}
