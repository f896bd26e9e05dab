import Foundation
import FuzzSupport
import Vocabulary

/// JSON: how it is cut, then a text, which need not be UTF-8.
///
/// What is accepted is held against the grammar, and what is meant against Foundation's reader.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let cuts = input.cuts()
  let bytes = input.rest()
  do throws(JSONText.Fault) {
    try JSONText.check(bytes.span)
  } catch {
    promise((1...bytes.count + 1).contains(error.column), "a fault at \(error.column)")
    promise(isFreeOfControls(error.description), "a fault says \(error)")
    promise(!isJSON(bytes), "refused: \(error)")
    return 0
  }
  checkAccepted(bytes, cuts)
  return 0
}

func checkAccepted(_ bytes: [UInt8], _ cuts: Cuts) {
  promise(isJSON(bytes), "accepted, and no JSON")
  checkDepth(bytes)
  checkNeighbours(bytes, cuts)
  let text = String(decoding: bytes, as: UTF8.self)
  guard let json = try? RawJSON(text, maximumDepth: JSONText.maximumDepth) else {
    fatalError("bytes are accepted, and not as a text")
  }
  promiseEqual(Array(json.text.utf8), bytes, "what came is kept")
  guard let reference = reference(bytes) else {
    // What has the form of JSON, and no meaning in Foundation's types, is passed on all the same.
    promise(hasNoMeaning(bytes) || !isForFoundation(bytes), "accepted by nobody else")
    return
  }
  promiseEqual(json.string.map { Array($0.utf8) }, utf8(reference), "the text that is meant")
  checkMembers(json, reference)
}

// MARK: The form

/// The depth that is allowed is the depth that is there.
func checkDepth(_ bytes: [UInt8]) {
  var (depth, deepest, isInString, isEscaped) = (0, 0, false, false)
  for byte in bytes {
    if isInString {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
      }
      continue
    }
    switch byte {
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
    default: break
    }
    deepest = max(deepest, depth)
  }
  promiseEqual(depth, 0, "brackets are open")
  promise(isAccepted(bytes, depth: deepest), "a depth of \(deepest) is no depth of \(deepest)")
  if deepest > 0 {
    promise(!isAccepted(bytes, depth: deepest - 1), "a depth of \(deepest) passes one of less")
  }
}

/// A value is the same in a list, and no part of one is one.
func checkNeighbours(_ bytes: [UInt8], _ cuts: Cuts) {
  let list = Array("[".utf8) + bytes + Array(",".utf8) + bytes + Array("]".utf8)
  var scanner = JSONScanner(maximumDepth: .max)
  var elements: [Range<Int>] = []
  let isList = (try? scanner.array(list.span) { elements.append($0) }) != nil
  promise(isList && scanner.cursor == list.count, "two values are no list")
  promiseEqual(elements.count, 2, "the values of a list of two")
  let spaces: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
  let value = Array(bytes.drop { spaces.contains($0) })
  let start = bytes.count - value.count
  for (element, offset) in zip(elements, [1, bytes.count + 2]) {
    promiseEqual(element.lowerBound, offset + start, "where a value begins")
    promise(
      list[element.upperBound..<(offset + bytes.count)].allSatisfy { spaces.contains($0) },
      "something between a value and what follows it")
  }
  guard let first = value.first, "[{\"".utf8.contains(first), let whole = elements.first else {
    return
  }
  for end in cuts.ends(of: bytes.count) where end < whole.upperBound - 1 {
    promise(!isAccepted(Array(bytes[..<end]), depth: .max), "\(end) bytes are a value already")
  }
}

func isAccepted(_ bytes: [UInt8], depth: Int) -> Bool {
  (try? JSONText.check(bytes.span, maximumDepth: depth)) != nil
}

// MARK: The meaning

/// What Foundation makes of a text; nil if it refuses.
func reference(_ bytes: [UInt8]) -> Any? {
  try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
}

/// Whether Foundation reads bytes as UTF-8, and does not guess another encoding.
func isForFoundation(_ bytes: [UInt8]) -> Bool {
  !bytes.prefix(4).contains(0) && !bytes.starts(with: [0xEF, 0xBB, 0xBF])
    && !bytes.starts(with: [0xFE, 0xFF]) && !bytes.starts(with: [0xFF, 0xFE])
}

/// Whether there is half of a surrogate pair in a text, or a number beyond a Double's.
func hasNoMeaning(_ bytes: [UInt8]) -> Bool {
  var index = 0
  while index < bytes.count {
    let start = index
    switch bytes[index] {
    case UInt8(ascii: "\""):
      index += 1
      while bytes[index] != UInt8(ascii: "\"") {
        index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
      }
      index += 1
      if (try? JSONText.text(ofString: bytes.span.extracting(start..<index))) == nil { return true }
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      while index < bytes.count, "+-.eE0123456789".utf8.contains(bytes[index]) { index += 1 }
      let number = Double(String(decoding: bytes[start..<index], as: UTF8.self))
      if number?.isFinite != true { return true }
    default: index += 1
    }
  }
  return false
}

func utf8(_ value: Any) -> [UInt8]? {
  (value as? String).map { Array($0.utf8) }
}

func checkMembers(_ json: RawJSON, _ reference: Any) {
  promise(json["a name that nobody has"] == nil, "a member is there")
  guard let object = reference as? [String: Any] else {
    promise(json[""] == nil, "no object has a member")
    return
  }
  let bytes = Array(json.text.utf8)
  var members: [(name: String, value: [UInt8])] = []
  var scanner = JSONScanner(maximumDepth: .max)
  scanner.skipSpace(bytes.span)
  try? scanner.object(bytes.span) { name, value in
    let name = try? JSONText.text(ofString: bytes.span.extracting(name))
    if let name { members.append((name, Array(bytes[value]))) }
  }
  promiseEqual(Set(members.map(\.name)), Set(object.keys), "the names of the members")
  for (name, _) in members {
    let last = members.last { $0.name.utf8.elementsEqual(name.utf8) }
    promiseEqual(json[name].map { Array($0.text.utf8) }, last?.value, "the member \(name)")
    // Names that look alike are one to Foundation.
    guard members.count == object.count, let value = object[name] else { continue }
    promiseEqual(json[name]?.string.map { Array($0.utf8) }, utf8(value), "the text of \(name)")
  }
}
