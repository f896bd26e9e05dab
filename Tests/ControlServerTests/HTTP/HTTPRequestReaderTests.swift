import ControlProtocol
import Testing
import WebSocketProtocol

@testable import ControlServer

@Suite("Requests of the control API, RFC 9112")
struct HTTPRequestReaderTests {
  private func refusal(_ request: String) -> ControlRefusal? {
    var reader = HTTPRequestReader()
    reader.append(Array(request.utf8).span)
    if case .refused(let refusal) = reader.next() { return refusal }
    return nil
  }

  @Test("A request is read wherever its bytes are split")
  func splits() throws {
    let bytes = Array(HTTPPeer.request("POST", "/v1/close?x=1", #"{"sessions":[]}"#).utf8)
    for cut in 1..<bytes.count {
      var reader = HTTPRequestReader()
      reader.append(Array(bytes[..<cut]).span)
      guard case .incomplete = reader.next() else {
        Issue.record("complete after \(cut) bytes")
        continue
      }
      #expect(reader.isInsideRequest)
      reader.append(Array(bytes[cut...]).span)
      guard case .request(let request) = reader.next() else {
        Issue.record("not complete, cut at \(cut)")
        continue
      }
      #expect(request.head.path == "/v1/close")
      #expect(request.head.query == "x=1")
      #expect(request.body == Array(#"{"sessions":[]}"#.utf8))
      #expect(!reader.isInsideRequest)
    }
  }

  @Test("Requests that come at once are read one after the other")
  func pipelining() {
    var reader = HTTPRequestReader()
    let requests =
      HTTPPeer.request("GET", "/a") + HTTPPeer.request("POST", "/b", "body")
      + HTTPPeer.request("GET", "/c")
    reader.append(Array(requests.utf8).span)
    var paths: [String] = []
    while case .request(let request) = reader.next() { paths.append(request.head.path) }
    #expect(paths == ["/a", "/b", "/c"])
  }

  @Test(
    "What the head decides is refused before the body comes",
    arguments: [
      ("Content-Length: 1048577", 413, "body-too-large"),
      ("Transfer-Encoding: chunked", 411, "length-required"),
      ("Expect: something-else", 417, "expectation-failed"),
      ("Origin: https://example.com", 403, "origin-not-allowed"),
      ("Content-Length: 1\r\nContent-Length: 1", 400, "malformed-body-length"),
      ("Content-Length: -1", 400, "malformed-body-length"),
      ("Content-Length: 5\r\nTransfer-Encoding: chunked", 400, "malformed-body-length"),
      ("X: \u{1}", 400, "malformed-line"),
      ("X: \(String(repeating: "x", count: 17 << 10))", 431, "head-too-large"),
    ])
  func refusals(field: String, status: Int, code: String) {
    let refusal = refusal("POST /v1/close HTTP/1.1\r\nHost: x\r\n\(field)\r\n\r\n")
    #expect(refusal?.status == status)
    #expect(refusal?.error.error.code == code)
  }

  @Test("A body of exactly 1 MiB is taken")
  func largestBody() {
    var reader = HTTPRequestReader()
    let body = String(repeating: "x", count: 1 << 20)
    reader.append(Array(HTTPPeer.request("POST", "/", body).utf8).span)
    guard case .request(let request) = reader.next() else {
      Issue.record("no request")
      return
    }
    #expect(request.body.count == 1 << 20)
  }

  @Test("A client that expects 100 Continue is told once, and not when the body is there")
  func expectation() {
    let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"
    var reader = HTTPRequestReader()
    reader.append(Array(head.utf8).span)
    guard case .expectsContinue = reader.next(), case .incomplete = reader.next() else {
      Issue.record("wants to be told once")
      return
    }
    reader.append([0x7B, 0x7D].span)
    guard case .request = reader.next() else {
      Issue.record("no request")
      return
    }
    reader.append(Array((head + "{}").utf8).span)
    guard case .request = reader.next() else {
      Issue.record("the body was there")
      return
    }
    for _ in 0..<2 {
      reader.append(Array(head.utf8).span)
      guard case .expectsContinue = reader.next(), case .incomplete = reader.next() else {
        Issue.record("wants to be told for each request")
        return
      }
      reader.append([0x7B, 0x7D].span)
      guard case .request = reader.next() else {
        Issue.record("no request")
        return
      }
    }
  }
}
