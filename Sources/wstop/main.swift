import EventLoop
import WebSocketEngine
import Glibc

var router = Router()
for route in BuiltInHandler.defaultRoutes { try route.handler.add(to: &router, at: route.pattern) }
let port = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "8080"
let reactors = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2])! : 1
let server = try Server(ServerConfiguration(listeners: [SocketAddress("127.0.0.1:\(port)")!], reactorCount: reactors, settings: Array(CommandLine.arguments.dropFirst(3))), routes: router)
try server.start()
print(server.addresses)
while true { sleep(1000) }
