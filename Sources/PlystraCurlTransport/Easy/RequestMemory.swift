/// What libcurl reads of a request while its transfer is under way.
struct RequestMemory: ~Copyable {
  var headerLines = HeaderLines()
  var body = ScratchMemory<UInt8>()
}
