PRAGMA application_id = 1282371957;
PRAGMA user_version = 4;
CREATE TABLE catalogues (
            provider TEXT PRIMARY KEY,
            fetched  REAL NOT NULL,
            models   TEXT NOT NULL  -- JSON
        ) STRICT, WITHOUT ROWID;
INSERT INTO "catalogues" VALUES('openrouter',5.0,'[{"id":"deepseek/deepseek-v4-pro","name":"DeepSeek V4 Pro","description":"","context_length":null,"price":null,"supported_parameters":null,"max_output":null,"inputs":[],"outputs":[],"created":null,"expires":null,"thinking":null}]');
CREATE TABLE cells (
            sequence      INTEGER PRIMARY KEY,
            sweep         INTEGER NOT NULL REFERENCES sweeps ON DELETE CASCADE,
            number        INTEGER NOT NULL,  -- in the order of asking, from 0
            answer        TEXT NOT NULL,     -- JSON: a message
            url           TEXT,
            body          TEXT,              -- JSON: what was sent, null for its messages
            prompt        INTEGER,           -- where those are
            mean_logprob  REAL,
            probabilities BLOB,
            UNIQUE (sweep, number)
        ) STRICT;
INSERT INTO "cells" VALUES(1,1,0,'{"id":"cell","parent":"q","role":"assistant","text":"Cell.","created":3.0,"status":"complete","reasoning":"","provider":"My server","model":"qwen","served_by":"","finish_reason":"stop","error":"","usage":null,"cost":null,"cost_estimated":0,"first_token":null,"total":null,"tool_calls":null,"tool_results":null,"reasoning_details":null,"generation":null,"note":null,"remedy":null}','http://x','{"messages":null}',1,-0.5,NULL);
INSERT INTO "cells" VALUES(2,1,1,'{"id":"cell2","parent":"q","role":"assistant","text":"Cell.","created":3.0,"status":"complete","reasoning":"","provider":"Twin","model":"qwen","served_by":"","finish_reason":"stop","error":"","usage":null,"cost":null,"cost_estimated":0,"first_token":null,"total":null,"tool_calls":null,"tool_results":null,"reasoning_details":null,"generation":null,"note":null,"remedy":null}',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE chunks (
            sequence  INTEGER PRIMARY KEY,
            message   INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
            text      TEXT NOT NULL,
            reasoning TEXT NOT NULL
        ) STRICT;
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
        , routing TEXT NOT NULL DEFAULT '{}') STRICT;
INSERT INTO "conversations" VALUES(1,'c','In use',1.0,2.0,'gone','7f31','qwen','Be brief.','{"temperature":0.5,"stop":["\n"]}',NULL,'{"order":["deepinfra"]}');
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
        , trashed REAL, tool_results TEXT, reasoning_details TEXT, generation TEXT, note TEXT, remedy TEXT) STRICT;
INSERT INTO "messages" VALUES(1,1,'q',NULL,'user','Why?',1.0,'complete','','','','','','',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(2,1,'known','q','assistant','From My server.',2.0,'complete','Hm.','My server','qwen','DeepInfra','stop','','{"prompt_tokens":3,"completion_tokens":4,"reasoning_tokens":null,"cached_tokens":null,"cost":null,"cache_write_tokens":null}','0.010',1,0.5,1.5,'[{"id":"i","name":"look","arguments":"{}"}]',NULL,NULL,NULL,'[{"type":"text"}]','gen-1','A note.',NULL);
INSERT INTO "messages" VALUES(3,1,'router','q','assistant','From OpenRouter.',2.0,'complete','','OpenRouter','qwen','','stop','No money.',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'credit');
INSERT INTO "messages" VALUES(4,1,'several','q','assistant','From Twin.',2.0,'complete','','Twin','qwen','','stop','',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "messages" VALUES(5,1,'gone','q','assistant','From Renamed since.',2.0,'complete','','Renamed since','qwen','','stop','',NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE presets (
            position   INTEGER PRIMARY KEY,
            id         TEXT NOT NULL UNIQUE,
            name       TEXT NOT NULL,
            about      TEXT NOT NULL,
            parameters TEXT NOT NULL  -- JSON
        ) STRICT;
INSERT INTO "presets" VALUES(1,'1e1dbe824de66136e13a8be80bff1e7a','Mine','About it.','{"temperature":0.2}');
CREATE TABLE probabilities (
            message INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
            tokens  BLOB NOT NULL  -- MessagePack
        ) STRICT;
INSERT INTO "probabilities" VALUES(2,X'4C51503278019B3E69F212B7A2FCDC0307262F0AC93F70E0081303C31116060686FD4718198E30C1B06F0C0077740EFC');
INSERT INTO "probabilities" VALUES(3,X'4C51503278019B3E69F212B7A2FCDC0307262F0AC93F70E0081303C31116060686FD4718198E30C1B06F0C0077740EFC');
INSERT INTO "probabilities" VALUES(4,X'4C51503278019B3E69F212B7A2FCDC0307262F0AC93F70E0081303C31116060686FD4718198E30C1B06F0C0077740EFC');
INSERT INTO "probabilities" VALUES(5,X'4C51503278019B3E69F212B7A2FCDC0307262F0AC93F70E0081303C31116060686FD4718198E30C1B06F0C0077740EFC');
CREATE TABLE prompts (
            sequence INTEGER PRIMARY KEY,
            sweep    INTEGER NOT NULL REFERENCES sweeps ON DELETE CASCADE,
            messages TEXT NOT NULL  -- JSON: what most cells of a sweep are sent alike
        ) STRICT;
INSERT INTO "prompts" VALUES(1,1,'[{"role":"user"}]');
CREATE TABLE providers (
            position INTEGER PRIMARY KEY,
            id       TEXT NOT NULL UNIQUE,
            name     TEXT NOT NULL,
            kind     TEXT NOT NULL,
            base_url TEXT NOT NULL,
            model    TEXT NOT NULL
        ) STRICT;
INSERT INTO "providers" VALUES(1,'embedded','On this computer','embedded','','SmolLM2-135M-Instruct');
INSERT INTO "providers" VALUES(2,'openrouter','OpenRouter','openrouter','https://openrouter.ai/api/v1','deepseek/deepseek-v4-pro');
INSERT INTO "providers" VALUES(3,'7f31','My server','llama_cpp','http://127.0.0.1:8080/v1','qwen');
INSERT INTO "providers" VALUES(4,'aa01','Twin','ollama','http://127.0.0.1:11434/v1','');
INSERT INTO "providers" VALUES(5,'aa02','Twin','vllm','http://127.0.0.1:8000/v1','');
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
INSERT INTO "requests" VALUES(1,2,'http://127.0.0.1:8080/v1/chat/completions','{"model":"qwen","messages":null,"temperature":0.5}',NULL,0,0,'{"role":"user","content":"Why?"}');
INSERT INTO "requests" VALUES(2,3,'http://127.0.0.1:8080/v1/chat/completions','{"model":"qwen","messages":null,"temperature":0.5}',1,1,1,'');
INSERT INTO "requests" VALUES(3,4,'http://127.0.0.1:8080/v1/chat/completions','{"model":"qwen","messages":null,"temperature":0.5}',2,1,2,'');
INSERT INTO "requests" VALUES(4,5,'http://127.0.0.1:8080/v1/chat/completions','{"model":"qwen","messages":null,"temperature":0.5}',3,1,3,'');
CREATE TABLE settings (
            name  TEXT PRIMARY KEY,
            value TEXT NOT NULL  -- JSON
        ) STRICT, WITHOUT ROWID;
INSERT INTO "settings" VALUES('default_provider','"7f31"');
INSERT INTO "settings" VALUES('draft ','"a beginning"');
INSERT INTO "settings" VALUES('draft c','"half a thought"');
INSERT INTO "settings" VALUES('engine_model','"/models/other.gguf"');
INSERT INTO "settings" VALUES('enter_sends','false');
INSERT INTO "settings" VALUES('favourite_models','[["openrouter","deepseek/deepseek-v4-pro"]]');
INSERT INTO "settings" VALUES('preset of c','"1e1dbe824de66136e13a8be80bff1e7a"');
INSERT INTO "settings" VALUES('proxy','"http://proxy.example:3128"');
INSERT INTO "settings" VALUES('recent_models','[["7f31","qwen"]]');
INSERT INTO "settings" VALUES('refused http://127.0.0.1:8080 qwen','{"top_a":"unknown field"}');
INSERT INTO "settings" VALUES('sweep_cells','12');
INSERT INTO "settings" VALUES('sweep_dollars','1.5');
INSERT INTO "settings" VALUES('theme','"dark"');
INSERT INTO "settings" VALUES('token_origins','[{"provider":"7f31","model":"qwen","name":"Qwen","words":{"5":"2074726565"}}]');
INSERT INTO "settings" VALUES('tool_commands','[{"tool":"look","arguments":["look","-n"],"always":true,"seconds":7.0}]');
INSERT INTO "settings" VALUES('window','{"width":900,"conversation":"c"}');
CREATE TABLE sweeps (
            sequence     INTEGER PRIMARY KEY,
            id           TEXT NOT NULL UNIQUE,
            conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
            question     TEXT NOT NULL,  -- the message that is answered
            created      REAL NOT NULL,
            plan         TEXT NOT NULL,  -- JSON
            owner        TEXT,           -- the process that runs it
            trashed      REAL
        ) STRICT;
INSERT INTO "sweeps" VALUES(1,'s',1,'q',3.0,'{"question":"q","provider":"7f31","model":"qwen","parameters":{"temperature":0.5},"system":"","routing":{},"columns":null,"rows":null,"repeats":1,"seeds":"none","first_seed":0,"most_at_once":0}',NULL,NULL);
CREATE INDEX conversations_by_recency ON conversations (updated) WHERE trashed IS NULL;
CREATE INDEX messages_by_conversation ON messages (conversation);
CREATE INDEX messages_streaming ON messages (owner) WHERE owner IS NOT NULL;
CREATE INDEX chunks_by_message ON chunks (message);
CREATE INDEX requests_by_message ON requests (message);
CREATE INDEX messages_trashed ON messages (trashed) WHERE trashed IS NOT NULL;
CREATE INDEX sweeps_by_conversation ON sweeps (conversation);
CREATE INDEX prompts_by_sweep ON prompts (sweep);
