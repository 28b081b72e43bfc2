// Access tokens that the server did not make: signed with its own key where a test wants to see what
// else is looked at, or with any other.
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (text) => JSON.parse(Buffer.from(text, 'base64url'));

export const serverKey = (server) => createPrivateKey(readFileSync(path.join(server.data, 'keys/current.pem')));
export const foreignKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

export function parts(token) {
  const [header, claims, signature] = token.split('.');
  return { header: decode(header), claims: decode(claims), signature };
}

/** ES256 over a header and claims. */
export function signed(header, claims, key) {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** The same token with other header fields or claims, signed with the server's key. */
export function altered(server, token, { header = {}, claims = {} }) {
  const genuine = parts(token);
  return signed({ ...genuine.header, ...header }, { ...genuine.claims, ...claims }, serverKey(server));
}

/** The same token with so many seconds to live from now on. */
export function shortened(server, token, seconds) {
  const now = Math.floor(Date.now() / 1000);
  return altered(server, token, { claims: { iat: now, nbf: now, exp: now + seconds } });
}
