/** One request to our own server; what the network did is a value, never an exception. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `/api/`. */
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
}

export type HttpAnswer =
  | { kind: 'unreachable' }
  | {
      kind: 'answered';
      status: number;
      /** Parsed JSON, or null when there is none. */
      body: unknown;
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
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        credentials: 'same-origin',
        cache: 'no-store',
        keepalive: request.keepalive ?? false,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      return {
        kind: 'answered',
        status: response.status,
        body: parseJson(text),
        header: (name) => response.headers.get(name),
      };
    } catch {
      return { kind: 'unreachable' };
    }
  },
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
