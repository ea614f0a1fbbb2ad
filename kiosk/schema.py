"""JSON Schema of the frames between page and agent, for the generated TypeScript types."""

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from kiosk.messages import agent_to_page, page_to_agent
from kiosk.touch_messages import Touch


class _Plain(GenerateJsonSchema):
    """Without a title for each field, which would become a TypeScript type for each field."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def page_schema() -> dict[str, Any]:
    """The unions under `$defs`, as `Touch`, `PageToAgent` and `AgentToPage`.

    Serialization mode for both directions: what is sent names its discriminator and every
    field, so that TypeScript narrows the unions and a forgotten field is a compile error.
    """
    mode: JsonSchemaMode = "serialization"
    adapters: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        ("Touch", mode, TypeAdapter(Touch)),
        ("PageToAgent", mode, page_to_agent),
        ("AgentToPage", mode, agent_to_page),
    ]
    unions, shared = TypeAdapter.json_schemas(adapters, schema_generator=_Plain)
    definitions = dict(shared["$defs"])
    for (name, _), union in unions.items():
        definitions[str(name)] = union
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "KioskPageWire",
        "type": "object",
        "properties": {
            "page_to_agent": {"$ref": "#/$defs/PageToAgent"},
            "agent_to_page": {"$ref": "#/$defs/AgentToPage"},
        },
        "required": ["page_to_agent", "agent_to_page"],
        "additionalProperties": False,
        "$defs": definitions,
    }
