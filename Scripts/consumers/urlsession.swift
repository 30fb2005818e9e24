import PlystraCore
import PlystraURLSessionTransport

let plystra = try PlystraClient(baseURL: "https://plystra.internal", transport: URLSessionTransport())
print(plystra)
