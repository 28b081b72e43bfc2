// `rubricon doctor` on real engines: what works, what is away, what lets nobody in, and no secret in what it prints.
// tests: src/app/doctor.cpp src/app/finding.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Cluster } from '../support/cluster.mjs';

let cluster;
before(async () => (cluster = await (await Cluster.create()).start()), { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 60_000 });

const line = (output, subject) => output.split('\n').find((text) => text.includes(subject)) ?? '';

/** The same address with another account. */
const as = (account, url) => url.replace(/\/\/([^@/]*@)?/, `//${account}@`);

test('a cluster that works is told to', { timeout: 60_000 }, () => {
  const { status, stdout, stderr } = cluster.command('doctor');
  assert.equal(status, 0, stdout + stderr);
  assert.match(line(stdout, 'PostgreSQL'), /fsync/); // of a server for tests
  assert.match(line(stdout, 'RabbitMQ'), /^ok .*rubricon\.jobs has \d+ messages and [1-9]\d* consumers/);
  assert.match(line(stdout, 'Redis'), /^ok .*version \d/);
  assert.match(stdout, /nothing is broken\n$/);
});

test('each service that lets nobody in is named, with advice and without a secret', { timeout: 120_000 }, () => {
  const { postgres, rabbitmq } = cluster.services;
  const { status, stdout, stderr } = cluster.command(
    'doctor',
    '--database-url', as('nobody:s3cret', postgres.url),
    '--broker-url', as('nobody:s3cret', rabbitmq.url),
    '--redis-url', 'redis://:s3cret@127.0.0.1:1',
  );
  assert.equal(status, 1, stdout + stderr);
  for (const subject of ['PostgreSQL', 'RabbitMQ', 'Redis']) assert.match(line(stdout, subject), /^BROKEN/, stdout);
  assert.equal(stdout.split('->').length - 1, 3, stdout);
  assert.doesNotMatch(stdout + stderr, /s3cret/);
});

test('a partition that is missing is named', { timeout: 60_000 }, async () => {
  const [name] = (await cluster.services.postgres.ask("SELECT relname FROM pg_class WHERE relname LIKE 'events\\_20__q_' ORDER BY relname DESC LIMIT 1")).split('\n');
  await cluster.services.postgres.ask(`ALTER TABLE events DETACH PARTITION ${name}`);
  const { stdout } = cluster.command('doctor');
  assert.match(stdout, new RegExp(`doubtful +PostgreSQL +partitions are missing: ${name}`));
});
