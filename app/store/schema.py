"""The library's tables, made by numbered schema steps. Steps are appended, never changed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from app.domain.errors import LibraryError, LibraryNewer
from app.domain.text.translation import _
from app.store.database import Database

#: "Loqu": the application id in the header of library files.
APPLICATION_ID = 0x4C6F7175

Step = Callable[[Database], None]


# `trashed` is a column, so that the list of conversations is one backward scan of a partial
# index.
#
# `parent` and `requests.base` have no foreign key: an imported tree may have orphans, and
# deleting a message would have to search for its children.
#
# `sequence` is the order of arrival; `created` isn't, since clocks jump.
_FIRST_TABLES = """
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
"""


def _conversations_and_messages(db: Database) -> None:
    db.run(_FIRST_TABLES)


def _trash_of_messages(db: Database) -> None:
    # A deleted message is kept for a while, as a conversation is, so that it can be restored.
    db.run("""
        ALTER TABLE messages ADD COLUMN trashed REAL;
        CREATE INDEX messages_trashed ON messages (trashed) WHERE trashed IS NOT NULL;
    """)


def _tools_routing_and_catalogues(db: Database) -> None:
    # A NULL costs one byte in a row, so rarely used columns may be added freely.
    #
    # A catalogue is the model list of one provider (about 1,000), read and written whole.
    db.run("""
        ALTER TABLE messages ADD COLUMN tool_results TEXT;       -- JSON
        ALTER TABLE messages ADD COLUMN reasoning_details TEXT;  -- JSON, as it came
        ALTER TABLE messages ADD COLUMN generation TEXT;
        ALTER TABLE messages ADD COLUMN note TEXT;
        ALTER TABLE messages ADD COLUMN remedy TEXT;
        ALTER TABLE conversations ADD COLUMN routing TEXT NOT NULL DEFAULT '{}';  -- JSON

        CREATE TABLE catalogues (
            provider TEXT PRIMARY KEY,
            fetched  REAL NOT NULL,
            models   TEXT NOT NULL  -- JSON
        ) STRICT, WITHOUT ROWID;
    """)


def _presets_and_sweeps(db: Database) -> None:
    # A sweep is deleted with its conversation, and cells with their sweep. `answer` is a JSON
    # object with the cells of a message; `probabilities` is packed like those of a message.
    db.run("""
        CREATE TABLE presets (
            position   INTEGER PRIMARY KEY,
            id         TEXT NOT NULL UNIQUE,
            name       TEXT NOT NULL,
            about      TEXT NOT NULL,
            parameters TEXT NOT NULL  -- JSON
        ) STRICT;

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
        CREATE INDEX sweeps_by_conversation ON sweeps (conversation);

        CREATE TABLE prompts (
            sequence INTEGER PRIMARY KEY,
            sweep    INTEGER NOT NULL REFERENCES sweeps ON DELETE CASCADE,
            messages TEXT NOT NULL  -- JSON: what most cells of a sweep are sent alike
        ) STRICT;
        CREATE INDEX prompts_by_sweep ON prompts (sweep);

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
    """)


def _provider_ids_of_answers(db: Database) -> None:
    # `provider` was a name, which broke when the provider was renamed. A name that no provider has,
    # or several, is kept and shown as it is.
    named = "(SELECT name FROM providers GROUP BY name HAVING count(*) = 1)"
    db.run(f"""
        UPDATE messages SET
            provider = (SELECT id FROM providers WHERE name = messages.provider)
        WHERE provider IN {named};

        UPDATE cells SET
            answer = json_set(answer, '$.provider',
                (SELECT id FROM providers WHERE name = answer ->> '$.provider'))
        WHERE CASE WHEN json_valid(answer) THEN answer ->> '$.provider' END IN {named};
    """)  # noqa: S608 - the query is our own


def _age_of_the_trash(db: Database) -> None:
    # `trash_age` is a reading of the program's clock of use, in seconds. NULL: not read yet.
    for table in ("conversations", "messages", "sweeps"):
        db.run(f"ALTER TABLE {table} ADD COLUMN trash_age REAL")
    db.run("""
        CREATE INDEX conversations_trashed ON conversations (trashed) WHERE trashed IS NOT NULL;
        CREATE INDEX sweeps_trashed ON sweeps (trashed) WHERE trashed IS NOT NULL;
    """)


def _unread_answers(db: Database) -> None:
    db.run("ALTER TABLE conversations ADD COLUMN unread INTEGER NOT NULL DEFAULT 0")


def _reading_places_and_reasoning_times(db: Database) -> None:
    # `place` is in the conversation's row, so that it goes with the conversation. NULL: at the end.
    db.run("""
        ALTER TABLE messages ADD COLUMN reasoning_time REAL;  -- seconds
        ALTER TABLE conversations ADD COLUMN place TEXT;      -- JSON
    """)


def _edited_answers(db: Database) -> None:
    # 1 for an answer that the person wrote, else NULL, which takes one byte.
    db.run("ALTER TABLE messages ADD COLUMN edited INTEGER")


#: Step n upgrades a library from version n - 1 to n. A released step must never be changed.
STEPS: tuple[Step, ...] = (
    _conversations_and_messages,
    _trash_of_messages,
    _tools_routing_and_catalogues,
    _presets_and_sweeps,
    _provider_ids_of_answers,
    _age_of_the_trash,
    _unread_answers,
    _reading_places_and_reasoning_times,
    _edited_answers,
)


def check_ours(path: Path, application_id: int, version: int, newest: int = len(STEPS)) -> None:
    """Raise LibraryNewer if a newer program wrote the file, LibraryError if it belongs to another
    program."""
    if application_id not in {0, APPLICATION_ID}:
        raise LibraryError(
            _(
                "The file {path} belongs to another program and was not changed. Move "
                "it away, or choose another folder with LOQUAT_DATA_DIR."
            ).format(path=path),
            f"application_id {application_id:#x}",
        )
    if application_id == APPLICATION_ID and version > newest:
        raise LibraryNewer(
            _(
                "The library {path} was written by a newer Loquat (version {theirs}; "
                "this one supports {ours}) and was not changed. Start the newer "
                "Loquat, or choose another folder with LOQUAT_DATA_DIR."
            ).format(path=path, theirs=version, ours=newest)
        )


def version_of(db: Database, path: Path, newest: int = len(STEPS)) -> int:
    """Return a library's version, 0 for an empty file. Raises as `check_ours`."""
    application_id = db.value("PRAGMA application_id")
    version: int = db.value("PRAGMA user_version")
    if application_id == 0 and db.value("SELECT count(*) FROM sqlite_schema"):
        application_id = -1
    check_ours(path, application_id, version, newest)
    return version


def upgrade(db: Database, steps: Sequence[Step] = STEPS) -> None:
    """Run the missing steps in one transaction. If a step fails, the file stays unchanged."""
    with db.transaction(durable=True):
        # Read inside the transaction, since another process may just have upgraded the library.
        version = db.value("PRAGMA user_version")
        for step in steps[version:]:
            step(db)
        db.run(f"PRAGMA user_version = {len(steps)}")
