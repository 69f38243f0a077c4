"""The schemas in an editor: a real session with yaml-language-server over its own protocol.

Installed by `npm install --prefix . --no-save yaml-language-server` (`.ci/run` does so).
"""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SERVER = ROOT / "node_modules" / ".bin" / "yaml-language-server"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("node") is None or not SERVER.is_file(),
        reason="needs node and yaml-language-server",
    ),
]

MODELINE = "# yaml-language-server: $schema=../forecast/schemas/scenario.schema.json\n"


class Session:
    """The client's side of the Language Server Protocol, as far as it is needed here."""

    def __init__(self) -> None:
        # PIPE for stderr would fill up unread.
        self.process = subprocess.Popen([SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip
        self.numbers = itertools.count(1)
        self.told: list[dict[str, Any]] = []
        documents = {"hover": {}, "completion": {}, "publishDiagnostics": {}}
        self.ask(
            "initialize",
            processId=None,
            rootUri=ROOT.as_uri(),
            capabilities={"textDocument": documents, "workspace": {"configuration": True}},
        )
        self.tell("initialized")

    def close(self) -> None:
        self.ask("shutdown")
        self.tell("exit")
        self.process.wait(timeout=10)
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()

    def send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        if "id" in message and "method" in message:
            # The settings: no catalogue of schemas from the network.
            off = {
                "schemaStore": {"enable": False},
                "validate": True,
                "hover": True,
                "completion": True,
            }
            asked = (
                message["params"].get("items", [])
                if isinstance(message.get("params"), dict)
                else []
            )
            self.send(
                id=message["id"],
                result=[off if item.get("section") == "yaml" else None for item in asked],
            )
        return message

    def tell(self, method: str, **params: Any) -> None:
        self.send(method=method, params=params)

    def ask(self, method: str, **params: Any) -> Any:
        number = next(self.numbers)
        self.send(id=number, method=method, params=params)
        while True:
            message = self.receive()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self.told.append(message)

    def open(self, path: str, text: str) -> str:
        uri = (ROOT / path).as_uri()
        self.tell(
            "textDocument/didOpen",
            textDocument={"uri": uri, "languageId": "yaml", "version": 1, "text": text},
        )
        return uri

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        while True:
            for message in self.told:
                if (
                    message.get("method") == "textDocument/publishDiagnostics"
                    and message["params"]["uri"] == uri
                ):
                    self.told.remove(message)
                    return list(message["params"]["diagnostics"])
            self.told.append(self.receive())

    def at(self, method: str, uri: str, line: int, character: int) -> Any:
        return self.ask(f"textDocument/{method}", textDocument={"uri": uri}, position={"line": line, "character": character})  # fmt: skip


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    session = Session()
    yield session
    session.close()


FILES = [
    str(path.relative_to(ROOT))
    for folder in ("scenarios", "priors", "lexicons", "forecast/lexicons")
    for path in sorted((ROOT / folder).glob("*.yaml"))
]


@pytest.mark.parametrize("file", FILES)
def test_shipped_files_have_no_diagnostics(session: Session, file: str) -> None:
    uri = session.open(file, (ROOT / file).read_text("utf-8"))
    assert session.diagnostics(uri) == []


START = (
    MODELINE + "forecast: 1\ntitle: T\nas_of: 2025-04-08\nhorizon: 2025-12-31\nlexicon: icd203\n"
)


def test_mistakes_are_marked(session: Session) -> None:
    text = START + (
        "questions:\n  visit:\n    type: date\n    occurs: 75\n    timming: [evenly]\n"
        "scenarios: {on_time: visit, not_so: otherwise}\ntitel: x\n"
    )
    found = session.diagnostics(session.open("scenarios/mistakes.yaml", text))
    told = {(each["range"]["start"]["line"], each["message"]) for each in found}
    # Lines count from 0; the modeline is line 0.
    assert told == {
        (9, "Value is above the maximum of 1."),
        (10, "Property timming is not allowed."),
        (12, "Property titel is not allowed."),
    }


def test_names_are_completed(session: Session) -> None:
    text = START + "questions:\n  visit:\n    type: date\n    oc"
    uri = session.open("scenarios/completion.yaml", text)
    found = session.at("completion", uri, line=9, character=6)
    labels = {item["label"]: item for item in found["items"]}
    assert {"occurs", "timing", "rate", "report_by", "only_if"} <= labels.keys()
    assert "How likely it is to happen" in str(labels["occurs"]["documentation"])
    assert "states" not in labels  # not a field of dates


def test_fields_are_explained(session: Session) -> None:
    text = (
        START
        + "questions:\n  visit:\n    type: date\n    occurs: 70% (55..85)\n    timing: [evenly]\n"
    )
    uri = session.open("scenarios/hover.yaml", text)
    told = session.at("hover", uri, line=9, character=6)["contents"]["value"]
    assert "How likely it is to happen in the window at all" in told
    assert "a mean with its central 90 %" in told
