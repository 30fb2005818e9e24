import CLibcurl

// libcurl's callbacks for what it receives. The context of each is the `ResponseCollector` of an easy handle.

/// Takes a part of the body.
let receiveBody: plystra_receiver = { receive($0, $1 * $2, $3) { $0.takeBody($1) } }

/// Takes a header line.
let receiveHeaderLine: plystra_receiver = { receive($0, $1 * $2, $3) { $0.takeHeaderLine($1) } }

/// Hands bytes from libcurl to the collector they are for; what it returns tells libcurl whether to go on.
@inline(__always)
private func receive(
  _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
  _ take: (inout ResponseCollector, UnsafeBufferPointer<UInt8>) -> Bool
) -> Int {
  guard let context, let bytes, count > 0 else { return 0 }
  // Its handle keeps it as long as libcurl has the handle.
  let collector = context.assumingMemoryBound(to: ResponseCollector.self)
  // Valid during this call only; whoever keeps bytes copies them.
  let buffer = UnsafeRawBufferPointer(start: bytes, count: count)
  return buffer.withMemoryRebound(to: UInt8.self) { take(&collector.pointee, $0) } ? count : 0
}
