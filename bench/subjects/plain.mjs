// The floors, and a Node server of Socket.IO.
import path from 'node:path';
import { freePort } from '../../tests/support/server.mjs';
import { here, root, startServer } from '../process.mjs';

const floorProgram = process.env.BENCH_FLOOR ?? path.join(root, 'build/release/bench_floor');

const plain = (name, protocol, start) => ({
  name,
  async start() {
    const port = await freePort();
    const server = await start(port);
    return { protocol, port, servers: { server: server.pid }, pid: server.pid, stop: server.stop };
  },
});

export const floor = (mode, name) => plain(name, 'raw', (port) => startServer(floorProgram, [mode, String(port)]));
export const nodeRooms = plain('socket.io (Node)', 'node', (port) => startServer(process.execPath, [path.join(here, 'node/rooms.mjs'), String(port)]));
