// One case for each route of contract/openapi.yaml and each event of contract/events.schema.json: how to ask, and
// what each role in a chat gets. isolation.test.mjs asks them as strangers, roles.test.mjs as members; a new route
// or event without a case, or with a case that does not say who may, fails there.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ask, bearer } from '../support/http.mjs';

const read = (name) => readFileSync(new URL(`../../contract/${name}`, import.meta.url), 'utf8');
const rest = parse(read('openapi.yaml'));
const resolved = (part) => (part?.$ref ? part.$ref.slice(2).split('/').reduce((at, key) => at[key], rest) : part);

/** The names of what a request says: in its path, its query and its body. */
function fieldsOf(item, operation) {
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolved);
  const schema = resolved(resolved(operation.requestBody)?.content['application/json']?.schema);
  return [...parameters.filter((each) => each.in !== 'header').map((each) => each.name), ...Object.keys(schema?.properties ?? {})];
}

/** Of the names that end as ids do, those of nobody's things. */
export const exempt = { clientId: 'a word that the client chose for its own request' };
const isThing = (name) => name.endsWith('Id') && !(name in exempt);
export const operations = Object.entries(rest.paths).flatMap(([pattern, item]) =>
  Object.entries(item).filter(([method]) => method !== 'parameters').map(([method, operation]) => ({
    id: operation.operationId, method: method.toUpperCase(), pattern,
    fields: fieldsOf(item, operation), names: fieldsOf(item, operation).filter(isThing), // things that may be another's
  })));
export const clientEvents = Object.keys(JSON.parse(read('events.schema.json')).properties.client.properties);

export const roles = ['viewer', 'editor', 'owner', 'removed'];
const members = { viewer: 'allowed', editor: 'allowed', owner: 'allowed', removed: 'not_found' };
const writers = { ...members, viewer: 'forbidden' };
const owners = { ...writers, editor: 'forbidden' };
/** What is deleted is there for its owners alone. */
const ownersOfDeleted = { ...members, viewer: 'not_found', editor: 'not_found' };
const anybody = { ...members, removed: 'allowed' };
const all = (outcome) => Object.fromEntries(roles.map((role) => [role, outcome]));

const rubric = rest.components.schemas.Rubric.examples[0];

/**
 * `body` and `query` make a good request out of ids, and `may` says what comes of it for each role in the chat that
 * they name: with a message of one's own, and a user or a session that is another's. What names nobody's things is
 * `own`, and says why; what no teacher may is for `administrators`. `deleted`: asked of a chat that was deleted.
 */
export const routes = {
  register: { own: 'makes an account' }, login: { own: 'needs the password' },
  refresh: { own: 'needs the cookie' }, logout: { own: 'ends what its own token and cookie name' },
  getMe: { own: 'the token says who' }, updateMe: { own: 'the token says who', body: () => ({ name: 'Mallory' }) },
  listSessions: { own: 'the token says whose' }, endSession: { may: all('not_found') },
  changePassword: { own: 'the token says whose' }, listMyEvents: { own: 'the token says whose' },
  listChats: { own: 'lists what one is a member of', query: '?q=SECRET' }, createChat: { own: 'makes a chat', body: () => ({ title: 'x' }) },
  postMessage: { may: writers, body: (ids) => ({ chatId: ids.chat, content: 'x' }) },
  getChat: { may: members }, updateChat: { may: writers, body: () => ({ title: randomUUID() }) },
  deleteChat: { may: owners }, restoreChat: { may: ownersOfDeleted, deleted: true, body: () => ({}) },
  listMessages: { may: members, query: '?limit=10' },
  editMessage: { may: writers, body: () => ({ content: 'x' }) }, deleteMessage: { may: writers },
  regenerateAnswer: { may: { ...writers, editor: 'assistant_off', owner: 'assistant_off' }, body: (ids) => ({ replyTo: ids.seq ?? 1 }) },
  stopAnswer: { may: { ...writers, editor: 'nothing_to_stop', owner: 'nothing_to_stop' }, body: (ids) => ({ replyTo: ids.seq ?? 1 }) },
  listChatEvents: { may: members, query: '?after=0&limit=10' }, markRead: { may: members, body: () => ({ seq: 1 }) },
  listMembers: { may: members },
  addMember: { may: owners, body: (ids) => ({ email: ids.email ?? 'mallory@evil.example', role: 'owner' }) }, removeMember: { may: owners },
  getRubric: { may: members }, putRubric: { may: writers, body: () => rubric },
  exportRubric: { may: members, query: '?format=canvas-csv' }, importRubric: { may: writers, body: () => rubric },
  listRubricVersions: { may: members, query: '?limit=10' }, getRubricVersion: { may: members },
  restoreRubricVersion: { may: writers, body: () => ({}) },
  getUploadProgress: { may: all('not_found') },
  listDeadJobs: { administrators: true }, replayDeadJob: { administrators: true, body: () => ({}) },
  getOpenapi: { own: 'the same for all' }, getJwks: { own: 'the same for all' },
  getHealth: { own: 'the same for all' }, getReadiness: { own: 'the same for all' },
};

/** An event's payload out of ids, and the code that a stranger gets; without an answer, nothing may reach the others. */
export const events = {
  auth: { may: all('forbidden'), payload: (ids) => ({ token: ids.token ?? 'x.y.z' }), codes: ['forbidden', 'unauthenticated'] },
  'join-user': { may: all('forbidden'), payload: (ids) => ids.user, codes: ['forbidden'] },
  'join-chat': { may: members, payload: (ids) => ({ chatId: ids.chat, epoch: 1, after: 0 }), codes: ['not_found'] },
  'leave-chat': { may: anybody, payload: (ids) => ids.chat, codes: [] },
  'send-msg': { may: writers, payload: (ids) => ({ chatId: ids.chat, content: 'x' }), codes: ['not_found'] },
  typing: { may: members, payload: (ids) => ({ chatId: ids.chat }), silent: true },
};

const id = () => randomUUID().replace(/^(.{14})./, '$17');
/** What of ids a tenant has, or never existed. */
export const nothing = () => ({ chat: id(), message: id(), user: id(), session: id(), job: id(), upload: id() });

const fill = (pattern, ids) => pattern.replace('{version}', '1').replace(/\{(\w+)Id\}/g, (_, name) => {
  if (!(name in ids)) throw new Error(`no id for {${name}Id} of ${pattern}: give cases.mjs one`);
  return ids[name];
});

/** The operation's case with these ids; `version` is the rubric's that was seen. */
export async function attempt(server, operation, ids, token, version = 1) {
  const { body, query = '' } = routes[operation.id];
  const options = { headers: { ...bearer(token), 'if-match': `"${version}"` } };
  if (['POST', 'PUT', 'PATCH'].includes(operation.method)) options.body = body ? body(ids) : {};
  return ask(server, operation.method, fill(operation.pattern, ids) + query, options);
}
