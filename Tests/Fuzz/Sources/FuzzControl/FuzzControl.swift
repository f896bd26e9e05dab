import ControlProtocol
@testable import ControlServer
import FuzzSupport
import Vocabulary
import WebSocketProtocol

/// The control API: a choice, then the bytes of a connection, or one request's target and body.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  switch input.byte() % 5 {
  case 0:
    let cuts = input.cuts()
    checkConnection(input.rest(), cuts)
  case 1: checkBody(&input)
  case 2: checkTarget(&input)
  case 3: checkWatch(input.rest())
  default: checkTokens(input.rest())
  }
  return 0
}

// MARK: A connection

/// What a connection's bytes amount to.
enum Heard: Equatable {
  case request(RequestHead, body: [UInt8])
  case refused(ControlRefusal)
}

func checkConnection(_ bytes: [UInt8], _ cuts: Cuts) {
  let whole = heard([bytes])
  promiseEqual(heard(cuts.pieces(of: bytes)), whole, "the cuts change the requests")
  for case .request(let head, let body) in whole {
    promise(body.count <= HTTPRequestReader.maximumBodyByteCount, "a body of \(body.count)")
    do throws(ControlRefusal) {
      if case .api(let request) = try ControlCall(HTTPRequest(head: head, body: body)) {
        check(request)
      }
    } catch {
      check(error)
    }
  }
}

func heard(_ pieces: [[UInt8]]) -> [Heard] {
  var reader = HTTPRequestReader()
  var heard: [Heard] = []
  for piece in pieces {
    reader.append(piece.span)
    reading: while true {
      switch reader.next() {
      case .incomplete: break reading
      case .expectsContinue: continue
      case .request(let request): heard.append(.request(request.head, body: request.body))
      case .refused(let refusal):
        check(refusal)
        heard.append(.refused(refusal))
        return heard
      }
    }
  }
  return heard
}

func check(_ refusal: ControlRefusal) {
  promise((400..<600).contains(refusal.status), "a refusal with \(refusal.status)")
  promise(isFreeOfControls(refusal.error.error.message), "a refusal says \(refusal.error)")
  promise(
    (refusal.status == 405) == !refusal.allowedMethods.isEmpty, "methods go with \(refusal.status)")
  let body = ControlJSON.encode(refusal.error)
  promiseEqual(try? ControlJSON.decode(ControlError.self, from: body), refusal.error, "as JSON")
}

// MARK: A request

/// A body for each of the endpoints that take one.
func checkBody(_ input: inout FuzzInput) {
  let calls = [
    ("POST", "/v1/close"), ("POST", "/v1/send"), ("PATCH", "/v1/limits"), ("POST", "/v1/stop"),
    ("POST", "/v1/sessions/s-4k2/close"), ("POST", "/v1/sessions/s-4k2/send"),
    ("POST", "/v1/sessions/s-4k2/limits"), ("POST", "/v1/acts/7/abort"),
    ("POST", "/v1/limits/keep"),
  ]
  let (method, path) = calls[Int(input.byte()) % calls.count]
  check(method: method, path: path, query: nil, body: input.rest())
}

/// A path and a query for each of the methods.
func checkTarget(_ input: inout FuzzInput) {
  let methods = ControlMethod.allCases.map(\.rawValue)
  let method = methods[Int(input.byte()) % methods.count]
  let target = String(decoding: input.rest(), as: UTF8.self)
  let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
  let query = parts.count > 1 ? String(parts[1]) : nil
  check(method: method, path: String(parts[0]), query: query, body: Array("{}".utf8))
  // The same text as a query, which a path would seldom come to.
  check(method: "GET", path: "/v1/sessions", query: target, body: [])
  check(method: "GET", path: "/v1/rooms", query: target, body: [])
  check(method: "GET", path: "/v1/traffic", query: target, body: [])
  check(method: "GET", path: "/v1/history", query: target, body: [])
  checkTap(path: "/v1/tap", query: target)
  checkTap(path: String(parts[0]), query: query)
}

/// A tap that was read is written and read again.
func checkTap(path: String, query: String?) {
  do throws(ControlError) {
    guard let request = try TapRequest(path: path, query: query) else { return }
    let parts = request.target.split(separator: "?", maxSplits: 1)
    let again = try TapRequest(
      path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil)
    promiseEqual(again, request, "a tap sent on")
  } catch {
    promise(isFreeOfControls(error.error.message), "an error says \(error)")
  }
}

func check(method: String, path: String, query: String?, body: [UInt8]) {
  do throws(ControlRefusal) {
    check(try ControlRequest(method: method, path: path, query: query, body: body))
  } catch {
    check(error)
  }
}

/// Whatever was read goes over HTTP again, and is checked as before.
func check(_ request: ControlRequest) {
  let http = request.http
  let parts = http.target.split(separator: "?", maxSplits: 1)
  promise(http.target.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a target is \(http.target)")
  do throws(ControlRefusal) {
    let again = try ControlRequest(
      method: http.method.rawValue, path: String(parts[0]),
      query: parts.count > 1 ? String(parts[1]) : nil, body: http.body)
    promiseEqual(again, request, "a request sent on")
  } catch {
    fatalError("a request sent on is refused: \(error)")
  }
  switch request {
  case .close(let close):
    promise(close.code?.mayBeSent ?? true, "the close code is \(close)")
    promise((close.reason?.utf8.count ?? 0) <= 123, "the reason is \(close)")
    check(close.selection)
  case .send(let send):
    check(send.selection)
    promise(send.selection.isDryRun || (try? send.payload()) != nil, "the payload is \(send)")
  case .changeLimits(let change):
    guard let settings = try? change.settings() else { fatalError("no settings: \(change)") }
    for (key, value) in settings.set {
      promiseEqual(try? key.value(from: key.text(of: value)), value, "the value of \(key)")
    }
  case .keepLimits(let keep):
    promise(
      keep.keys?.allSatisfy { LimitKey(rawValue: $0) != nil } ?? true, "the keys are \(keep)")
  case .history(let query):
    promise((try? SessionFilter(query.filter)) != nil, "the filter is \(query)")
  case .statistics, .sessions, .session, .sessionSecrets, .groups, .upstreams, .drainUpstream,
    .resumeUpstream, .traffic, .limits, .reload,
    .stop, .closes, .acts, .act, .abort:
    break
  }
}

func check(_ selection: ActSelection) {
  if let filter = selection.filter {
    promise(selection.sessions == nil, "both names and a filter: \(selection)")
    promise((try? SessionFilter(filter))?.isEmpty == false, "the filter is \(selection)")
    promise(selection.isDryRun || selection.token != nil, "no preview: \(selection)")
  } else {
    promise((1...10_000).contains(selection.sessions?.count ?? 0), "the sessions: \(selection)")
  }
  promise(selection.rate.map(ActSelection.rates.contains) ?? true, "the rate: \(selection)")
  promise(selection.jitter.map((0...1).contains) ?? true, "the jitter: \(selection)")
}

// MARK: A watch

func checkWatch(_ bytes: [UInt8]) {
  do throws(ControlError) {
    let watch = try ControlJSON.decode(WatchRequest.self, from: bytes)
    promiseEqual(
      try? ControlJSON.decode(WatchRequest.self, from: ControlJSON.encode(watch)), watch,
      "a watch as JSON")
    let ascii = ControlJSON.encodeASCII(watch, isIndented: false)
    promise(ascii.allSatisfy { (0x20...0x7E).contains($0) }, "not ASCII")
    promiseEqual(try? ControlJSON.decode(WatchRequest.self, from: ascii), watch, "a watch in ASCII")
  } catch {
    promise(isFreeOfControls(error.error.message), "an error says \(error)")
  }
}

// MARK: A file of tokens

func checkTokens(_ bytes: [UInt8]) {
  do throws(RemoteControlError) {
    let tokens = try ControlTokens(bytes, from: "tokens")
    promise((1...ControlTokens.maximumCount).contains(tokens.holders.count), "no tokens")
    promiseEqual(Set(tokens.holders.map(\.name)).count, tokens.holders.count, "a name twice")
    promise(tokens.holder(of: bytes) == nil, "a whole file is a token")
  } catch {
    promise(isFreeOfControls(error.description), "an error says \(error)")
  }
}
