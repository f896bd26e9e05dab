import FuzzSupport
import WebSocketProtocol

/// What a reader makes of a body.
struct ReadBody: Equatable {
  var payload: [UInt8] = []
  var isAtEnd = false
  var byteCount = 0
  var fault: BodyReader.Fault?

  init(_ pieces: [[UInt8]], _ framing: BodyReader.Framing) {
    var reader = BodyReader(framing)
    for piece in pieces where !isAtEnd {
      var cursor = 0
      do throws(BodyReader.Fault) {
        while let event = try reader.next(in: piece.span, from: &cursor) {
          promise(cursor <= piece.count, "the cursor is at \(cursor) of \(piece.count)")
          switch event {
          case .payload(let range): payload += piece[range]
          case .end: isAtEnd = true
          }
        }
      } catch {
        // The bytes in front of a fault are counted by pieces, which differ.
        (fault, byteCount) = (error, 0)
        return
      }
      promise(isAtEnd || cursor == piece.count, "\(piece.count - cursor) bytes are left")
      byteCount += cursor
    }
    promiseEqual(reader.payloadByteCount, payload.count, "the payload's bytes")
    promiseEqual(reader.isAtEnd, isAtEnd, "the end")
  }
}

func checkBody(_ bytes: [UInt8], _ framing: BodyReader.Framing, _ cuts: Cuts) {
  let whole = ReadBody([bytes], framing)
  promiseEqual(ReadBody(cuts.pieces(of: bytes), framing), whole, "the cuts change the body")
  switch framing {
  case .byteCount(let count):
    promiseEqual(whole.payload, Array(bytes.prefix(count)), "the payload")
    promiseEqual(whole.isAtEnd, bytes.count >= count, "the end")
  case .untilEnd: promiseEqual(whole.payload, bytes, "the payload")
  case .chunked:
    guard whole.isAtEnd else { return }
    promise(bytes[..<whole.byteCount].suffix(2) == [13, 10], "the body ends in CRLF")
    // The payload written in one chunk is the same payload.
    var written: [UInt8] = []
    if !whole.payload.isEmpty {
      written += ChunkedCoding.chunkStart(byteCount: whole.payload.count)
      written += whole.payload + ChunkedCoding.chunkEnd
    }
    written += ChunkedCoding.end
    let again = ReadBody([written], .chunked)
    promise(again.isAtEnd && again.payload == whole.payload, "the payload written again")
    promiseEqual(again.byteCount, written.count, "the bytes written again")
  }
}
