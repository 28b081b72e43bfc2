// The contract, held against what the server really says: every socket payload and every REST
// response that a test receives must be one that contract/ describes, with no field left out of it.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

const file = (name) => readFileSync(new URL(`../../contract/${name}`, import.meta.url), 'utf8');
const events = JSON.parse(file('events.schema.json'));
const rest = parse(file('openapi.yaml'));

/** The same schema, where what is not named is not allowed. */
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const out = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, key === 'examples' || key === 'example' ? value : closed(value)]));
  if (out.type === 'object' && out.properties && !('additionalProperties' in out)) out.additionalProperties = false;
  return out;
}

const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { int64: Number.isSafeInteger, uuid: true, 'date-time': true, email: true } });
ajv.addSchema({ $id: 'urn:rubricon:events', $defs: events.$defs, ...closed({ properties: events.properties, $defs: events.$defs }) });
ajv.addSchema({ $id: 'urn:rubricon:rest', components: closed(rest.components), paths: closed(rest.paths) });

/** Pointer into a JSON document, RFC 6901. */
const pointer = (...keys) => keys.map((key) => `/${encodeURIComponent(String(key).replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

const compiled = new Map();
function check(ref, value, what) {
  if (!compiled.has(ref)) compiled.set(ref, ajv.compile({ $ref: ref }));
  const validate = compiled.get(ref);
  if (validate(value)) return;
  const why = validate.errors.map((e) => `${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`).join('; ');
  throw new Error(`${what} is not what the contract says: ${why}\n${JSON.stringify(value)}`);
}

/** The events that tests have received so far. */
export const seenEvents = new Set();
export const documentedEvents = [...Object.keys(events.properties.streamed.properties), ...Object.keys(events.properties.ephemeral.properties)];

/** Throws unless `payload` is a documented payload of the server's event `name`. */
export function checkEvent(name, payload) {
  const kind = ['streamed', 'ephemeral'].find((each) => name in events.properties[each].properties);
  if (!kind) throw new Error(`the event ${name} is not in contract/events.schema.json`);
  seenEvents.add(name);
  check(`urn:rubricon:events#/properties/${kind}/properties${pointer(name)}`, payload, `event ${name}`);
}

/** Throws unless `ack` is a documented acknowledgement: `kind` of contract/events.schema.json, or an error. */
export function checkAck(kind, ack) {
  check(`urn:rubricon:events#/properties/acks/properties${pointer(ack?.error ? 'error' : kind)}`, ack, `ack of kind ${kind}`);
}

const routes = Object.keys(rest.paths).map((path) => ({
  path,
  // Literal paths are looked at before those with parameters.
  pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
  parameters: path.split('{').length - 1,
})).sort((a, b) => a.parameters - b.parameters);

/** Throws unless the response is one that openapi.yaml lists for the route; unknown routes must be problems. */
export function checkResponse(method, url, status, body) {
  const path = url.split('?')[0];
  const route = routes.find((each) => each.pattern.test(path));
  const operation = route && rest.paths[route.path][method.toLowerCase()];
  const what = `${method} ${path} → ${status}`;
  if (!operation) {
    if (path.startsWith('/api/')) check(`urn:rubricon:rest#/components/schemas/Problem`, body, what);
    return;
  }
  const key = String(status) in operation.responses ? String(status) : 'default';
  if (!(key in operation.responses) || (key === 'default' && status < 400)) throw new Error(`${what} is not in contract/openapi.yaml`);
  let at = `/paths${pointer(route.path)}${pointer(method.toLowerCase())}/responses/${key}`;
  let response = operation.responses[key];
  while (response.$ref) {
    at = response.$ref.slice(1);
    response = rest.components.responses[at.split('/').pop()];
  }
  const content = response.content && Object.keys(response.content)[0];
  if (!content) {
    if (body !== undefined) throw new Error(`${what} has a body that contract/openapi.yaml does not describe`);
    return;
  }
  check(`urn:rubricon:rest#${at}/content${pointer(content)}/schema`, body, what);
}
