"""The operations of an OpenAPI document, each as its page shows it: its fields in words, and a command that calls it.

Owns how a schema is told in a few words. Must never know the routes: only their document.
"""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from assettrack.web.access import NEEDS

Schema = Mapping[str, Any]

_FILE = "scans.csv"


class Field(msgspec.Struct, frozen=True):
    """A parameter, or a field of a body: where it stands, what may stand there, and what it means."""

    name: str
    place: str
    kind: str
    required: bool
    meaning: str


class Operation(msgspec.Struct, frozen=True):
    """An operation: how it is called, what it needs of the caller's role, what it takes and answers."""

    method: str
    path: str
    summary: str
    meaning: str
    needs: str
    fields: list[Field]
    answers: list[str]
    command: str

    @property
    def anchor(self) -> str:
        """Where the operation stands on the page."""
        return f"{self.method}-{self.path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}".lower()


def operations(document: Schema) -> list[Operation]:
    """Return all operations in the order of the document."""
    return [
        _operation(document, method.upper(), path, said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]


def _operation(document: Schema, method: str, path: str, said: Schema) -> Operation:
    parameters = [_parameter(document, each) for each in said.get("parameters", ())]
    body = _body_fields(document, said.get("requestBody", {}).get("content", {}))
    return Operation(
        method,
        path,
        said["summary"],
        " ".join(said.get("description", "").split()),
        said[NEEDS],
        sorted([*parameters, *body], key=lambda field: not field.required),
        sorted(set(_answer_keys(document, said["responses"]["200"]))),
        _command(document, path, said),
    )


def _parameter(document: Schema, said: Schema) -> Field:
    schema = said["schema"]
    meaning = said.get("description") or schema.get("description", "")
    return Field(said["name"], said["in"], _kind(document, schema), said.get("required", False), meaning)


def _body_fields(document: Schema, content: Schema) -> Iterator[Field]:
    """Yield the fields of a body; a body that is no object is one field without a name."""
    for media, said in content.items():
        schema = _resolved(document, said["schema"])
        for name, each in schema.get("properties", {}).items():
            required = name in schema.get("required", ())
            yield Field(name, "body", _kind(document, each), required, each.get("description", ""))
        if "properties" not in schema:
            yield Field(media, "body", _kind(document, schema), required=True, meaning=schema.get("description", ""))


def _kind(document: Schema, schema: Schema) -> str:
    """Return what may stand somewhere, in a few words."""
    schema = _resolved(document, schema)
    if "anyOf" in schema:
        kinds = [_kind(document, each) for each in schema["anyOf"] if each.get("type") != "null"]
        return " | ".join(dict.fromkeys(kinds))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"[{_kind(document, schema.get('items', {}))}]"
    bounds = ""
    if schema.get("type") == "integer" and "minimum" in schema and "maximum" in schema:
        bounds = f" {int(schema['minimum'])}…{int(schema['maximum'])}"
    return f"{schema.get('type', 'object')}{bounds}"


def _answer_keys(document: Schema, response: Schema) -> Iterator[str]:
    for said in response.get("content", {}).values():
        schema = _resolved(document, said.get("schema", {}))
        for each in schema.get("anyOf", [schema]):
            yield from _resolved(document, each).get("properties", {})


def _command(document: Schema, path: str, said: Schema) -> str:
    """Return a command line that calls the operation, with made-up values; the token stands in a variable.

    curl asks with GET, and sends a body with POST.
    """
    query, headers = [], []
    for parameter in said.get("parameters", ()):
        example = _example(document, parameter["schema"], parameter)
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", quote(str(example), safe=""))
        elif parameter["in"] == "query" and example is not None:
            query.append((parameter["name"], example))
        elif parameter["in"] == "header" and example is not None:
            headers += ["-H", shlex.quote(f"{parameter['name']}: {example}")]
    url = f"{document['servers'][0]['url']}{path}{'?' if query else ''}{urlencode(query)}"
    words = ["curl", "-H", '"Authorization: Bearer $TOKEN"', *headers]
    for media, body in said.get("requestBody", {}).get("content", {}).items():
        if media == "application/json":
            example = json.dumps(_example(document, body["schema"], body), ensure_ascii=False)
            words += ["-H", shlex.quote(f"Content-Type: {media}"), "-d", shlex.quote(example)]
        else:
            words += ["-H", shlex.quote(f"Content-Type: {media}"), "--data-binary", f"@{_FILE}"]
    return " ".join([*words, shlex.quote(url)])


def _example(document: Schema, schema: Schema, around: Schema) -> Any:  # noqa: ANN401 - whatever the schema describes
    """Return a made-up value of a schema, or None where it has none."""
    for said in (around, schema, _resolved(document, schema)):
        examples = said.get("examples")
        if examples:
            return examples[0]
    return None


def _resolved(document: Schema, schema: Schema) -> Schema:
    """Return a schema itself where it is named by a reference."""
    name = schema.get("$ref", "").removeprefix("#/components/schemas/")
    found: Schema = document["components"]["schemas"][name] if name else schema
    return found
