import EventLoop
import FuzzSupport
import Glibc
import Vocabulary

/// Names of files, hosts and places to listen: a choice of one, then its bytes.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let choice = input.byte()
  let bytes = input.rest()
  switch choice % 4 {
  case 0: checkFileName(bytes)
  case 1: checkHost(String(decoding: bytes, as: UTF8.self))
  case 2: checkListen(FileName.text(bytes))
  default: checkPath(bytes)
  }
  return 0
}

// MARK: Files

func checkFileName(_ bytes: [UInt8]) {
  let name = FileName.text(bytes)
  promiseEqual(FileName.bytes(name), bytes, "a name comes out as it went in")
  promiseEqual(FileName.byteCount(name), bytes.count, "the length of a name")
  promiseEqual(
    FileName.cString(name), bytes.map { CChar(bitPattern: $0) } + [0], "a name as C has it")
  let text = String(validating: bytes, as: UTF8.self)
  promise(
    FileName.hasEscapes(name) || text.map { $0.utf8.elementsEqual(name.utf8) } == true,
    "a name without escapes is no text")
  // Whatever text is made of it: said again, it is the same file.
  promiseEqual(FileName.bytes(FileName.text(FileName.bytes(name))), bytes, "a name said again")
  promise(isFreeOfControls(FileName.shown(name)), "a name is shown as \(FileName.shown(name))")
  promise(FileName.shown(name, limit: 7).unicodeScalars.count <= 7, "a name is shown at length")
}

// MARK: Hosts

func checkHost(_ text: String) {
  let isName = HostName.isValid(text)
  if isName {
    promise(text.utf8.count <= HostName.maximumByteCount + 1, "a name of \(text.utf8.count) bytes")
    promise(text.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a name is \(text)")
    promise(HostName.isValid(text.uppercased()) && HostName.isValid(text.lowercased()), "its case")
    promise(HostName.isValid(text + ".") != (text.utf8.last == UInt8(ascii: ".")), "its dot")
    // What the system reads as an address would be connected to unasked.
    var address = in_addr()
    promise(inet_aton(text, &address) == 0, "a name is an address to the system: \(text)")
    promise(!HostName.isAddress(text), "a name is an address: \(text)")
  }
  let isAddress = HostName.isAddress(text)
  promiseEqual(HostName.isHost(text), isName || isAddress, "what may be connected to")
  guard isAddress else { return }
  let zone = HostName.zone(of: text)
  promise(zone.map { !$0.isEmpty && $0.utf8.count < IFNAMSIZ } ?? true, "the zone of \(text)")
  let bare = zone.map { String(text.utf8.dropLast($0.utf8.count + 1)) ?? "" } ?? text
  promiseEqual(IPAddress(bare), IPAddress(text), "the zone is part of the address")
  var hints = addrinfo()
  hints.ai_flags = AI_NUMERICHOST
  var list: UnsafeMutablePointer<addrinfo>?
  promiseEqual(getaddrinfo(bare, nil, &hints, &list), 0, "no address to the system: \(text)")
  freeaddrinfo(list)
}

// MARK: Places to listen

func checkListen(_ text: String) {
  do throws(ListenAddress.Fault) {
    let listen = try ListenAddress(parsing: text)
    // What is announced says the same again.
    var announced = listen.address.description
    if listen.isIPv6Only { announced += ",ipv6only" }
    if let mode = listen.fileMode { announced += ",mode=0" + String(mode, radix: 8) }
    let again = try? ListenAddress(parsing: announced)
    switch listen.address {
    case .internet(let host, _):
      promiseEqual(again, listen, "what is announced as \(announced)")
      promise(listen.fileMode == nil, "a mode for \(text)")
      promise(host == "*" || HostName.isHost(host), "the host is \(host)")
      promise(!listen.isIPv6Only || !listen.takesBothFamilies, "IPv6 only, and both: \(text)")
    case .unix(let path):
      promiseEqual(again, listen, "what is announced as \(announced)")
      promise(!listen.isIPv6Only && !listen.takesBothFamilies, "families of \(text)")
      promise((listen.fileMode ?? 0) <= 0o777, "the mode of \(text)")
      promise(
        (1...SocketAddress.maximumPathByteCount).contains(FileName.byteCount(path)), "\(text)")
    }
  } catch {
    promise(isFreeOfControls(error.description), "an error says \(error)")
  }
}

/// Each path that a socket can have can be said.
func checkPath(_ bytes: [UInt8]) {
  let path = FileName.text(bytes)
  let fits = (1...SocketAddress.maximumPathByteCount).contains(bytes.count) && !bytes.contains(0)
  promiseEqual(
    SocketAddress("unix:" + path), fits ? .unix(path: path) : nil, "a path of \(bytes.count) bytes")
  promiseEqual(
    try? ListenAddress(parsing: "unix:" + path + ",mode=0660"),
    fits ? ListenAddress(.unix(path: path), fileMode: 0o660) : nil, "the same with a mode")
}
