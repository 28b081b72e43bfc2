// What a Node server of Socket.IO does for a room: the anchor of fan-out, of idle connections and of handshakes.
// usage: node rooms.mjs <port>
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });
io.on('connection', (socket) => {
  socket.on('join', (room, done) => {
    socket.join(room);
    done();
  });
  socket.on('publish', (message) => io.to('room').emit('new-msg', message));
});
http.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));
