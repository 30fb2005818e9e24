import PlystraCore

// Bodies of answers.
extension CaseScript {
  /// Bytes of every value that do not repeat themselves in step with any buffer: the block's length is a prime.
  static func pattern(_ count: Int) -> [UInt8] {
    let block = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count { bytes.append(contentsOf: block.prefix(count - bytes.count)) }
    return bytes
  }

  static func emptyBodiesReturned(_ trial: Trial) async throws {
    let answers: [(method: String, head: String, status: Int)] = [
      ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200),
      ("GET", "HTTP/1.1 204 No Content\r\n\r\n", 204),
      ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 120\r\n\r\n", 304),
      ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 120\r\n\r\n", 200),
      ("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200),
      ("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200),
    ]
    for (method, head, status) in answers {
      // The connection stays open: a transport that waits for a body waits in vain.
      let server = try trial.serve { connection in
        guard try connection.readRequest() != nil else { return }
        try connection.send(head)
        try connection.holdUntilClosed()
      }
      let situation = "\(method), answered by \(head.prefix { $0 != "\r\n" })"
      let result = await trial.send(trial.request(method, "\(server.url)/"))
      if let response = trial.expectAnswer(result, status: status, when: situation), !response.body.isEmpty {
        trial.report("\(situation): a body of \(response.body.count) bytes came")
      }
    }
  }

  static func largeBodiesReturned(_ trial: Trial) async throws {
    let body = pattern(8 << 20)
    let server = try trial.serve { _ in TransportResponse(status: 200, body: body) }
    let result = await trial.send(trial.request("\(server.url)/", limit: 16 << 20))
    trial.expectBody(result, body, when: "a body of 8 MiB")
  }

  static func chunkedBodiesReturned(_ trial: Trial) async throws {
    let body = pattern(200_000)
    let server = try trial.serve { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      var (start, size) = (0, 1)
      while start < body.count {
        let end = min(start + size, body.count)
        let digits = String(end - start, radix: 16, uppercase: size.isMultiple(of: 2))
        try connection.send("\(digits);name=\"value\"\r\n")
        try connection.send(body[start..<end] + Array("\r\n".utf8))
        (start, size) = (end, size * 3 + 1)
      }
      try connection.send("0\r\n\r\n")
      try connection.holdUntilClosed()
    }
    let result = await trial.send(trial.request("\(server.url)/"))
    trial.expectBody(result, body, when: "chunks of 1 to 100,000 bytes with extensions")
  }

  static func chunkedTrailersSkipped(_ trial: Trial) async throws {
    let text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n0\r\nX-Trailer: late\r\n\r\n"
    let server = try trial.serve { connection in
      guard try connection.readRequest() != nil else { return }
      try connection.send(text)
      try connection.holdUntilClosed()
    }
    let result = await trial.send(trial.request("\(server.url)/"))
    trial.expectBody(result, Array("whole".utf8), when: "a field behind the last chunk")
  }

  static func closeDelimitedBodiesReturned(_ trial: Trial) async throws {
    let body = pattern(100_000)
    for head in ["HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n"] {
      let server = try trial.serve(Array(head.utf8) + body)
      let result = await trial.send(trial.request("\(server.url)/"))
      trial.expectBody(result, body, when: "no length and \(head.prefix { $0 != "\r\n" })")
    }
  }

  static func compressedBodiesDecoded(_ trial: Trial) async throws {
    let body = Array(#"{"data":{"status":"ok"},"request_id":"req_conformance"}"#.utf8)
    let server = try trial.serve { request in
      request.asksForGzip
        ? TransportResponse(
          status: 200, headers: ["Content-Encoding": "gzip"], body: GzipStream.storing(body))
        : TransportResponse(status: 200, body: body)
    }
    let result = await trial.send(trial.request("\(server.url)/"))
    trial.expectBody(result, body, when: "a body that is compressed if it may be")
  }
}
