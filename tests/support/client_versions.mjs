// The official clients that must be able to connect, by version: from the first of protocol 5 to the newest.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const versions = {
  '4.0': require('socket.io-client-4-0'),
  '4.4': require('socket.io-client-4-4'),
  '4.6': require('socket.io-client-4-6'),
  4.8: require('socket.io-client'),
};
/** One of protocol 4, which is refused. */
export const clientOf2 = require('socket.io-client-2');
