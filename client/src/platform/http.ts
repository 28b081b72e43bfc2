/** One request to our own server; what the network did is a value, never an exception. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `/api/`. */
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON, or as it is where it is a file. */
  body?: unknown;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
  /** A file is wanted, not JSON. */
  file?: boolean;
}

export type HttpAnswer =
  | { kind: 'unreachable' }
  | {
      kind: 'answered';
      status: number;
      /** Parsed JSON, or null when there is none. */
      body: unknown;
      /** What was asked for as a file. */
      file?: Blob;
      header(name: string): string | null;
    };

export interface Http {
  /** Never rejects. No answer within 20 s counts as unreachable: it may or may not have arrived. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

const timeoutMs = 20_000;

export const fetchHttp: Http = {
  async send(request) {
    try {
      const response = await fetch(request.path, {
        method: request.method,
        headers: {
          accept: request.file === true ? '*/*' : 'application/json',
          ...contentType(request.body),
          ...request.headers,
        },
        ...(request.body === undefined ? {} : { body: encoded(request.body) }),
        credentials: 'same-origin',
        cache: 'no-store',
        keepalive: request.keepalive ?? false,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const header = (name: string): string | null => response.headers.get(name);
      const { status } = response;
      if (request.file === true && response.ok) {
        return { kind: 'answered', status, body: null, file: await response.blob(), header };
      }
      return { kind: 'answered', status, body: parseJson(await response.text()), header };
    } catch {
      return { kind: 'unreachable' };
    }
  },
};

function contentType(body: unknown): Record<string, string> {
  if (body === undefined) return {};
  const type = body instanceof Blob ? 'application/octet-stream' : 'application/json';
  return { 'content-type': type };
}

const encoded = (body: unknown): string | Blob =>
  body instanceof Blob ? body : JSON.stringify(body);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
