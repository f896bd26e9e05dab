import FuzzSupport
import Vocabulary
import WebSocketProtocol

/// What a trusted proxy puts in front of a connection: a PROXY header, cut anywhere, and in the
/// request behind it X-Forwarded-For and -Proto, a zero byte between the fields.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let cuts = input.cuts()
  let bytes = input.rest()
  let header = parse(bytes, cuts)
  var fields = Headers()
  for (index, part) in bytes.split(separator: 0).enumerated() {
    let name = index % 3 == 2 ? "X-Forwarded-Proto" : "X-Forwarded-For"
    _ = fields.append(name: name, value: String(decoding: part, as: UTF8.self))
  }
  guard let trusted = TrustedProxies(["10.0.0.0/8", "::1", "unix"]) else {
    fatalError("a list of proxies is refused")
  }
  let proxy = ClientAddress(IPAddress("10.1.2.3"), port: 7)
  let stranger = ClientAddress(IPAddress("192.0.2.1"), port: 9)
  let (client, _) = trusted.client(
    of: fields, from: proxy, isSecure: false, proxyHeader: header)
  if let named = header?.client, !trusted.contains(named) {
    promiseEqual(client, named, "fields stand above the PROXY header of a stranger")
  }
  let (unbelieved, isSecure) = trusted.client(
    of: fields, from: stranger, isSecure: false, proxyHeader: header)
  promise(unbelieved == stranger && !isSecure, "a stranger is believed")
  return 0
}

/// Reads a header piece by piece and at once, which must be the same.
func parse(_ bytes: [UInt8], _ cuts: Cuts) -> ProxyHeader? {
  let whole = ProxyHeaderParser.parse(bytes.span)
  for end in cuts.ends(of: bytes.count) {
    let outcome = ProxyHeaderParser.parse(bytes.span.extracting(0..<end))
    if outcome == .incomplete {
      promise(end < ProxyHeaderParser.maximumByteCount, "more than the longest header is wanted")
      continue
    }
    promiseEqual(outcome, whole, "\(end) bytes say otherwise than \(bytes.count)")
    break
  }
  guard case .header(let header, let byteCount) = whole else { return nil }
  promise(
    byteCount <= min(bytes.count, ProxyHeaderParser.maximumByteCount),
    "a header of \(byteCount) bytes in \(bytes.count)")
  let alone = ProxyHeaderParser.parse(bytes.span.extracting(0..<byteCount))
  promiseEqual(alone, whole, "what follows a header is part of it")
  if let client = header.client, let address = client.address {
    let family = address.isIPv4 ? "TCP4" : "TCP6"
    let line = Array("PROXY \(family) \(address) \(address) \(client.port) 1\r\n".utf8)
    promiseEqual(
      ProxyHeaderParser.parse(line.span),
      .header(ProxyHeader(client: client), byteCount: line.count), "the same by a line")
  }
  return header
}
