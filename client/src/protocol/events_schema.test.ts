/** Our parsers and `contract/events.schema.json` agree: every example there is read by both. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chatUpdate, heads } from './chat.ts';
import { decode, type Decoder } from './decode.ts';
import { aiDelta, chatEventNames, chatEventOf, closing, connectError, draining } from './events.ts';
import { joinAck, presence, typing, userEvent } from './events.ts';

interface Payload {
  examples: unknown[];
}

type Section = Record<string, Payload>;

interface Schema {
  $id: string;
  properties: Record<string, { properties: Section }>;
}

const url = new URL('../../../contract/events.schema.json', import.meta.url);
const schema = JSON.parse(readFileSync(url, 'utf8')) as Schema;
const ajv = new Ajv2020({ strict: false }).addSchema(schema);
const sectionOf = (name: string): Section => schema.properties[name]?.properties ?? {};

const ephemeral: Record<string, Decoder<unknown>> = {
  'ai-delta': aiDelta,
  typing,
  presence,
  'chat-updated': chatUpdate,
  'user-event': userEvent,
  heads,
  'server-draining': draining,
  'server-closing': closing,
};

describe('events.schema.json', () => {
  const cases = Object.keys(schema.properties).flatMap((section) =>
    Object.entries(sectionOf(section)).map(([name, payload]) => ({ section, name, payload })),
  );

  it.each(cases)('has examples of $section $name that fit', ({ section, name, payload }) => {
    const path = `${schema.$id}#/properties/${section}/properties/${name}`;
    const validate = ajv.getSchema(path);
    expect(payload.examples.length).toBeGreaterThan(0);
    for (const example of payload.examples) {
      expect(validate?.(example), JSON.stringify(validate?.errors)).toBe(true);
    }
  });

  it('names the streamed events that we listen to, and no others', () => {
    expect(Object.keys(sectionOf('streamed')).sort()).toEqual(Object.keys(chatEventNames).sort());
    expect(Object.keys(sectionOf('ephemeral')).sort()).toEqual(Object.keys(ephemeral).sort());
  });

  it.each(Object.entries(sectionOf('streamed')))('has a %s that we read', (name, payload) => {
    for (const example of payload.examples) {
      const event = decode(chatEventOf(chatEventNames[name] ?? ''), example);
      expect(event).toMatchObject({ ok: true });
      if (event.ok && name !== 'chat-created') expect(event.value.type).not.toBe('unknown');
    }
  });

  it.each(Object.entries(sectionOf('ephemeral')))('has a %s that we read', (name, payload) => {
    for (const example of payload.examples) {
      expect(decode(ephemeral[name] ?? typing, example)).toMatchObject({ ok: true });
    }
  });

  it('has acks and refusals that we read', () => {
    for (const name of ['join', 'error', 'ok']) {
      for (const example of sectionOf('acks')[name]?.examples ?? []) {
        expect(decode(joinAck, example)).toMatchObject({ ok: true });
      }
    }
    const refusals = sectionOf('handshake').connectError?.examples as { data: unknown }[];
    expect(decode(connectError, refusals[0]?.data)).toMatchObject({ ok: true });
  });
});

describe('a parser at the edge', () => {
  it('says where a payload breaks the contract', () => {
    const bad = { chatId: 'c', epoch: 1, seq: 2, id: 'm', role: 'ROBOT', content: '', time: '' };
    const decoded = decode(chatEventOf('message-created'), bad);
    expect(decoded).toEqual({ ok: false, error: '$.role: expected USER or AI' });
    expect(decode(heads, { c: -1 })).toMatchObject({ ok: false });
    expect(decode(aiDelta, null)).toEqual({ ok: false, error: '$: expected an object' });
  });

  it('reads an event of a kind it does not know as unknown, with its place', () => {
    const event = { chatId: 'c', epoch: 1, seq: 9, colour: 'blue' };
    expect(decode(chatEventOf('chat-painted'), event)).toEqual({
      ok: true,
      value: { chatId: 'c', epoch: 1, seq: 9, type: 'unknown', name: 'chat-painted' },
    });
  });
});
