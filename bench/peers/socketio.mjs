// Broadcast with Socket.IO, as its "get started" chat does it.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"] });

io.on("connection", (socket) => {
  socket.on("chat message", (message) => io.emit("chat message", message));
});

http.listen({ host: "127.0.0.1", port: Number(process.argv[2]), backlog: 4096 });
