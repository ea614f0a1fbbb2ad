"""OpenAPI 3.1 from the endpoint table and the WebSocket unions; same input, same bytes.

What the server sends is described as serialized (defaults are always there, so required), what it
takes as validated (defaults may be left out). A model used both ways gets two names only when the
two differ.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from center import __version__
from center.protocol.kiosk_wire import KioskHello, center_to_kiosk, kiosk_to_center
from center.protocol.rest import Problem
from center.protocol.staff_wire import StaffHello, center_to_staff, staff_to_center
from center.web.auth import COOKIE, credentials_of
from center.web.endpoint import AnyEndpoint, Nothing

Json = dict[str, Any]

UNIONS: dict[str, tuple[JsonSchemaMode, TypeAdapter[Any]]] = {
    "KioskToCenter": ("validation", kiosk_to_center),
    "CenterToKiosk": ("serialization", center_to_kiosk),
    "StaffToCenter": ("validation", staff_to_center),
    "CenterToStaff": ("serialization", center_to_staff),
}
HELLOS = (KioskHello, StaffHello)
REF = "#/components/schemas/{model}"


class _Schema(GenerateJsonSchema):
    """Without field titles, which only repeat the field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def document(endpoints: tuple[AnyEndpoint, ...]) -> Json:
    """The whole description."""
    by_key, components = _schemas(endpoints)
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        path = re.sub(r"\{(\w+):[^/]*\}", r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, path, by_key)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Jiujin center",
            "version": __version__,
            "description": "REST bodies and WebSocket frames; see PROTOCOL.md.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "kiosk": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def text_of(description: Json) -> str:
    """The document as it is committed."""
    return json.dumps(description, ensure_ascii=False, indent=1)


def _schemas(endpoints: tuple[AnyEndpoint, ...]) -> tuple[dict[Any, Json], dict[str, Json]]:
    inputs = list(_inputs(endpoints))
    by_key, rest = TypeAdapter.json_schemas(inputs, ref_template=REF, schema_generator=_Schema)
    components: dict[str, Json] = dict(rest.get("$defs", {}))
    for name, (mode, _) in UNIONS.items():
        components[name] = by_key[name, mode]
    return by_key, components


def _inputs(
    endpoints: tuple[AnyEndpoint, ...],
) -> Iterator[tuple[Any, JsonSchemaMode, TypeAdapter[Any]]]:
    takes: set[type[BaseModel]] = {e.takes for e in endpoints if e.takes is not Nothing} | set(
        HELLOS
    )
    gives: set[type[BaseModel]] = {e.gives for e in endpoints if e.gives is not None} | {Problem}
    for model in sorted(takes, key=_name):
        yield model, "validation", TypeAdapter(model)
    for model in sorted(gives, key=_name):
        yield model, "serialization", TypeAdapter(model)
    for name, (mode, adapter) in UNIONS.items():
        yield name, mode, adapter


def _name(model: type[BaseModel]) -> str:
    return model.__name__


def _operation(endpoint: AnyEndpoint, path: str, by_key: dict[Any, Json]) -> Json:
    operation: Json = {
        "operationId": endpoint.operation_id,
        "summary": endpoint.summary,
        "x-allow": sorted(endpoint.allow),
        "parameters": _parameters(endpoint, path),
        "responses": _responses(endpoint, by_key),
    }
    if schemes := credentials_of(endpoint):
        operation["security"] = [{scheme: []} for scheme in schemes]
    if body := _body(endpoint, by_key):
        operation["requestBody"] = {"required": True, "content": body}
    if endpoint.socket is not None:
        receives, sends = ({"$ref": REF.format(model=name)} for name in endpoint.socket)
        operation["x-websocket"] = {"receives": receives, "sends": sends}
    return operation


def _parameters(endpoint: AnyEndpoint, path: str) -> list[Json]:
    found: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]
    if endpoint.source == "query" and endpoint.takes is not Nothing:
        schema = _inlined(endpoint.takes)
        found += [
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "schema": field,
            }
            for name, field in schema["properties"].items()
        ]
    return found


def _inlined(model: type[BaseModel]) -> Json:
    schema = model.model_json_schema(ref_template=REF, schema_generator=_Schema)
    schema.pop("$defs", None)
    return schema


def _body(endpoint: AnyEndpoint, by_key: dict[Any, Json]) -> Json | None:
    if endpoint.upload and endpoint.takes is Nothing:
        return {"application/octet-stream": {}}
    if endpoint.source == "query" or endpoint.takes is Nothing:
        return None
    model = by_key[endpoint.takes, "validation"]
    return {"multipart/form-data": _form(model)} if endpoint.upload else _json(model)


def _json(model: Json) -> Json:
    return {"application/json": {"schema": model}}


def _form(record: Json) -> Json:
    picture = {"type": "string", "contentMediaType": "image/jpeg"}
    parts = {"record": record, "picture": picture}
    return {"schema": {"type": "object", "properties": parts, "required": list(parts)}}


def _responses(endpoint: AnyEndpoint, by_key: dict[Any, Json]) -> Json:
    problem = {"schema": by_key[Problem, "serialization"]}
    good: Json = {"description": "Done."}
    if endpoint.media:
        good["content"] = {endpoint.media: {}}
    elif endpoint.gives is not None:
        good["content"] = {"application/json": {"schema": by_key[endpoint.gives, "serialization"]}}
    status = "101" if endpoint.socket is not None else str(endpoint.status)
    return {
        status: good,
        "default": {
            "description": "A refusal, with one of the error codes.",
            "content": {"application/problem+json": problem},
        },
    }
