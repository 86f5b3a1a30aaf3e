PRAGMA application_id = 1282371957;
PRAGMA user_version = 8;
CREATE TABLE conversations (
    sequence   INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    created    REAL NOT NULL,
    updated    REAL NOT NULL,
    current    TEXT,
    provider   TEXT NOT NULL,
    model      TEXT NOT NULL,
    system     TEXT NOT NULL,
    parameters TEXT NOT NULL,  -- JSON
    trashed    REAL
) STRICT;
CREATE INDEX conversations_by_recency ON conversations (updated) WHERE trashed IS NULL;
CREATE TABLE messages (
    sequence       INTEGER PRIMARY KEY,
    conversation   INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    id             TEXT NOT NULL UNIQUE,
    parent         TEXT,
    role           TEXT NOT NULL,
    text           TEXT NOT NULL,
    created        REAL NOT NULL,
    status         TEXT NOT NULL,
    reasoning      TEXT NOT NULL,
    provider       TEXT NOT NULL,
    model          TEXT NOT NULL,
    served_by      TEXT NOT NULL,
    finish_reason  TEXT NOT NULL,
    error          TEXT NOT NULL,
    usage          TEXT,  -- JSON
    cost           TEXT,  -- decimal
    cost_estimated INTEGER NOT NULL,
    first_token    REAL,
    total          REAL,
    tool_calls     TEXT,  -- JSON
    owner          TEXT   -- of a streaming one: the process that writes it
) STRICT;
CREATE INDEX messages_by_conversation ON messages (conversation);
CREATE INDEX messages_streaming ON messages (owner) WHERE owner IS NOT NULL;
CREATE TABLE chunks (
    sequence  INTEGER PRIMARY KEY,
    message   INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
    text      TEXT NOT NULL,
    reasoning TEXT NOT NULL
) STRICT;
CREATE INDEX chunks_by_message ON chunks (message);
CREATE TABLE requests (
    sequence INTEGER PRIMARY KEY,
    message  INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
    url      TEXT NOT NULL,
    head     TEXT NOT NULL,     -- JSON: the body, null for its messages
    base     INTEGER,           -- the request whose first messages this one shares
    kept     INTEGER NOT NULL,  -- how many it shares
    depth    INTEGER NOT NULL,  -- how many bases are under it
    rest     TEXT               -- the other messages, one JSON a line
) STRICT;
CREATE INDEX requests_by_message ON requests (message);
CREATE TABLE probabilities (
    message INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
    tokens  BLOB NOT NULL  -- MessagePack
) STRICT;
CREATE TABLE providers (
    position INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    kind     TEXT NOT NULL,
    base_url TEXT NOT NULL,
    model    TEXT NOT NULL
) STRICT;
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL  -- JSON
) STRICT, WITHOUT ROWID;
INSERT INTO conversations VALUES (1, 'c', 'A title', 1.0, 3.0, 'b', 'openrouter', 'm', 'Be brief.', '{"temperature":0.5}', NULL);
INSERT INTO conversations VALUES (2, 't', 'Thrown away', 1.0, 1.0, NULL, '', '', '', '{}', 4.0);
INSERT INTO messages VALUES (1, 1, 'q', NULL, 'user', 'Why?', 1.0, 'complete', '', '', '', '', '', '', NULL, NULL, 0, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES (2, 1, 'a', 'q', 'assistant', 'Because.', 2.0, 'complete', '', '', '', '', '', '', '{"prompt_tokens":3,"completion_tokens":4,"reasoning_tokens":null,"cached_tokens":null,"cost":"0.01"}', '0.01', 0, 0.5, 1.5, '[{"id":"i","name":"n","arguments":"{}"}]', NULL);
INSERT INTO messages VALUES (3, 1, 'b', 'q', 'assistant', '', 2.0, 'streaming', '', '', '', '', '', '', NULL, NULL, 0, NULL, NULL, NULL, 'gone');
INSERT INTO chunks VALUES (1, 3, 'Half', 'thought');
INSERT INTO requests VALUES (1, 2, 'https://provider.example/v1/chat/completions', '{"model":"m","messages":null}', NULL, 0, 0, '{"role":"user","content":"Why?"}');
INSERT INTO requests VALUES (2, 3, 'https://provider.example/v1/chat/completions', '{"model":"m","messages":null}', 1, 1, 1, '{"role":"assistant","content":"Because."}');
INSERT INTO probabilities VALUES (2, X'9193C294A742656361757365CBBFE0000000000000C3079194A24173CBBFF8000000000000C0C0');
INSERT INTO providers VALUES (1, 'embedded', 'On this computer', 'embedded', '', 'SmolLM2-135M-Instruct');
INSERT INTO providers VALUES (2, 'openrouter', 'OpenRouter', 'openrouter', 'https://openrouter.ai/api/v1', 'deepseek/deepseek-v4-pro');
INSERT INTO settings VALUES ('theme', '"dark"');
ALTER TABLE messages ADD COLUMN trashed REAL;
CREATE INDEX messages_trashed ON messages (trashed) WHERE trashed IS NOT NULL;
ALTER TABLE messages ADD COLUMN tool_results TEXT;
ALTER TABLE messages ADD COLUMN reasoning_details TEXT;
ALTER TABLE messages ADD COLUMN generation TEXT;
ALTER TABLE messages ADD COLUMN note TEXT;
ALTER TABLE messages ADD COLUMN remedy TEXT;
ALTER TABLE conversations ADD COLUMN routing TEXT NOT NULL DEFAULT '{}';
CREATE TABLE catalogues (
    provider TEXT PRIMARY KEY,
    fetched  REAL NOT NULL,
    models   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO catalogues VALUES ('openrouter', 5.0, '[]');
CREATE TABLE presets (
    position   INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    about      TEXT NOT NULL,
    parameters TEXT NOT NULL
) STRICT;
CREATE TABLE sweeps (
    sequence     INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    question     TEXT NOT NULL,
    created      REAL NOT NULL,
    plan         TEXT NOT NULL,
    owner        TEXT,
    trashed      REAL
) STRICT;
CREATE INDEX sweeps_by_conversation ON sweeps (conversation);
CREATE TABLE prompts (
    sequence INTEGER PRIMARY KEY,
    sweep    INTEGER NOT NULL REFERENCES sweeps ON DELETE CASCADE,
    messages TEXT NOT NULL
) STRICT;
CREATE INDEX prompts_by_sweep ON prompts (sweep);
CREATE TABLE cells (
    sequence      INTEGER PRIMARY KEY,
    sweep         INTEGER NOT NULL REFERENCES sweeps ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    answer        TEXT NOT NULL,
    url           TEXT,
    body          TEXT,
    prompt        INTEGER,
    mean_logprob  REAL,
    probabilities BLOB,
    UNIQUE (sweep, number)
) STRICT;
INSERT INTO presets VALUES (1, 'p', 'Mine', '', '{"temperature":0.2}');
ALTER TABLE conversations ADD COLUMN trash_age REAL;
ALTER TABLE messages ADD COLUMN trash_age REAL;
ALTER TABLE sweeps ADD COLUMN trash_age REAL;
CREATE INDEX conversations_trashed ON conversations (trashed) WHERE trashed IS NOT NULL;
CREATE INDEX sweeps_trashed ON sweeps (trashed) WHERE trashed IS NOT NULL;
ALTER TABLE conversations ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN reasoning_time REAL;
ALTER TABLE conversations ADD COLUMN place TEXT;
