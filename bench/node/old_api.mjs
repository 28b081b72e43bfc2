// The system before this one: its REST API on express and PostgreSQL, tables as Prisma makes them.
// usage: DATABASE_URL=postgresql://… API_KEY=… node old_api.mjs <port>
import { randomUUID } from 'node:crypto';
import express from 'express';
import pg from 'pg';

const { DATABASE_URL, API_KEY } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
await pool.query(`
  CREATE TABLE IF NOT EXISTS "User" ("id" text PRIMARY KEY, "email" text UNIQUE NOT NULL, "name" text, "createdAt" timestamp(3) NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS "Chat" ("id" text PRIMARY KEY, "title" text NOT NULL, "userId" text NOT NULL REFERENCES "User" ("id"),
    "createdAt" timestamp(3) NOT NULL DEFAULT now(), "updatedAt" timestamp(3) NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS "Msg" ("id" text PRIMARY KEY, "chatId" text NOT NULL REFERENCES "Chat" ("id"), "role" text NOT NULL,
    "content" text NOT NULL, "time" timestamp(3) NOT NULL DEFAULT now());
  CREATE INDEX IF NOT EXISTS "Chat_userId" ON "Chat" ("userId", "updatedAt" DESC);
  CREATE INDEX IF NOT EXISTS "Msg_chatId" ON "Msg" ("chatId", "time" DESC);`);

const app = express();
app.use(express.json());
app.disable('x-powered-by');
const keyed = (request, response, next) => (request.get('x-api-key') === API_KEY ? next() : response.status(401).json({ error: 'key' }));

app.post('/api/chat/messages', keyed, async ({ body: { chatId, content, role } }, response) => {
  const id = randomUUID();
  const { rows: [{ time }] } = await pool.query('INSERT INTO "Msg" ("id", "chatId", "role", "content") VALUES ($1, $2, $3, $4) RETURNING "time"', [id, chatId, role, content]);
  await pool.query('UPDATE "Chat" SET "updatedAt" = now() WHERE "id" = $1', [chatId]);
  response.status(201).json({ id, time, n: 1 });
});

// One query with LATERAL: kinder to it than its own N+1.
app.get('/api/chat', async (request, response) => {
  const { rows } = await pool.query(`SELECT c.*, json_build_array(row_to_json(m)) AS msgs FROM "Chat" c
    LEFT JOIN LATERAL (SELECT * FROM "Msg" WHERE "chatId" = c."id" ORDER BY "time" DESC LIMIT 1) m ON true
    WHERE c."userId" = $1 ORDER BY c."updatedAt" DESC LIMIT 50`, [request.get('x-user')]);
  response.json({ chats: rows });
});

app.get('/api/chat/:id', async (request, response) => {
  const { rows: [chat] } = await pool.query('SELECT * FROM "Chat" WHERE "id" = $1 AND "userId" = $2', [request.params.id, request.get('x-user')]);
  if (!chat) return response.status(404).json({ error: 'not found' });
  const { rows: msgs } = await pool.query('SELECT * FROM "Msg" WHERE "chatId" = $1 ORDER BY "time" DESC LIMIT 20', [chat.id]);
  response.json({ ...chat, msgs: msgs.reverse() });
});

app.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));
