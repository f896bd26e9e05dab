import ControlProtocol
import FuzzSupport
import Vocabulary

/// The small grammars: a choice of one, then a text in it, which need not be UTF-8.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let choice = input.byte()
  let limit = Int(choice >> 4) * 5
  let bytes = input.rest()
  let text = String(decoding: bytes, as: UTF8.self)
  switch choice % 8 {
  case 0: checkEscaping(of: bytes)
  case 1: checkEscaping(of: bytes, limit: limit)
  case 2: checkField(text)
  case 3: checkQuantities(text)
  case 4: checkLimits(text)
  case 5: checkNames(text)
  case 6: checkAddress(text)
  default: checkBlock(text)
  }
  return 0
}

// MARK: Untrusted text

func checkEscaping(of bytes: [UInt8]) {
  for asciiOnly in [false, true] {
    let escaped = UntrustedText.escaped(bytes: bytes, asciiOnly: asciiOnly)
    promise(isHarmless(escaped), "the escaped text is \(escaped.debugDescription)")
    promise(!asciiOnly || escaped.utf8.allSatisfy { $0 < 0x7F }, "not ASCII: \(escaped)")
    promiseEqual(unescaped(escaped), bytes, "the escapes say something else")
    if let text = String(validating: bytes, as: UTF8.self) {
      promiseEqual(
        UntrustedText.escaped(text, asciiOnly: asciiOnly), escaped, "as text and as bytes")
    }
  }
}

func checkEscaping(of bytes: [UInt8], limit: Int) {
  let whole = UntrustedText.escaped(bytes: bytes)
  let cut = UntrustedText.escaped(bytes: bytes, limit: limit)
  promise(isHarmless(cut), "the escaped text is \(cut.debugDescription)")
  promise(cut.unicodeScalars.count <= limit, "\(cut.unicodeScalars.count) scalars of \(limit)")
  guard whole.unicodeScalars.count > limit else { return promiseEqual(cut, whole, "no cut") }
  guard limit > 0 else { return promiseEqual(cut, "", "nothing") }
  promiseEqual(cut.unicodeScalars.last, "…", "the end of a text that is cut")
  let kept = Array(cut.utf8.dropLast("…".utf8.count))
  promise(whole.utf8.starts(with: kept), "what is kept is the beginning")
  promise(unescaped(String(decoding: kept, as: UTF8.self)) != nil, "an escape is cut: \(cut)")
}

/// Whether no scalar is one that moves a cursor, or reorders or hides text.
func isHarmless(_ text: String) -> Bool {
  isFreeOfControls(text)
    && text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
      default: !scalar.properties.isBidiControl
      }
    }
}

/// The bytes that an escaped text stands for; nil if it is none.
func unescaped(_ text: String) -> [UInt8]? {
  var bytes: [UInt8] = []
  var rest = text.unicodeScalars[...]
  while let scalar = rest.popFirst() {
    guard scalar == "\\" else {
      bytes += UTF8.encode(scalar).map(Array.init) ?? []
      continue
    }
    switch rest.popFirst() {
    case "\\": bytes.append(UInt8(ascii: "\\"))
    case "n": bytes.append(10)
    case "r": bytes.append(13)
    case "t": bytes.append(9)
    case "x":
      guard let byte = UInt8(String(rest.prefix(2)), radix: 16), byte >= 0x80 else { return nil }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    case "u":
      guard rest.popFirst() == "{", let end = rest.firstIndex(of: "}"),
        let scalar = UInt32(String(rest[..<end]), radix: 16).flatMap(Unicode.Scalar.init)
      else { return nil }
      bytes += UTF8.encode(scalar).map(Array.init) ?? []
      rest = rest[rest.index(after: end)...]
    default: return nil
    }
  }
  return bytes
}

func checkField(_ text: String) {
  let field = UntrustedText.csvField(text)
  promise(isHarmless(field), "the field is \(field.debugDescription)")
  var content = Array(field.unicodeScalars)
  if content.first == "\"" {
    promise(content.count > 1 && content.last == "\"", "an open quote: \(field)")
    content = Array(content.dropFirst().dropLast())
    var quotes = 0
    for scalar in content + ["."] {
      if scalar == "\"" {
        quotes += 1
      } else {
        promise(quotes.isMultiple(of: 2), "a quote inside: \(field)")
        quotes = 0
      }
    }
  } else {
    promise(!content.contains { ",;\"".unicodeScalars.contains($0) }, "unquoted: \(field)")
  }
  promise(
    content.first.map { !"=+-@＝＋－＠".unicodeScalars.contains($0) } ?? true, "a formula: \(field)")
}

// MARK: Quantities, limits and names

func checkQuantities(_ text: String) {
  if let count = QuantityText.count(from: text) {
    promise(count >= 0, "a count is \(count)")
    promiseEqual(QuantityText.count(from: String(count)), count, "a count")
    promise(isFreeOfControls(QuantityText.readableCount(count)), "a readable count")
  }
  if let size = QuantityText.bytes(from: text) {
    promise(size >= 0, "a size is \(size)")
    promiseEqual(QuantityText.bytes(from: QuantityText.exactBytes(size)), size, "a size")
    promise(QuantityText.readableBytes(size).utf8.count <= 9, "a readable size")
  }
  if let time = QuantityText.milliseconds(from: text) {
    promise(time >= 0, "a time is \(time)")
    promiseEqual(
      QuantityText.milliseconds(from: QuantityText.exactMilliseconds(time)), time, "a time")
    _ = QuantityText.readableDuration(seconds: Double(time) / 1000)
    _ = QuantityText.readableMilliseconds(Double(time))
  }
  if let number = Double(text) {
    promise(QuantityText.shortCount(number).unicodeScalars.count <= 5, "\(number) in five columns")
    _ = QuantityText.readableBytes(number)
    _ = QuantityText.readableDuration(seconds: number)
    _ = QuantityText.readableMilliseconds(number)
  }
}

func checkLimits(_ text: String) {
  do throws(LimitError) {
    let (key, value) = try LimitKey.setting(from: text)
    if case .amount(let amount) = value {
      promise(key.definition.range.contains(amount), "\(key.rawValue) is out of range: \(amount)")
    }
    let again = try? key.value(from: key.text(of: value))
    promiseEqual(again, value, "\(key.rawValue) written down")
  } catch {
    promise(isHarmless(error.description), "an error says \(error)")
  }
}

func checkNames(_ text: String) {
  if let id = SessionID(text) {
    promiseEqual(SessionID(id.description), id, "an ID written down")
    promise(id.description.utf8.count <= 15, "an ID is \(id)")
  }
  if let initiator = CloseInitiator(text) {
    promiseEqual(CloseInitiator(initiator.description), initiator, "who closed, written down")
  }
  if let scope = LimitScope(text) {
    promiseEqual(LimitScope(scope.text), scope, "a scope written down")
  }
}

// MARK: Addresses

func checkAddress(_ text: String) {
  guard let address = IPAddress(text) else { return }
  promiseEqual(systemAddress(text), address, "the system reads \(text) otherwise")
  guard let block = AddressBlock(text) else {
    promise(text.utf8.contains(UInt8(ascii: "%")), "an address is no block: \(text)")
    return
  }
  promise(block.contains(address), "a block of one lacks it: \(text)")
}

func checkBlock(_ text: String) {
  guard let block = AddressBlock(text) else { return }
  let first = String(decoding: text.utf8.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
  guard let address = IPAddress(first) else {
    fatalError("a block without an address: \(text)")
  }
  promise(block.contains(address), "a block lacks its own address: \(text)")
  let other = address.isIPv4 ? IPAddress(v6: 1) : IPAddress(v4: 1)
  promise(!block.contains(other), "a block has addresses of the other kind: \(text)")
}
