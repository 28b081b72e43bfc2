/** The one socket of the page. It never reconnects by itself: `sync/reconnector.ts` decides. */
import { io } from 'socket.io-client';

export interface SocketListener {
  onConnect(): void;
  /** The handshake was refused or failed; `data` is what the server said, if it was the server. */
  onRefused(data: unknown): void;
  onDisconnect(): void;
  onEvent(name: string, payload: unknown): void;
}

export interface Socket {
  listen(listener: SocketListener): void;
  connect(): void;
  disconnect(): void;
  emit(name: string, payload: unknown): void;
  /** Resolves with the ack; rejects when none comes within `timeoutMs` or the socket is down. */
  request(name: string, payload: unknown, timeoutMs: number): Promise<unknown>;
}

/** `token` is asked for at each handshake, so that a reconnection carries the newest one. */
export function socketIo(token: () => string): Socket {
  const socket = io({
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    timeout: 10_000,
    // The page keeps its own position in every chat: it does not ask to be recovered.
    auth: (give) => give({ token: token(), pid: null }),
  });
  return {
    listen(listener) {
      socket.on('connect', () => listener.onConnect());
      socket.on('connect_error', (error) =>
        listener.onRefused((error as Error & { data?: unknown }).data),
      );
      socket.on('disconnect', () => listener.onDisconnect());
      socket.onAny((name: string, payload: unknown) => listener.onEvent(name, payload));
    },
    connect: () => void socket.connect(),
    disconnect: () => void socket.disconnect(),
    emit(name, payload) {
      if (socket.connected) socket.emit(name, payload);
    },
    request(name, payload, timeoutMs) {
      if (!socket.connected) return Promise.reject(new Error('socket is down'));
      return socket.timeout(timeoutMs).emitWithAck(name, payload) as Promise<unknown>;
    },
  };
}
