/** Identity on the wire: who is signed in, and how errors come back. */
import { array, boolean, number, object, oneOf, withDefault } from './decode.ts';
import { string, type Decoder } from './decode.ts';

export interface User {
  id: string;
  name: string;
  email: string;
  role: string;
  locale: 'en' | 'zh-TW';
}

export const user: Decoder<User> = object({
  id: string,
  name: string,
  email: string,
  role: withDefault(string, 'teacher'),
  locale: withDefault(oneOf('en', 'zh-TW'), 'zh-TW'),
});

export interface Grant {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  user: User;
}

export const grant: Decoder<Grant> = object({ accessToken: string, expiresIn: number, user });

/** Where one is signed in: a browser on some device. */
export interface OpenSession {
  id: string;
  createdAt: string;
  /** Whether it is this one. */
  current: boolean;
}

export const openSessions: Decoder<{ sessions: OpenSession[] }> = object({
  sessions: array(object({ id: string, createdAt: string, current: boolean })),
});

/** An RFC 9457 problem document; whatever is missing is filled from the status. */
export interface Problem {
  code: string;
  detail: string;
  traceId: string;
  errors: { field: string; code: string; message: string }[];
}

export const problem: Decoder<Problem> = object({
  code: withDefault(string, 'unknown'),
  detail: withDefault(string, ''),
  traceId: withDefault(string, ''),
  errors: withDefault(
    array(
      object({
        field: withDefault(string, ''),
        code: withDefault(string, ''),
        message: withDefault(string, ''),
      }),
    ),
    [],
  ),
});
