// The system before this one, as its author described it, small but faithful: the socket process. A message goes
// socket -> this process -> HTTP with a static key -> the API -> PostgreSQL -> back here -> broadcast.
// usage: API_URL=http://127.0.0.1:PORT API_KEY=… node old_sockets.mjs <port>
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import axios from 'axios';

const { API_URL, API_KEY } = process.env;
const http = createServer();
const io = new Server(http, { transports: ['websocket', 'polling'], serveClient: false });

io.on('connection', (socket) => {
  socket.on('join-user', (userId) => {
    socket.join(`user:${userId}`);
  });
  socket.on('join', (chatId, done) => {
    socket.join(`chat:${chatId}`);
    done?.();
  });
  socket.on('send-msg', async ({ chatId, content, userId }) => {
    try {
      const { data } = await axios.post(`${API_URL}/api/chat/messages`, { chatId, content, userId, role: 'USER' }, { headers: { 'x-api-key': API_KEY } });
      io.to(`chat:${chatId}`).emit('new-msg', { id: data.id, role: 'USER', content, time: data.time, n: data.n });
    } catch (error) {
      socket.emit('error-msg', { message: error.message });
    }
  });
});
http.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));
